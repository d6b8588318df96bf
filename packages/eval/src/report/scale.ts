/** From values to places on paper: linear and logarithmic scales with round ticks. */

/** A scale: where a value lies, and which values deserve a tick. */
export interface Scale {
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
  readonly format: (value: number) => string
}

type Range = readonly [number, number]

const lerp = ([from, to]: Range, share: number): number => from + share * (to - from)

/** The nearest 1, 2 or 5 times a power of ten that gives about `count` steps, rather more than fewer. */
const roundStep = ([low, high]: Range, count: number): number => {
  const raw = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(raw))
  const factor = [1, 2, 5, 10].find((f) => f * power >= raw * 0.75)!
  return factor * power
}

/** The least and the largest of finite values, widened a little; a single value gets room on both sides. */
export const extent = (values: readonly number[], margin = 0.06): Range => {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low > high) return [0, 1]
  const room = high > low ? (high - low) * margin : Math.max(Math.abs(low) * 0.1, 1e-6)
  return [low - room, high + room]
}

/** Decimals that tell neighbouring ticks apart. */
const decimalsOfStep = (step: number): number =>
  Math.max(0, Math.min(8, Math.ceil(-Math.log10(step) - 1e-9)))

/** A linear scale with about `count` ticks. */
export const linearScale = (domain: Range, range: Range, count = 5): Scale => {
  const [low, high] = domain
  const step = roundStep(domain, count)
  const decimals = decimalsOfStep(step)
  const ticks: number[] = []
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++)
    ticks.push(k === 0 ? 0 : k * step)
  return {
    at: (value) => lerp(range, (value - low) / (high - low)),
    ticks,
    format: (value) =>
      value
        .toLocaleString('en-US', {
          minimumFractionDigits: decimals,
          maximumFractionDigits: decimals,
        })
        .replace('-', '\u2212'),
  }
}

const logarithmicAt = ([low, high]: Range, range: Range): ((value: number) => number) => {
  // logarithms first, since a quotient of the ends could be too large a number
  const [first, last] = [Math.log(low), Math.log(high)]
  return (value) => lerp(range, (Math.log(value) - first) / (last - first))
}

/** A logarithmic scale whose ticks are the measured label counts, as many as fit without touching. */
export const labelScale = (counts: readonly number[], range: Range): Scale => {
  const low = Math.min(...counts)
  const high = Math.max(...counts)
  const domain: Range = low < high ? [low, high] : [low / 2, high * 2]
  const at = logarithmicAt(domain, range)
  const ticks: number[] = []
  for (const count of [...counts].sort((a, b) => b - a)) {
    const last = ticks[ticks.length - 1]
    if (last === undefined || at(last) - at(count) >= 34) ticks.push(count)
  }
  return { at, ticks: ticks.reverse(), format: (value) => value.toLocaleString('en-US') }
}

/** A logarithmic scale with a tick at each power of ten, or at 1, 2 and 5 times each where few powers are inside. */
export const logarithmicScale = (domain: Range, range: Range): Scale => {
  const [first, last] = domain.map(Math.log10) as [number, number]
  const factors = last - first < 2 ? [1, 2, 5] : [1]
  // not so many powers that their labels touch
  const stride = Math.max(1, Math.ceil((30 * (last - first)) / Math.abs(range[1] - range[0])))
  const ticks: number[] = []
  for (let power = Math.floor(first); power <= last; power++)
    if (power % stride === 0)
      for (const factor of factors) ticks.push(Number((factor * 10 ** power).toPrecision(12)))
  return {
    at: logarithmicAt(domain, range),
    ticks: ticks.filter((tick) => tick >= domain[0] * (1 - 1e-9) && tick <= domain[1] * (1 + 1e-9)),
    format: (value) =>
      value >= 0.01 && value < 1e5
        ? String(Number(value.toPrecision(6)))
        : value.toExponential(0).replace('+', ''),
  }
}

/** A scale for losses: logarithmic when they are positive and span more than a factor of 20, else linear. */
export const lossScale = (values: readonly number[], range: Range): Scale => {
  const finite = values.filter(Number.isFinite)
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  if (!(low > 0 && high / low > 20)) return linearScale(extent(finite), range, 4)
  return logarithmicScale([low / 1.1, high * 1.1], range)
}
