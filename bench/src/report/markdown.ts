/** The results as a table for people: Rootstock's time, its share of the machine's limit, and every peer's multiple of it. */
import type { Machine } from '../machine/machine.ts'
import type { Measured, Outcome } from '../rounds.ts'
import type { Workload } from '../workload.ts'
import { ratio, timing } from './timing.ts'

const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(2)

/** Milliseconds with the unit that suits them. */
const duration = (ms: number): string => {
  if (ms >= 1000) return `${digits(ms / 1000)} s`
  return ms >= 0.1 ? `${digits(ms)} ms` : `${digits(ms * 1000)} us`
}

const share = (workload: Workload, ms: number, { gflops, gbps }: Machine): string => {
  const percent = (part: number) => `${(100 * part).toFixed(0)} %`
  if (workload.bytes !== undefined) {
    const rate = workload.bytes / ms / 1e6
    return `${digits(rate)} GB/s, ${percent(rate / gbps)}`
  }
  if ((workload.flops ?? 0) < 1e5) return ''
  const rate = workload.flops! / ms / 1e6
  return `${digits(rate)} GFLOP/s, ${percent(rate / gflops)}`
}

const cell = (outcome: Outcome, base: Outcome): string => {
  if (outcome.kind === 'unsupported') return 'n/a'
  if (outcome.kind !== 'measured') return outcome.kind
  if (base.kind !== 'measured') return duration(timing(outcome).median)
  const { median, least, most } = ratio(outcome, base)
  return `**${digits(median)}** (${digits(least)}-${digits(most)})`
}

const row = ({ workload, outcomes }: Measured, machine: Machine): string[] => {
  const [base, ...others] = outcomes as [Outcome, ...Outcome[]]
  const measured = base.kind === 'measured' ? timing(base) : null
  return [
    workload.name,
    measured === null ? base.kind : duration(measured.median),
    measured === null ? '' : share(workload, measured.least, machine),
    ...others.map((outcome) => cell(outcome, base)),
  ]
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** What did not go as it should, once each. */
const notes = (results: readonly Measured[]): string[] => {
  const found = results.flatMap(({ workload, outcomes }) =>
    outcomes.flatMap((outcome) =>
      outcome.kind === 'measured' || outcome.kind === 'unsupported'
        ? []
        : [`- ${workload.name}, ${outcome.runner} ${outcome.kind}: ${outcome.because}`],
    ),
  )
  return found.length === 0 ? [] : ['', ...found]
}

/** A table in Markdown. */
export const markdownOf = (
  machine: Machine,
  results: readonly Measured[],
  rounds: number,
): string => {
  const first = results[0]
  if (first === undefined) return ''
  const [base, ...others] = first.outcomes.map(({ runner }) => runner)
  const head = ['workload', `${base}, a step`, 'at best, of the limit', ...others]
  return [
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, one thread, ${rounds} rounds, load average ` +
      `${machine.load[0]!.toFixed(1)} at the start. Limits seen in this run: ${digits(machine.gflops)} GFLOP/s of ` +
      `WebAssembly SIMD multiply-add, ${digits(machine.gbps)} GB/s of memory. Peers: how many times Rootstock's time ` +
      'they need, median over rounds (least-most); above 1 Rootstock is ahead.',
    '',
    line(head),
    line(head.map(() => '---')),
    ...results.map((result) => line(row(result, machine))),
    ...notes(results),
  ].join('\n')
}
