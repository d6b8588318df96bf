/** Two inputs multiplied with each other. */
import { add, einsum, random, type Tensor } from '@rootstock/core'
import type { Layer } from '../layer.ts'
import { drawUniform } from './cell.ts'

/** Parameters of `bilinear`: weight `[left, right, out]` and bias `[out]`. */
export interface BilinearParams {
  readonly weight: Tensor
  readonly bias: Tensor
}

/** Two inputs of the same rows. */
export interface Both {
  /** `[rows, left]`. */
  readonly left: Tensor
  /** `[rows, right]`. */
  readonly right: Tensor
}

/**
 * y_o = sum over i, j of left_i weight_ijo right_j + bias_o, `[rows, out]` (Tenenbaum and Freeman, Separating Style and Content with Bilinear Models, 2000).
 * Starts uniform on +-1 / sqrt(left), as in PyTorch.
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { bilinear, evaluation } from '@rootstock/heads'
 * const layer = bilinear({ left: 3, right: 2, out: 4 })
 * const both = { left: ones([5, 3]), right: ones([5, 2]) }
 * console.log(layer.apply(layer.init(random.key(0)), both, evaluation).shape) // [5, 4]
 * ```
 */
export const bilinear = ({
  left: rows,
  right: columns,
  out,
}: {
  readonly left: number
  readonly right: number
  readonly out: number
}): Layer<BilinearParams, Both> => ({
  init: (key) => ({
    weight: drawUniform(random.fold(key, 0), [rows, columns, out], rows),
    bias: drawUniform(random.fold(key, 1), [out], rows),
  }),
  apply: ({ weight, bias }, { left, right }) =>
    add(einsum('ni,ijo,nj->no', left, weight, right), bias),
})
