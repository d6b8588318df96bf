import { describe, expect, it } from 'vitest'
import type { Machine } from '../../src/machine/machine.ts'
import { linesOf } from '../../src/report/lines.ts'
import { markdownOf } from '../../src/report/markdown.ts'
import { ratio, stepMs, type Timed } from '../../src/report/timing.ts'
import type { Measured, Outcome } from '../../src/rounds.ts'
import { workloads } from '../../src/workloads/all.ts'

const machine: Machine = {
  cpu: 'a processor',
  cores: 2,
  node: '26.1.0',
  load: [1.25, 1, 1],
  limits: [
    { code: 'wasm', threads: 1, gflops: 60, gbps: 30 },
    { code: 'native', threads: 2, gflops: 400, gbps: 80 },
  ],
}

const timed = (runner: string, threads: number, wall: readonly number[], loss: number): Timed => ({
  kind: 'measured',
  runner,
  family: runner.split('-')[0]!,
  threads,
  metrics: new Map([['peak_rss_mb', 100]]),
  values: new Map([['loss_init', [loss]]]),
  trials: wall.map((wallMs) => ({ steps: 10, wallMs, cpuMs: wallMs + 5 })),
})

const wrong: Outcome = {
  kind: 'wrong',
  runner: 'careless',
  family: 'careless',
  threads: 1,
  because: 'loss_init is 3',
}
const unable: Outcome = {
  kind: 'unsupported',
  runner: 'unable',
  family: 'unable',
  threads: 1,
  because: 'no training',
}
const workload = workloads.find(({ name }) => name === 'W2_mlp_small')!
const results: Measured[] = [
  {
    workload,
    limits: [
      { code: 'wasm', threads: 1, gflops: 58, gbps: 30 },
      { code: 'native', threads: 2, gflops: 390, gbps: 80 },
    ],
    outcomes: [
      timed('rootstock-wasm', 1, [30, 40, 35], 2.5),
      timed('rootstock-native', 2, [6, 5, 10], 2.5),
      timed('slow-eager', 1, [60, 80, 90], 2.5),
      timed('slow-traced', 1, [50, 70, 80], 2.5),
      timed('slow-traced', 2, [30, 30, 36], 2.5),
      wrong,
      unable,
    ],
  },
]

