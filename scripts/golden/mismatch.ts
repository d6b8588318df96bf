/** Comparing what came out with what the file says. */
import { describe, type Tensor } from '@rootstock/core'
import type { Precision } from './arguments.ts'
import type { GoldenCase, Values } from './family.ts'
import { looser } from './looser.ts'

interface Tolerance {
  readonly rtol: number
  readonly atol: number
}

const isClose = (a: number, b: number, { rtol, atol }: Tolerance): boolean =>
  a === b ||
  (Number.isNaN(a) && Number.isNaN(b)) ||
  (Number.isFinite(b) && Math.abs(a - b) <= atol + rtol * Math.abs(b))

/** float64 is compared far more strictly than the file asks of float32. */
const toleranceOf = (
  { name, tolerance }: GoldenCase,
  wanted: readonly number[],
  precision: Precision,
): Tolerance => {
  if (precision === 'float32') return tolerance
  if (Object.hasOwn(looser, name)) return looser[name]!
  const sizes = wanted.filter(Number.isFinite).map(Math.abs)
  return { rtol: 1e-9, atol: 1e-9 * sizes.reduce((a, b) => Math.max(a, b), 0) }
}

/** What differs between a tensor and golden values, or null. */
export const mismatchOf = (
  test: GoldenCase,
  name: string,
  found: Tensor | undefined,
  { dtype, shape, data }: Values,
  precision: Precision,
): string | null => {
  if (found === undefined) return `${name} is missing`
  const type = describe({ dtype: dtype === 'float32' ? precision : dtype, shape })
  if (describe(found) !== type) return `${name} is ${describe(found)}, expected ${type}`
  const wanted = data.map(Number)
  const exact = { rtol: 0, atol: 0 }
  const tolerance = dtype === 'float32' ? toleranceOf(test, wanted, precision) : exact
  const elements = found.data()
  const at = wanted.findIndex((value, i) => !isClose(elements[i]!, value, tolerance))
  return at < 0 ? null : `element ${at} of ${name} is ${elements[at]}, expected ${wanted[at]}`
}
