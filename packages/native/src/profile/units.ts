/** Numbers for people: three digits and a unit. */

const scaled = (
  value: number,
  units: readonly (readonly [unit: string, size: number])[],
): string => {
  const [unit, size] = units.find(([, least]) => value >= least) ?? units.at(-1)!
  return `${Number((value / size).toPrecision(3))} ${unit}`
}

/** Seconds as s, ms, µs or ns. */
export const timeText = (seconds: number): string =>
  scaled(seconds, [
    ['s', 1],
    ['ms', 1e-3],
    ['µs', 1e-6],
    ['ns', 1e-9],
  ])

const prefixes = [
  ['T', 1e12],
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
  ['', 1],
] as const

/** A count with a decimal prefix: `12.5 MB`. */
export const countText = (count: number, unit: string): string =>
  scaled(
    count,
    prefixes.map(([prefix, size]) => [`${prefix}${unit}`, size]),
  )

/** A part of a whole in percent. */
export const percentText = (part: number): string => {
  const percent = 100 * part
  return `${percent >= 9.95 ? Math.round(percent) : Number(percent.toFixed(1))} %`
}
