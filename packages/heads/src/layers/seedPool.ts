/** A set as a few rows, each of which looks for something of its own. */
import {
  broadcastTo,
  expandDims,
  glorotUniform,
  type Key,
  random,
  type Tensor,
} from '@rootstock/core'
import type { Layer } from '../layer.ts'
import type { Masked } from './masked.ts'
import { type MultiHeadParams, multiHead } from './multiHead.ts'

/** Parameters of `seedPool`: what each row of the result asks, `[seeds, width]`, and the attention it asks by. */
export interface SeedPoolParams {
  readonly seeds: Tensor
  readonly attention: MultiHeadParams
}

/** Options of `seedPool`. */
export interface SeedPoolOptions {
  readonly width: number
  /** Default 4. */
  readonly heads?: number
  /** Rows of the result. Default 1. */
  readonly seeds?: number
}

/**
 * Learned queries attend to the elements of a set by several heads: `[n, elements, width]` to `[n, seeds, width]`, whatever the order of the elements; those
 * that are not real are not looked at (Lee et al., Set Transformer, 2019).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { evaluation, seedPool } from '@rootstock/heads'
 * const layer = seedPool({ width: 8, seeds: 2 })
 * console.log(layer.apply(layer.init(random.key(0)), { x: ones([3, 5, 8]) }, evaluation).shape) // [3, 2, 8]
 * ```
 */
export const seedPool = ({
  width,
  heads = 4,
  seeds = 1,
}: SeedPoolOptions): Layer<SeedPoolParams, Masked> => {
  const attention = multiHead({ width, heads })
  return {
    init: (key: Key) => ({
      seeds: glorotUniform(random.fold(key, 0), [seeds, width]),
      attention: attention.init(random.fold(key, 1)),
    }),
    apply: (params, { x, mask }, mode) => {
      const query = broadcastTo(expandDims(params.seeds, 0), [x.shape[0]!, seeds, width])
      const looking = { query, key: x, ...(mask === undefined ? {} : { keyMask: mask }) }
      return attention.apply(params.attention, looking, mode)
    },
  }
}
