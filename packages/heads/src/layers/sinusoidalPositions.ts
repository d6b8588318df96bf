/** Positions as waves: nothing to learn, and any length. */
import { type DType, type Tensor, tensor } from '@rootstock/core'

/** How many positions, how wide, of which dtype. */
export interface SinusoidalOptions {
  readonly length: number
  /** An even number of columns. */
  readonly width: number
  readonly dtype?: DType
}

/**
 * y[p, 2i] = sin(p / 10000^(2i / width)), y[p, 2i + 1] = cos(same), `[length, width]`, to be added to the embeddings of a sequence
 * (Vaswani et al., Attention Is All You Need, 2017).
 * @example
 * ```ts
 * import { sinusoidalPositions } from '@rootstock/heads'
 * console.log(sinusoidalPositions({ length: 2, width: 4 }).toArray()) // [ [ 0, 1, 0, 1 ], [ 0.84..., 0.54..., 0.00..., 0.99... ] ]
 * ```
 */
export const sinusoidalPositions = ({
  length,
  width,
  dtype = 'float32',
}: SinusoidalOptions): Tensor => {
  const values = new Float64Array(length * width)
  for (let position = 0; position < length; position++) {
    for (let column = 0; column < width; column++) {
      const angle = position / 10000 ** ((column - (column % 2)) / width)
      values[position * width + column] = column % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
    }
  }
  return tensor(values, { shape: [length, width], dtype })
}
