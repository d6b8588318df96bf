/** Numbers as people read them, the same in the terminal and in the page. */
import type { Metric } from '../metrics/metric.ts'
import type { Interval } from '../statistics/interval.ts'
import type { Multiplier } from '../statistics/multiplier.ts'

const minus = '\u2212'

const grouped = (value: number, decimals: number): string =>
  Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })

/** Decimals that show about four digits of a number of this size. */
const decimalsFor = (size: number): number =>
  size === 0 || !Number.isFinite(size)
    ? 3
    : Math.min(8, Math.max(0, 3 - Math.floor(Math.log10(size))))

/** How many decimals all values of a metric get, from the largest of them. */
export const decimalsOf = (metric: Metric, values: readonly number[]): number =>
  metric.unit === 'target' || metric.unit === 'squared target'
    ? decimalsFor(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0))
    : 3

/** A number with a real minus sign and grouped thousands. */
export const formatNumber = (value: number, decimals: number): string =>
  Number.isFinite(value)
    ? `${value < 0 && Math.abs(value) >= 0.5 * 10 ** -decimals ? minus : ''}${grouped(value, decimals)}`
    : '\u2013'

/** A number that always shows its sign. */
export const formatSigned = (value: number, decimals: number): string => {
  const text = formatNumber(value, decimals)
  return value > 0 ? `+${text}` : text
}

/** `[low, high]`, or nothing. */
export const formatInterval = (
  interval: Interval | null,
  format: (value: number) => string,
): string => (interval === null ? '' : `[${format(interval.low)}, ${format(interval.high)}]`)

/** `3.2x` with the bound's sign; `not measured` in words. */
export const formatMultiplier = (multiplier: Multiplier): string => {
  if (multiplier.kind === 'not measured') return 'not measured'
  const sign = { equal: '', 'more than': '> ', 'less than': '< ' }[multiplier.kind]
  const { value } = multiplier
  return `${sign}${formatNumber(value, value < 10 ? (value < 1 ? 2 : 1) : 0)}\u00d7`
}

/** Seconds as a person says them. */
export const formatSeconds = (seconds: number): string => {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  const rest = Math.round(seconds - 60 * minutes)
  return rest === 60 ? `${minutes + 1} min 0 s` : `${minutes} min ${rest} s`
}

/** A few names or numbers in a sentence: `a, b and c`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2
    ? items.join('')
    : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`
