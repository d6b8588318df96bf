/**
 * How often an interval holds the truth, by simulation: samples of a few values from distributions whose mean is known. Paired
 * differences of scores can be skewed, heavy-tailed, two-peaked (a seed either trains or gets stuck) or on a grid of test rows.
 */
import { type Interval, meanInterval } from '@rootstock/eval'
import { uniformStream } from '../../src/statistics/generator.ts'
import { percentileInterval, studentInterval } from '../../src/statistics/interval.ts'

type Source = { readonly name: string; readonly mean: number; readonly draw: () => number }

const sources = (): readonly Source[] => {
  const next = uniformStream(20)
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  const exponential = () => -Math.log(1 - next())
  const heavy = () => normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2) / 3)
  return [
    { name: 'normal', mean: 0, draw: normal },
    { name: 'heavy tails (t, 3 degrees)', mean: 0, draw: heavy },
    { name: 'two peaks', mean: 0, draw: () => (next() < 0.5 ? -1 : 1) + 0.3 * normal() },
    { name: 'on a grid', mean: 0, draw: () => Math.round(1.5 * normal()) },
    {
      name: 'skewed (gamma 4)',
      mean: 4,
      draw: () => [1, 2, 3, 4].reduce((s) => s + exponential(), 0),
    },
    { name: 'very skewed (exponential)', mean: 1, draw: exponential },
  ]
}

/** Shares of intervals that hold the mean, for one distribution and one number of values. */
export interface Coverage {
  readonly source: string
  readonly values: number
  readonly percentile: number
  readonly student: number
  readonly chosen: number
  /** Median width of the chosen interval over Student's. */
  readonly width: number
}

const holds = (interval: Interval | null, mean: number): boolean =>
  interval === null || (interval.low <= mean && mean <= interval.high)

const coverageOf = ({ draw, mean, name }: Source, values: number, samples: number): Coverage => {
  const hits = { percentile: 0, student: 0, chosen: 0 }
  const widths: number[] = []
  for (let k = 0; k < samples; k++) {
    const sample = Float64Array.from({ length: values }, draw)
    const options = { resamples: 200, seed: k }
    const student = studentInterval(sample, 0.95)
    const chosen = meanInterval(sample, options)
    if (holds(percentileInterval(sample, options), mean)) hits.percentile++
    if (holds(student, mean)) hits.student++
    if (holds(chosen, mean)) hits.chosen++
    if (chosen !== null) widths.push((chosen.high - chosen.low) / (student.high - student.low))
  }
  const share = (count: number) => count / samples
  return {
    source: name,
    values,
    percentile: share(hits.percentile),
    student: share(hits.student),
    chosen: share(hits.chosen),
    width: widths.sort((a, b) => a - b)[widths.length >> 1]!,
  }
}

/** The simulation: all distributions, 3 to 20 values. */
export const simulate = (samples: number): readonly Coverage[] =>
  sources().flatMap((source) => [3, 5, 8, 10, 20].map((n) => coverageOf(source, n, samples)))

/** The simulation as the Markdown table that stands in the README. */
export const coverageTable = (rows: readonly Coverage[]): string =>
  [
    '| differences | pairs | percentile bootstrap | Student t | `meanInterval` | its width / t |',
    '| --- | --: | --: | --: | --: | --: |',
    ...rows.map(
      (row) =>
        `| ${row.source} | ${row.values} | ${(100 * row.percentile).toFixed(1)} % | ${(100 * row.student).toFixed(1)} % | ${(100 * row.chosen).toFixed(1)} % | ${row.width.toFixed(2)} |`,
    ),
  ].join('\n')
