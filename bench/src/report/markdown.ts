/**
 * The results as tables for people, one for each of Rootstock's backends and number of threads: its time, its share of the
 * machine's limit, and every peer's multiple of it.
 */
import { type Code, limitOf, type Machine, type Seen } from '../machine/machine.ts'
import type { Measured, Outcome } from '../rounds.ts'
import type { Workload } from '../workload.ts'
import { isRootstock, ratio, type Timed, timing } from './timing.ts'

const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(2)

/** Milliseconds with the unit that suits them. */
const duration = (ms: number): string => {
  if (ms >= 1000) return `${digits(ms / 1000)} s`
  return ms >= 0.1 ? `${digits(ms)} ms` : `${digits(ms * 1000)} us`
}

/** Which of Rootstock's columns a table is about. */
interface Subject {
  readonly runner: string
  readonly threads: number
}

const isOf =
  ({ runner, threads }: Subject) =>
  (outcome: Outcome): boolean =>
    outcome.runner === runner && outcome.threads === threads

const isMeasured = (outcome: Outcome): outcome is Timed => outcome.kind === 'measured'

const codeOf = (runner: string): Code => (runner === 'rootstock-native' ? 'native' : 'wasm')

const withShare = (rate: number, unit: string, limit: number | undefined): string => {
  const share = limit === undefined ? '' : `, ${((100 * rate) / limit).toFixed(0)} %`
  return `${digits(rate)} ${unit}${share}`
}

/** What it reached at best, and its share of the limit. */
const reached = (workload: Workload, outcome: Timed, limits: readonly Seen[]): string => {
  const ms = timing(outcome).least
  const { gflops, gbps } = limitOf(limits, codeOf(outcome.runner), outcome.threads)
  const { flops = 0, bytes } = workload
  if (bytes !== undefined) return withShare(bytes / ms / 1e6, 'GB/s', gbps)
  return flops < 1e5 ? '' : withShare(flops / ms / 1e6, 'GFLOP/s', gflops)
}

const multiple = (other: Timed, base: Timed): string => {
  const { value, least, most } = ratio(other, base)
  return `**${digits(value)}** (${digits(least)}-${digits(most)})`
}

/** Of a family's ways the fastest, with at most as many threads. */
const best = (outcomes: readonly Outcome[], family: string, threads: number): Outcome | null => {
  const all = outcomes.filter((x) => x.family === family && x.threads <= threads)
  const [first, ...others] = all.filter(isMeasured)
  if (first !== undefined) {
    return others.reduce((a, b) => (timing(b).value < timing(a).value ? b : a), first)
  }
  return all.find(({ kind }) => kind !== 'unsupported') ?? all[0] ?? null
}

const cell = (outcome: Outcome | null, base: Outcome): string => {
  if (outcome === null || outcome.kind === 'unsupported') return 'n/a'
  if (!isMeasured(outcome)) return outcome.kind
  return isMeasured(base) ? multiple(outcome, base) : duration(timing(outcome).value)
}

/** How many times faster it is with its threads than with one. */
const gain = (outcomes: readonly Outcome[], base: Outcome): string => {
  const alone = outcomes.find(isOf({ runner: base.runner, threads: 1 }))
  return alone !== undefined && isMeasured(alone) && isMeasured(base)
    ? digits(ratio(alone, base).value)
    : ''
}

/** Lines of a table, its columns aligned. */
const aligned = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const widths = head.map((name, i) =>
    Math.max(3, name.length, ...rows.map((row) => row[i]!.length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, i) => text.padEnd(widths[i]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
}

const familiesOf = (outcomes: readonly Outcome[]): string[] => [
  ...new Set(outcomes.filter((x) => !isRootstock(x)).map(({ family }) => family)),
]

const table = (subject: Subject, results: readonly Measured[]): string[] => {
  const { runner, threads } = subject
  const isShared = threads > 1
  const families = familiesOf(results[0]!.outcomes)
  const rows = results.map(({ workload, outcomes, limits }) => {
    const base = outcomes.find(isOf(subject))!
    return [
      workload.name,
      isMeasured(base) ? duration(timing(base).value) : base.kind,
      ...(isShared ? [gain(outcomes, base)] : []),
      isMeasured(base) ? reached(workload, base, limits) : '',
      ...families.map((family) => cell(best(outcomes, family, threads), base)),
    ]
  })
  const head = [
    'workload',
    'a step',
    ...(isShared ? ['times faster than on one'] : []),
    'at best, of the limit',
    ...families,
  ]
  return [
    '',
    `### ${runner}, ${isShared ? `${threads} threads` : 'one thread'}`,
    '',
    ...aligned(head, rows),
  ]
}

/** What did not go as it should, once each. */
const notes = (results: readonly Measured[]): string[] => {
  const found = results.flatMap(({ workload, outcomes }) =>
    outcomes.flatMap((outcome) =>
      outcome.kind === 'measured' || outcome.kind === 'unsupported'
        ? []
        : [
            `- ${workload.name}, ${outcome.runner}, threads ${outcome.threads}, ${outcome.kind}: ${outcome.because}`,
          ],
    ),
  )
  return found.length === 0 ? [] : ['', ...found]
}

const limitsSeen = ({ limits }: Machine): string =>
  limits
    .map(
      ({ code, threads, gflops, gbps }) =>
        `${code === 'wasm' ? 'WebAssembly SIMD multiply-add' : 'native fused multiply-add'} ${digits(gflops)} GFLOP/s and ` +
        `memory ${digits(gbps)} GB/s on ${threads === 1 ? 'one thread' : `${threads} threads`}`,
    )
    .join('; ')

/** Tables in Markdown. */
export const markdownOf = (
  machine: Machine,
  results: readonly Measured[],
  rounds: number,
): string => {
  const first = results[0]
  if (first === undefined) return ''
  return [
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${rounds} rounds, load average ` +
      `${machine.load[0]!.toFixed(1)} at the start. Limits seen in this run: ${limitsSeen(machine)}.`,
    '',
    "Peers: how many times Rootstock's time their best mode needs, with at most as many threads (least-most over rounds); " +
      'above 1 Rootstock is ahead.',
    ...first.outcomes.filter(isRootstock).flatMap((subject) => table(subject, results)),
    ...notes(results),
  ].join('\n')
}
