/** The affine layer, and the check that gives a mismatch of widths its message. */
import {
  add,
  glorotUniform,
  type Initializer,
  matmul,
  ShapeError,
  type Tensor,
  zeros,
} from '@rootstock/core'
import type { Layer } from '../layer.ts'

/** Parameters of a dense layer: weight `[in, out]` and, unless switched off, bias `[out]`. */
export interface DenseParams {
  readonly weight: Tensor
  readonly bias?: Tensor
}

/** Options of `dense`. */
export interface DenseOptions {
  /** Columns of the input. */
  readonly in: number
  /** Columns of the output. */
  readonly out: number
  /** Add a learned constant to each output column. Default true; it starts at zero. */
  readonly bias?: boolean
  /** Draws the weight. Default `glorotUniform`. */
  readonly init?: Initializer
}

/** `x weight + bias` for x `[rows, in]`; `hint` completes the error when the widths differ. */
export const affine = (
  params: DenseParams,
  x: Tensor,
  hint?: (columns: number, width: number) => string,
): Tensor => {
  const columns = x.shape.at(-1) ?? 0
  const width = params.weight.shape[0] ?? 0
  if (columns !== width || x.rank < 2) {
    throw new ShapeError({
      operation: 'matmul',
      inputs: { left: x, right: params.weight },
      rule:
        x.rank < 2
          ? 'left must have a row for each example, [rows, columns]'
          : `columns of left (${columns}) must equal rows of right (${width})`,
      hint: x.rank < 2 ? undefined : hint?.(columns, width),
    })
  }
  const product = matmul(x, params.weight)
  return params.bias === undefined ? product : add(product, params.bias)
}

/**
 * The affine map `y = x weight + bias`, from `[rows, in]` to `[rows, out]`.
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { dense, evaluation } from '@rootstock/heads'
 * const layer = dense({ in: 3, out: 2 })
 * const params = layer.init(random.key(0))
 * console.log(layer.apply(params, ones([5, 3]), evaluation).shape) // [5, 2]
 * ```
 */
export const dense = ({
  in: columns,
  out,
  bias = true,
  init = glorotUniform,
}: DenseOptions): Layer<DenseParams> => ({
  init: (key) => ({
    weight: init(key, [columns, out]),
    ...(bias ? { bias: zeros([out]) } : {}),
  }),
  apply: (params, x) =>
    affine(
      params,
      x,
      (given, width) => `the input has ${given} columns; this layer was initialised for ${width}`,
    ),
})
