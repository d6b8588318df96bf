/** The results as JSON lines, in the format that the peers' own measurements have. */
import type { Machine } from '../machine/machine.ts'
import type { Measured, Outcome } from '../rounds.ts'
import type { Trial } from '../runner/protocol.ts'
import { median } from '../statistics.ts'
import type { Workload } from '../workload.ts'
import { ratio, type Timed, timing } from './timing.ts'

/** One figure. */
export interface Line {
  readonly workload: string
  readonly peer: string
  readonly threads: number
  readonly metric: string
  readonly value: number | string
}

const short = (value: number): number => Number(value.toPrecision(6))

type Figure = readonly [metric: string, value: number]

/** Rates that the workload defines, from the best round. */
const rates = ({ samples, flops, bytes }: Workload, best: number): Figure[] => {
  const figures: Figure[] = [['steps_per_s', 1000 / best]]
  if (samples > 1) figures.push(['samples_per_s', (1000 * samples) / best])
  if (flops !== undefined) figures.push(['gflops', flops / best / 1e6])
  if (bytes !== undefined) figures.push(['gbps', bytes / best / 1e6])
  return figures
}

const times = (trials: readonly Trial[]): Figure[] => {
  const wallOf = ({ wallMs, steps }: Trial) => wallMs / steps
  const figures: Figure[] = [
    ['trials', trials.length],
    ['step_ms_median', median(trials.map(wallOf))],
    ['step_ms_min', Math.min(...trials.map(wallOf))],
    ['cpu_ms_median', median(trials.map(({ cpuMs, steps }) => cpuMs / steps))],
  ]
  const quiet = trials.filter(({ wallMs, cpuMs }) => cpuMs > 0.95 * wallMs)
  if (quiet.length > 0) figures.push(['step_ms_quiet', median(quiet.map(wallOf))])
  if (trials.every(({ p50Us }) => p50Us !== undefined)) {
    figures.push(['p50_us', median(trials.map(({ p50Us }) => p50Us!))])
    figures.push(['p99_us', median(trials.map(({ p99Us }) => p99Us!))])
  }
  return figures
}

const comparison = (outcome: Timed, base: Timed): Figure[] => {
  const compared = ratio(outcome, base)
  return [
    ['times_rootstock_median', compared.median],
    ['times_rootstock_min', compared.least],
    ['times_rootstock_max', compared.most],
  ]
}

const figuresOf = (workload: Workload, outcome: Timed, base: Timed | undefined): Figure[] => [
  ...[...outcome.values].flatMap(([metric, [first, ...others]]): Figure[] =>
    first !== undefined && others.length === 0 ? [[metric, first]] : [],
  ),
  ...times(outcome.trials),
  ...rates(workload, timing(outcome).least),
  ...outcome.metrics,
  ...(base === undefined || base === outcome ? [] : comparison(outcome, base)),
]

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
  return figuresOf(workload, outcome, base).map(([metric, value]) => line(metric, short(value)))
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
