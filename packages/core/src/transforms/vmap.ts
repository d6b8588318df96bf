/** Vectorisation: a function of one example becomes a function of a batch. */
import { ArgumentError, ShapeError } from '../errors.ts'
import { otherAxes } from '../primitives/broadcast.ts'
import { transpose } from '../primitives/movement.ts'
import { normalizeAxis, range } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { batchOf } from '../trace/batch.ts'
import { flatten } from '../tree.ts'
import { flatFunction, leafTensor } from './flat.ts'

/** Where the batch axis is: `in` per argument (null: shared by all examples), `out` in every result. */
export interface Axes {
  readonly in?: readonly (number | null)[]
  readonly out?: number
}

const toFront = (x: Tensor, axis: number): Tensor => {
  const from = normalizeAxis(axis, x.rank)
  if (from === null) {
    throw new ArgumentError({
      operation: 'vmap',
      inputs: { x, axis },
      rule: 'every leaf of a batched argument must have the batch axis',
    })
  }
  return transpose(x, { permutation: [from, ...otherAxes(x.rank, [from])] })
}

const fromFront = (x: Tensor, axis: number): Tensor => {
  const to = normalizeAxis(axis, x.rank)
  if (to === null) {
    throw new ArgumentError({
      operation: 'vmap',
      inputs: { result: x, out: axis },
      rule: 'out must be an axis of every result',
    })
  }
  const permutation = range(x.rank - 1).map((i) => i + 1)
  permutation.splice(to, 0, 0)
  return transpose(x, { permutation })
}

/**
 * f for every example of a batch at once. Leaves of argument i have the batch axis at `in[i]` (0 by default; null: the same
 * for all examples), results have it at `out` (0 by default).
 * @example
 * ```ts
 * import { type Tensor, matmul, tensor, vmap } from '@rootstock/core'
 * const rows = tensor([[1, 2], [3, 4]])
 * const dots = vmap((x: Tensor, w: Tensor) => matmul(x, w), { in: [0, null] })
 * console.log(dots(rows, tensor([1, 10])).toArray()) // [ 21, 43 ]
 * ```
 */
export const vmap =
  <A extends readonly unknown[], R>(f: (...args: A) => R, axes: Axes = {}) =>
  (...args: A): R => {
    const places = args.map((_, i) => (axes.in === undefined ? 0 : (axes.in[i] ?? null)))
    const [, structure] = flatten(args)
    const flat = args.flatMap((arg, i) =>
      flatten(arg)[0].map((leaf) => ({ leaf, axis: places[i]! })),
    )
    const inputs = flat.map(({ leaf, axis }) => {
      const x = leafTensor('vmap', leaf)
      return axis === null ? x : toFront(x, axis)
    })
    const batched = flat.map(({ axis }) => axis !== null)
    const sizes = new Set(inputs.filter((_, i) => batched[i]).map((x) => x.shape[0]!))
    const [size] = sizes
    if (size === undefined || sizes.size > 1) {
      throw new ShapeError({
        operation: 'vmap',
        inputs: { sizes: [...sizes] },
        rule: 'at least one argument must be batched, and all batch axes must have the same size',
      })
    }
    const body = flatFunction('vmap', f, structure)
    const results = batchOf(body.run, inputs, batched, size)
    return body.structure().build(results.map((x) => fromFront(x, axes.out ?? 0))) as R
  }