describe('the report', () => {
  it('takes the smaller of wall and processor time on one thread', () => {
    expect(stepMs({ steps: 2, wallMs: 8, cpuMs: 6 }, 1)).toBe(3)
    expect(stepMs({ steps: 2, wallMs: 8, cpuMs: 12 }, 1)).toBe(4)
    expect(stepMs({ steps: 2, wallMs: 8, cpuMs: 6 }, 2)).toBe(4)
    expect(stepMs({ steps: 2, wallMs: 8, cpuMs: 6, p50Us: 20, p99Us: 30 }, 1)).toBe(0.02)
  })

  it('compares round by round on one thread, best with best on several', () => {
    const [alone, shared, slow, , slowShared] = results[0]!.outcomes as Timed[]
    const { value, least, most } = ratio(slow!, alone!)
    expect([least, value]).toEqual([2, 2])
    expect(most).toBeCloseTo(90 / 35)
    expect(ratio(slowShared!, shared!)).toEqual({ value: 6, least: 3.6, most: 6 })
  })

  it('has a table for each of ours, shows wrong results and no time for them', () => {
    expect(markdownOf(machine, results, 3)).toMatchInlineSnapshot(`
      "a processor, 2 cores, Node 26.1.0, 3 rounds, load average 1.3 at the start. Limits seen in this run: WebAssembly SIMD multiply-add 60.0 GFLOP/s and memory 30.0 GB/s on one thread; native fused multiply-add 400 GFLOP/s and memory 80.0 GB/s on 2 threads.

      Peers: how many times Rootstock's time their best mode needs, with at most as many threads (least-most over rounds); above 1 Rootstock is ahead.

      ### rootstock-wasm, one thread

      | workload     | a step | at best, of the limit | slow              | careless | unable |
      | ------------ | ------ | --------------------- | ----------------- | -------- | ------ |
      | W2_mlp_small | 3.5 ms | 51.7 GFLOP/s, 89 %    | **1.8** (1.7-2.3) | wrong    | n/a    |

      ### rootstock-native, 2 threads

      | workload     | a step  | times faster than on one | at best, of the limit | slow              | careless | unable |
      | ------------ | ------- | ------------------------ | --------------------- | ----------------- | -------- | ------ |
      | W2_mlp_small | 0.50 ms |                          | 310 GFLOP/s, 80 %     | **6.0** (3.6-6.0) | wrong    | n/a    |

      - W2_mlp_small, careless, threads 1, wrong: loss_init is 3"
    `)
  })

  it('is also lines of JSON', () => {
    expect(
      linesOf(machine, results).map((line) => Object.values(line).join(' ')),
    ).toMatchInlineSnapshot(`
      [
        "META machine 0 cpu a processor",
        "META machine 0 node 26.1.0",
        "META machine 0 loadavg 1.25 1.00 1.00",
        "HW_wasm_peak wasm-node26 1 gflops_max 60",
        "HW_wasm_mem wasm-node26 1 GBps_max 30",
        "HW_native_peak c 2 gflops_max 400",
        "HW_native_mem c 2 GBps_max 80",
        "W2_mlp_small rootstock-wasm 1 loss_init 2.5",
        "W2_mlp_small rootstock-wasm 1 trials 3",
        "W2_mlp_small rootstock-wasm 1 step_ms_median 3.5",
        "W2_mlp_small rootstock-wasm 1 step_ms_min 3",
        "W2_mlp_small rootstock-wasm 1 cpu_ms_median 4",
        "W2_mlp_small rootstock-wasm 1 step_ms_quiet 3.5",
        "W2_mlp_small rootstock-wasm 1 steps_per_s 333.333",
        "W2_mlp_small rootstock-wasm 1 samples_per_s 42666.7",
        "W2_mlp_small rootstock-wasm 1 gflops 51.6861",
        "W2_mlp_small rootstock-wasm 1 peak_rss_mb 100",
        "W2_mlp_small rootstock-native 2 loss_init 2.5",
        "W2_mlp_small rootstock-native 2 trials 3",
        "W2_mlp_small rootstock-native 2 step_ms_median 0.6",
        "W2_mlp_small rootstock-native 2 step_ms_min 0.5",
        "W2_mlp_small rootstock-native 2 cpu_ms_median 1.1",
        "W2_mlp_small rootstock-native 2 step_ms_quiet 0.6",
        "W2_mlp_small rootstock-native 2 steps_per_s 2000",
        "W2_mlp_small rootstock-native 2 samples_per_s 256000",
        "W2_mlp_small rootstock-native 2 gflops 310.116",
        "W2_mlp_small rootstock-native 2 peak_rss_mb 100",
        "W2_mlp_small slow-eager 1 loss_init 2.5",
        "W2_mlp_small slow-eager 1 trials 3",
        "W2_mlp_small slow-eager 1 step_ms_median 8",
        "W2_mlp_small slow-eager 1 step_ms_min 6",
        "W2_mlp_small slow-eager 1 cpu_ms_median 8.5",
        "W2_mlp_small slow-eager 1 step_ms_quiet 8",
        "W2_mlp_small slow-eager 1 steps_per_s 166.667",
        "W2_mlp_small slow-eager 1 samples_per_s 21333.3",
        "W2_mlp_small slow-eager 1 gflops 25.843",
        "W2_mlp_small slow-eager 1 peak_rss_mb 100",
        "W2_mlp_small slow-eager 1 times_wasm 2",
        "W2_mlp_small slow-eager 1 times_wasm_min 2",
        "W2_mlp_small slow-eager 1 times_wasm_max 2.57143",
        "W2_mlp_small slow-traced 1 loss_init 2.5",
        "W2_mlp_small slow-traced 1 trials 3",
        "W2_mlp_small slow-traced 1 step_ms_median 7",
        "W2_mlp_small slow-traced 1 step_ms_min 5",
        "W2_mlp_small slow-traced 1 cpu_ms_median 7.5",
        "W2_mlp_small slow-traced 1 step_ms_quiet 7",
        "W2_mlp_small slow-traced 1 steps_per_s 200",
        "W2_mlp_small slow-traced 1 samples_per_s 25600",
        "W2_mlp_small slow-traced 1 gflops 31.0116",
        "W2_mlp_small slow-traced 1 peak_rss_mb 100",
        "W2_mlp_small slow-traced 1 times_wasm 1.75",
        "W2_mlp_small slow-traced 1 times_wasm_min 1.66667",
        "W2_mlp_small slow-traced 1 times_wasm_max 2.28571",
        "W2_mlp_small slow-traced 2 loss_init 2.5",
        "W2_mlp_small slow-traced 2 trials 3",
        "W2_mlp_small slow-traced 2 step_ms_median 3",
        "W2_mlp_small slow-traced 2 step_ms_min 3",
        "W2_mlp_small slow-traced 2 cpu_ms_median 3.5",
        "W2_mlp_small slow-traced 2 step_ms_quiet 3",
        "W2_mlp_small slow-traced 2 steps_per_s 333.333",
        "W2_mlp_small slow-traced 2 samples_per_s 42666.7",
        "W2_mlp_small slow-traced 2 gflops 51.6861",
        "W2_mlp_small slow-traced 2 peak_rss_mb 100",
        "W2_mlp_small slow-traced 2 times_native 6",
        "W2_mlp_small slow-traced 2 times_native_min 3.6",
        "W2_mlp_small slow-traced 2 times_native_max 6",
        "W2_mlp_small careless 1 wrong loss_init is 3",
        "W2_mlp_small unable 1 unsupported no training",
      ]
    `)
  })
})
