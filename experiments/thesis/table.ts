/** The table of the thesis: errors in percent, the share of them that pretraining takes away, and what was asked for. */
import { type Comparison, mean, type Summary, standardError } from '@rootstock/eval'

/** The largest error of the denoising arm that was asked for, in percent, by number of labels. */
const askedErrors: ReadonlyMap<number, number> = new Map([
  [100, 21.0],
  [600, 8.6],
  [1000, 7.1],
  [3000, 4.8],
])

/** The smallest share of the errors from scratch that denoising has to take away. */
const askedGain = 0.12

/** An arm at one number of labels. Errors are shares of the test rows. */
interface Cell {
  readonly error: number
  /** Standard deviation over draws; NaN for one. */
  readonly deviation: number
  /** What is taken away from the errors from scratch, as a share of these, with the limits of its interval. */
  readonly gain: number
  readonly limits: readonly [low: number, high: number] | null
}

const cellOf = ({ scores }: Comparison, summary: Summary, name: string, labels: number): Cell => {
  const errorsOf = (arm: string): number[] =>
    scores
      .filter((score) => score.arm === arm && score.labels === labels)
      .map(({ metrics }) => 1 - (metrics.accuracy ?? Number.NaN))
  const errors = errorsOf(name)
  const reference = mean(errorsOf(summary.reference))
  const arm = summary.tasks[0]?.arms.find((found) => found.arm === name)
  const gain = arm?.points.find((point) => point.labels === labels)?.gain ?? null
  return {
    error: mean(errors),
    deviation: standardError(errors) * Math.sqrt(errors.length),
    gain: (gain?.mean ?? Number.NaN) / reference,
    limits:
      gain?.interval == null
        ? null
        : [gain.interval.low / reference, gain.interval.high / reference],
  }
}

const percent = (share: number, decimals: number): string => (100 * share).toFixed(decimals)

const signed = (share: number): string =>
  `${share < 0 ? '\u2212' : '+'}${percent(Math.abs(share), 0)}`

const errorText = ({ error, deviation }: Cell): string =>
  Number.isNaN(deviation)
    ? percent(error, 2)
    : `${percent(error, 2)} \u00b1 ${percent(deviation, 2)}`

const gainText = ({ gain, limits }: Cell): string =>
  limits === null
    ? `${signed(gain)} %`
    : `${signed(gain)} % [${signed(limits[0])}, ${signed(limits[1])}]`

const askedText = (labels: number, denoising: Cell, autoencoder: Cell): string => {
  const most = askedErrors.get(labels)
  if (most === undefined) return ''
  const misses = [
    ...(100 * denoising.error > most ? ['error'] : []),
    ...(denoising.gain < askedGain ? ['gain'] : []),
    ...(denoising.limits === null || denoising.limits[0] <= 0 ? ['interval'] : []),
    ...(autoencoder.limits !== null && autoencoder.limits[0] > 0 ? ['autoencoder'] : []),
  ]
  return `${most.toFixed(1)} ${misses.length === 0 ? 'reached' : `missed: ${misses.join(', ')}`}`
}

/** The table as Markdown, which reads well on a screen too. */
export const thesisTable = (comparison: Comparison, summary: Summary): string => {
  const head = ['labels', 'from scratch', 'autoencoder', 'gain', 'denoising', 'gain', 'asked for']
  const rows = summary.labelCounts.map((labels) => {
    const cell = (name: string) => cellOf(comparison, summary, name, labels)
    const [scratch, autoencoder, denoising] = [
      cell(summary.reference),
      cell('autoencoder'),
      cell('denoising'),
    ]
    return [
      labels.toLocaleString('en-US'),
      errorText(scratch),
      errorText(autoencoder),
      gainText(autoencoder),
      errorText(denoising),
      gainText(denoising),
      askedText(labels, denoising, autoencoder),
    ]
  })
  const widths = head.map((title, c) =>
    Math.max(title.length, ...rows.map((row) => row[c]!.length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, c) => (c === 0 ? text.padStart(widths[c]!) : text.padEnd(widths[c]!))).join(' | ')} |`
  const rule = widths.map((width, c) => (c === 0 ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}
