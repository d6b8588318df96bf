/** The results as JSON lines, in the format that the peers' own measurements have. */
import type { Machine } from '../machine/machine.ts'
import type { Measured, Outcome } from '../rounds.ts'
import { median } from '../statistics.ts'
import type { Workload } from '../workload.ts'
import { ratio, stepMs, type Timed, timing } from './timing.ts'

/** One figure. */
export interface Line {
  readonly workload: string
  readonly peer: string
  readonly threads: number
  readonly metric: string
  readonly value: number | string
}

const short = (value: number): number => Number(value.toPrecision(6))

/** Rates that the workload defines, from the best round. */
const rates = (workload: Workload, best: number): [string, number][] => [
  ['steps_per_s', 1000 / best],
  ...(workload.samples > 1
    ? [['samples_per_s', (1000 * workload.samples) / best] as [string, number]]
    : []),
  ...(workload.flops === undefined
    ? []
    : [['gflops', workload.flops / best / 1e6] as [string, number]]),
  ...(workload.bytes === undefined
    ? []
    : [['gbps', workload.bytes / best / 1e6] as [string, number]]),
]

const timedFigures = (
  workload: Workload,
  outcome: Timed,
  base: Timed | undefined,
): [string, number][] => {
  const { trials, threads, metrics, values } = outcome
  const wall = trials.map(({ wallMs, steps }) => wallMs / steps)
  const quiet = trials.filter(({ wallMs, cpuMs }) => cpuMs > 0.95 * wallMs)
  const { least } = timing(outcome)
  const latencies = trials.flatMap(({ p50Us, p99Us }) =>
    p50Us === undefined || p99Us === undefined ? [] : [[p50Us, p99Us] as const],
  )
  const compared = base === undefined || base === outcome ? null : ratio(outcome, base)
  return [
    ...[...values].flatMap(([metric, list]): [string, number][] =>
      list.length === 1 ? [[metric, list[0]!]] : [],
    ),
    ['trials', trials.length],
    ['step_ms_median', median(wall)],
    ['step_ms_min', Math.min(...wall)],
    ['cpu_ms_median', median(trials.map(({ cpuMs, steps }) => cpuMs / steps))],
    ...(quiet.length === 0
      ? []
      : [
          ['step_ms_quiet', median(quiet.map((trial) => stepMs(trial, threads)))] as [
            string,
            number,
          ],
        ]),
    ...rates(workload, least),
    ...(latencies.length === 0
      ? []
      : ([
          ['p50_us', median(latencies.map(([p50]) => p50))],
          ['p99_us', median(latencies.map(([, p99]) => p99))],
        ] as [string, number][])),
    ...metrics,
    ...(compared === null
      ? []
      : ([
          ['times_rootstock_median', compared.median],
          ['times_rootstock_min', compared.least],
          ['times_rootstock_max', compared.most],
        ] as [string, number][])),
  ]
}

const outcomeLines = (workload: Workload, outcome: Outcome, base: Timed | undefined): Line[] => {
  const { runner: peer, threads } = outcome
  const line = (metric: string, value: number | string): Line => ({
    workload: workload.name,
    peer,
    threads,
    metric,
    value,
  })
  if (outcome.kind !== 'measured') return [line(outcome.kind, outcome.because)]
  return timedFigures(workload, outcome, base).map(([metric, value]) => line(metric, short(value)))
}

const machineLines = ({ cpu, node, load, gflops, gbps }: Machine): Line[] => {
  const meta = (metric: string, value: string): Line => ({
    workload: 'META',
    peer: 'machine',
    threads: 0,
    metric,
    value,
  })
  const limit = (workload: string, metric: string, value: number): Line => ({
    workload,
    peer: `wasm-node${node.split('.')[0]}`,
    threads: 1,
    metric,
    value: short(value),
  })
  return [
    meta('cpu', cpu),
    meta('node', node),
    meta('loadavg', load.map((x) => x.toFixed(2)).join(' ')),
    limit('HW_wasm_peak', 'gflops_max', gflops),
    limit('HW_wasm_mem', 'GBps_max', gbps),
  ]
}

/** Every figure of a run. */
export const linesOf = (machine: Machine, results: readonly Measured[]): Line[] => [
  ...machineLines(machine),
  ...results.flatMap(({ workload, outcomes }) => {
    const base = outcomes.find((x): x is Timed => x.kind === 'measured' && x === outcomes[0])
    return outcomes.flatMap((outcome) => outcomeLines(workload, outcome, base))
  }),
]
