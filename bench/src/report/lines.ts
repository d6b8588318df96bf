/** The results as JSON lines, in the format that the peers' own measurements have. */
import type { Machine, Seen } from '../machine/machine.ts'
import type { Measured, Outcome } from '../rounds.ts'
import type { Trial } from '../runner/protocol.ts'
import { median } from '../statistics.ts'
import type { Workload } from '../workload.ts'
import { isRootstock, ratio, type Timed, timing } from './timing.ts'

/** One figure. */
export interface Line {
  readonly workload: string
  readonly peer: string
  readonly threads: number
  readonly metric: string
  readonly value: number | string
}

const short = (value: number): number => Number(value.toPrecision(6))

type Metric = readonly [metric: string, value: number]

/** Rates that the workload defines, from the best round. */
const rates = ({ samples, flops, bytes }: Workload, best: number): Metric[] => {
  const metrics: Metric[] = [['steps_per_s', 1000 / best]]
  if (samples > 1) metrics.push(['samples_per_s', (1000 * samples) / best])
  if (flops !== undefined) metrics.push(['gflops', flops / best / 1e6])
  if (bytes !== undefined) metrics.push(['gbps', bytes / best / 1e6])
  return metrics
}

const times = (trials: readonly Trial[]): Metric[] => {
  const wallOf = ({ wallMs, steps }: Trial) => wallMs / steps
  const metrics: Metric[] = [
    ['trials', trials.length],
    ['step_ms_median', median(trials.map(wallOf))],
    ['step_ms_min', Math.min(...trials.map(wallOf))],
    ['cpu_ms_median', median(trials.map(({ cpuMs, steps }) => cpuMs / steps))],
  ]
  const quiet = trials.filter(({ wallMs, cpuMs }) => cpuMs > 0.95 * wallMs)
  if (quiet.length > 0) metrics.push(['step_ms_quiet', median(quiet.map(wallOf))])
  if (trials.every(({ p50Us }) => p50Us !== undefined)) {
    metrics.push(['p50_us', median(trials.map(({ p50Us }) => p50Us!))])
    metrics.push(['p99_us', median(trials.map(({ p99Us }) => p99Us!))])
  }
  return metrics
}

/** How many times the time of Rootstock's backends with the same threads; one-threaded peers are compared with one. */
const comparisons = (outcome: Timed, outcomes: readonly Outcome[]): Metric[] =>
  outcomes.flatMap((base): Metric[] => {
    if (!isRootstock(base) || base.kind !== 'measured') return []
    if (isRootstock(outcome) || base.threads !== outcome.threads) return []
    const compared = ratio(outcome, base)
    const name = base.runner.replace('rootstock-', 'times_')
    return [
      [name, compared.value],
      [`${name}_min`, compared.least],
      [`${name}_max`, compared.most],
    ]
  })

const metricsOf = (workload: Workload, outcome: Timed, outcomes: readonly Outcome[]): Metric[] => [
  ...[...outcome.values].flatMap(([metric, [first, ...others]]): Metric[] =>
    first !== undefined && others.length === 0 ? [[metric, first]] : [],
  ),
  ...times(outcome.trials),
  ...rates(workload, timing(outcome).least),
  ...outcome.metrics,
  ...comparisons(outcome, outcomes),
]

const outcomeLines = (
  workload: Workload,
  outcome: Outcome,
  outcomes: readonly Outcome[],
): Line[] => {
  const { runner: peer, threads } = outcome
  const line = (metric: string, value: number | string): Line => ({
    workload: workload.name,
    peer,
    threads,
    metric,
    value,
  })
  if (outcome.kind !== 'measured') return [line(outcome.kind, outcome.because)]
  return metricsOf(workload, outcome, outcomes).map(([metric, value]) => line(metric, short(value)))
}

const machineLines = ({ cpu, node, load, limits }: Machine): Line[] => {
  const meta = (metric: string, value: string): Line => ({
    workload: 'META',
    peer: 'machine',
    threads: 0,
    metric,
    value,
  })
  const limit = (seen: Seen): Line[] => {
    const peer = seen.code === 'wasm' ? `wasm-node${node.split('.')[0]}` : 'c'
    const line = (workload: string, metric: string, value: number): Line => ({
      workload,
      peer,
      threads: seen.threads,
      metric,
      value: short(value),
    })
    return [
      line(`HW_${seen.code}_peak`, 'gflops_max', seen.gflops),
      line(`HW_${seen.code}_mem`, 'GBps_max', seen.gbps),
    ]
  }
  return [
    meta('cpu', cpu),
    meta('node', node),
    meta('loadavg', load.map((x) => x.toFixed(2)).join(' ')),
    ...limits.flatMap(limit),
  ]
}

/** Every figure of a run. */
export const linesOf = (machine: Machine, results: readonly Measured[]): Line[] => [
  ...machineLines(machine),
  ...results.flatMap(({ workload, outcomes }) =>
    outcomes.flatMap((outcome) => outcomeLines(workload, outcome, outcomes)),
  ),
]
