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
  gflops: 60,
  gbps: 30,
}

const timed = (runner: string, wall: readonly number[], loss: number): Timed => ({
  kind: 'measured',
  runner,
  threads: 1,
  metrics: new Map([['peak_rss_mb', 100]]),
  values: new Map([['loss_init', [loss]]]),
  trials: wall.map((wallMs) => ({ steps: 10, wallMs, cpuMs: wallMs + 5 })),
})

const wrong: Outcome = { kind: 'wrong', runner: 'careless', threads: 1, because: 'loss_init is 3' }
const unable: Outcome = {
  kind: 'unsupported',
  runner: 'unable',
  threads: 1,
  because: 'no training',
}
const workload = workloads.find(({ name }) => name === 'W2_mlp_small')!
const results: Measured[] = [
  {
    workload,
    outcomes: [
      timed('rootstock-wasm', [30, 40, 35], 2.5),
      timed('slow', [60, 80, 90], 2.5),
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

  it('compares round by round', () => {
    const [base, slow] = results[0]!.outcomes as [Timed, Timed]
    const { median, least, most } = ratio(slow, base)
    expect([least, median]).toEqual([2, 2])
    expect(most).toBeCloseTo(90 / 35)
  })

  it('is a table that shows wrong results and no time for them', () => {
    expect(markdownOf(machine, results, 3)).toMatchInlineSnapshot(`
      "a processor, 2 cores, Node 26.1.0, one thread, 3 rounds, load average 1.3 at the start. Limits seen in this run: 60.0 GFLOP/s of WebAssembly SIMD multiply-add, 30.0 GB/s of memory. Peers: how many times Rootstock's time they need, median over rounds (least-most); above 1 Rootstock is ahead.

      | workload | rootstock-wasm, a step | at best, of the limit | slow | careless | unable |
      | --- | --- | --- | --- | --- | --- |
      | W2_mlp_small | 3.5 ms | 51.7 GFLOP/s, 86 % | **2.0** (2.0-2.6) | wrong | n/a |

      - W2_mlp_small, careless wrong: loss_init is 3"
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
        "W2_mlp_small slow 1 loss_init 2.5",
        "W2_mlp_small slow 1 trials 3",
        "W2_mlp_small slow 1 step_ms_median 8",
        "W2_mlp_small slow 1 step_ms_min 6",
        "W2_mlp_small slow 1 cpu_ms_median 8.5",
        "W2_mlp_small slow 1 step_ms_quiet 8",
        "W2_mlp_small slow 1 steps_per_s 166.667",
        "W2_mlp_small slow 1 samples_per_s 21333.3",
        "W2_mlp_small slow 1 gflops 25.843",
        "W2_mlp_small slow 1 peak_rss_mb 100",
        "W2_mlp_small slow 1 times_rootstock_median 2",
        "W2_mlp_small slow 1 times_rootstock_min 2",
        "W2_mlp_small slow 1 times_rootstock_max 2.57143",
        "W2_mlp_small careless 1 wrong loss_init is 3",
        "W2_mlp_small unable 1 unsupported no training",
      ]
    `)
  })
})
