/** A profile as text. */
import type { KernelProfile, Profile } from './profile.ts'
import { countText, percentText, timeText } from './units.ts'

const headings = ['kernel', 'time', 'of step', 'float ops', 'bytes', 'rate', 'of limit'] as const

/** Rate of what limits the kernel, and its share of the limit; caches are faster than memory and have no figure here. */
const rateTexts = ({ bound, seconds, flops, bytes, share }: KernelProfile): readonly string[] => {
  const rate =
    bound === 'arithmetic'
      ? countText(flops / seconds, 'FLOP/s')
      : countText(bytes / seconds, 'B/s')
  return [rate, bound === 'memory' && share > 1.05 ? 'in cache' : percentText(share)]
}

const labelOf = ({ name, loops }: KernelProfile): string =>
  loops.length === 0 ? name : `${name} (${loops.join(' x ')} times)`

/** Rows of equal width: the first column to the left, the others to the right. */
const aligned = (rows: readonly (readonly string[])[]): string[] => {
  const widths = headings.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  )
}

/** How many kernels are listed one by one. */
export interface TableOptions {
  /** Default 20; the rest is summed up in one row. */
  readonly most?: number
}

/**
 * A profile as a table, the slowest kernels first.
 * @example
 * ```ts
 * import { jit, ones, type Tensor, tanh } from '@rootstock/core'
 * import { profile, profileTable } from '@rootstock/native'
 * const table = profileTable(profile(jit((x: Tensor) => tanh(x)), ones([100])))
 * console.log(table.split('\n')[0]) // kernel ... of limit
 * ```
 */
export const profileTable = (
  { backend, seconds, kernels, limits }: Profile,
  { most = 20 }: TableOptions = {},
): string => {
  const sorted = kernels.toSorted((a, b) => b.seconds - a.seconds)
  const total = kernels.reduce((sum, kernel) => sum + kernel.seconds, 0)
  const part = (time: number): string => percentText(total === 0 ? 0 : time / total)
  const rows = sorted
    .slice(0, most)
    .map((kernel) => [
      labelOf(kernel),
      timeText(kernel.seconds),
      part(kernel.seconds),
      countText(kernel.flops, ''),
      countText(kernel.bytes, 'B'),
      ...rateTexts(kernel),
    ])
  const rest = sorted.slice(most)
  const left = rest.reduce((sum, kernel) => sum + kernel.seconds, 0)
  const others = rest.length === 0 ? [] : [[`${rest.length} others`, timeText(left), part(left)]]
  return [
    ...aligned([headings, ...rows, ...others]),
    '',
    `${kernels.length} kernels on ${backend}: ${timeText(total)} one by one, ${timeText(seconds)} together`,
    `limits measured here: ${countText(limits.flops, 'FLOP/s')}, ${countText(limits.bandwidth, 'B/s')}`,
  ].join('\n')
}
