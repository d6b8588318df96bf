/**
 * Contractions of many groups with one column each, as depthwise convolutions are: no product of matrices, but groups side by
 * side in vectors. Terms are taken in the order of a product, each product and each sum rounded.
 */
import type { DType } from '../dtype.ts'
import type { Address, Scalar, Statement, Walk } from '../loop/loop.ts'
import { add, constant, load, mul } from '../loop/scalar.ts'
import { positionIn } from '../loop/walk.ts'
import { range, sizeOf } from '../shape.ts'
import { collapse } from './collapse.ts'
import type { Operand, Roles } from './contraction.ts'
import type { Emitter } from './emitter.ts'

/** Sums of so few terms are written out; longer ones grow in memory, one term of all groups after the other. */
const mostTerms = 64

/** A loop, and how far each of a, b and c moves with it. */
interface Loop {
  readonly index: number
  readonly size: number
  readonly strides: readonly [a: number, b: number, c: number]
}

const loopsOver = (
  emitter: Emitter,
  sizes: readonly number[],
  strides: readonly [a: readonly number[], b: readonly number[], c: readonly number[]],
): Loop[] =>
  collapse(sizes, range(sizes.length), strides).map(({ size, axis }) => ({
    index: emitter.fresh(),
    size,
    strides: [strides[0][axis]!, strides[1][axis]!, strides[2][axis]!],
  }))

const nested = (
  loops: readonly Loop[],
  parallel: boolean,
  body: readonly Statement[],
): Statement[] =>
  loops.reduceRight<Statement[]>(
    (inner, { index, size }) => [{ kind: 'for', index, extent: size, parallel, body: inner }],
    [...body],
  )

const at = (base: number, side: 0 | 1 | 2, loops: readonly Loop[]): Address => ({
  base,
  terms: loops
    .filter(({ strides }) => strides[side] !== 0)
    .map(({ index, strides }) => ({ index, stride: strides[side] })),
})

/** The sum of written out terms, in their order. */
const written = (dtype: DType, terms: readonly Scalar[]): Scalar =>
  terms.reduce((total, term) => add(total, term), constant(dtype, 0))

/** Statements of a contraction whose columns have size 1. */
export const emitDepthwise = (
  emitter: Emitter,
  { batch, sum, rows }: Roles,
  a: Operand,
  b: Operand,
  c: Operand,
): Statement[] => {
  const { dtype } = c.cell
  const buffers = [a, b, c].map(({ cell }) => emitter.number(cell))
  const along = ({ view }: Operand, axes: readonly number[]) =>
    axes.map((axis) => view.strides[axis]!)
  const over = (pairs: Roles['rows'], inB: readonly number[], inC: readonly number[]) => {
    const axes = pairs.map(([axis]) => axis)
    const sizes = axes.map((axis) => a.view.shape[axis]!)
    return loopsOver(emitter, sizes, [along(a, axes), inB, inC])
  }
  const second = (pairs: Roles['rows']) => pairs.map(([, axis]) => axis)
  const none = (pairs: Roles['rows']) => pairs.map(() => 0)
  const places = over(rows, none(rows), along(c, second(rows)))
  const groups = () => over(batch, along(b, second(batch)), along(c, [...batch.keys()]))
  const terms = over(sum, along(b, second(sum)), none(sum))
  const product = (loops: readonly Loop[], fromA: number, fromB: number): Scalar =>
    mul(
      load(dtype, buffers[0]!, at(a.view.offset + fromA, 0, loops)),
      load(dtype, buffers[1]!, at(b.view.offset + fromB, 1, loops)),
    )
  const store = (loops: readonly Loop[], value: (sum: Scalar) => Scalar): Statement[] => {
    const target = at(c.view.offset, 2, loops)
    const buffer = buffers[2]!
    return [{ kind: 'store', buffer, at: target, value: value(load(dtype, buffer, target)) }]
  }
  const [side, others] = [groups(), groups()]
  const inside = [...places, ...side]
  const count = sizeOf(terms.map(({ size }) => size))
  if (count <= mostTerms) {
    const walk = (operand: 0 | 1): Walk =>
      terms.map(({ size, strides }) => ({ count: size, stride: strides[operand] }))
    const products = range(count).map((l) =>
      product(inside, positionIn(walk(0), l), positionIn(walk(1), l)),
    )
    return nested(
      inside,
      true,
      store(inside, () => written(dtype, products)),
    )
  }
  const all = [...places, ...terms, ...others]
  const start = nested(
    side,
    true,
    store(inside, () => constant(dtype, 0)),
  )
  const grow = nested(
    others,
    true,
    store(all, (total) => add(total, product(all, 0, 0))),
  )
  return nested(places, true, [...start, ...nested(terms, false, grow)])
}
