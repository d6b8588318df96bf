/** Abstract evaluation: shapes and dtypes of results without any arithmetic. */
import type { DType } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import type { Shape } from '../shape.ts'
import { type Tensor, Tracer } from '../tensor.ts'
import { traceGraph } from '../trace/graph.ts'
import { flatten } from '../tree.ts'
import { flatFunction, leafTensor } from './flat.ts'

class Placeholder extends Tracer {
  readonly shape: Shape
  readonly dtype: DType
  constructor(shape: Shape, dtype: DType) {
    super()
    this.shape = shape
    this.dtype = dtype
  }
}

/** A tensor of which only shape and dtype exist: an argument for `evalShape` and `trace`. */
export const placeholder = (
  shape: Shape,
  { dtype = 'float32' }: { readonly dtype?: DType } = {},
): Tensor => {
  if (!shape.every((size) => Number.isInteger(size) && size >= 0)) {
    throw new ArgumentError({
      operation: 'placeholder',
      inputs: { shape },
      rule: 'sizes must be whole numbers of at least 0',
    })
  }
  return new Placeholder(shape, dtype)
}

/**
 * What f would return, as placeholders: nothing is computed, and shape mistakes are found. Arguments are trees of
 * placeholders or tensors.
 * @example
 * ```ts
 * import { type Tensor, evalShape, matmul, placeholder } from '@rootstock/core'
 * const product = evalShape((a: Tensor, b: Tensor) => matmul(a, b))
 * console.log(String(product(placeholder([32, 10]), placeholder([10, 4])))) // float32[32, 4]
 * ```
 */
export const evalShape =
  <A extends readonly unknown[], R>(f: (...args: A) => R) =>
  (...args: A): R => {
    const [found, structure] = flatten(args)
    const inputs = found.map((leaf) => leafTensor('evalShape', leaf))
    const flat = flatFunction('evalShape', f, structure)
    const { graph } = traceGraph(flat.run, inputs)
    return flat
      .structure()
      .build(graph.outputs.map(({ shape, dtype }) => new Placeholder(shape, dtype))) as R
  }
