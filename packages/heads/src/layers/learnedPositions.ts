/** Positions as rows of a learned table. */
import { add, type Initializer, random, ShapeError, slice, type Tensor } from '@rootstock/core'
import type { Layer } from '../layer.ts'

/** Options of `learnedPositions`. */
export interface LearnedPositionsOptions {
  /** The longest sequence. */
  readonly length: number
  readonly width: number
  /** Draws the table. Default normal with deviation 0.02. */
  readonly init?: Initializer
}

const smallNormal: Initializer = (key, shape, options = {}) =>
  random.normal(key, shape, { deviation: 0.02, ...options })

/**
 * Adds a learned row to each step of x `[n, steps, width]`, for at most `length` steps (Gehring et al., Convolutional Sequence to Sequence Learning,
 * 2017).
 * @example
 * ```ts
 * import { random, zeros } from '@rootstock/core'
 * import { evaluation, learnedPositions } from '@rootstock/heads'
 * const layer = learnedPositions({ length: 16, width: 8 })
 * console.log(layer.apply(layer.init(random.key(0)), zeros([2, 10, 8]), evaluation).shape) // [2, 10, 8]
 * ```
 */
export const learnedPositions = ({
  length,
  width,
  init = smallNormal,
}: LearnedPositionsOptions): Layer<{ readonly weight: Tensor }> => ({
  init: (key) => ({ weight: init(key, [length, width]) }),
  apply: ({ weight }, x) => {
    const steps = x.shape.at(-2) ?? 0
    if (steps > weight.shape[0]!) {
      throw new ShapeError({
        operation: 'learnedPositions',
        inputs: { x, positions: weight },
        rule: `x must have at most ${weight.shape[0]} steps, as many as there are positions`,
      })
    }
    return add(x, slice(weight, { stop: [steps] }))
  },
})
