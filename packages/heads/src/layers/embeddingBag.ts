/** One row for each bag of codes. */
import {
  ArgumentError,
  any,
  arange,
  cast,
  div,
  equal,
  expandDims,
  max,
  maximum,
  mul,
  searchSorted,
  segmentSum,
  sub,
  type Tensor,
  where,
} from '@rootstock/core'
import type { Layer } from '../layer.ts'
import { type EmbeddingOptions, type EmbeddingParams, embedding } from './embedding.ts'

/** Bags one after another: bag b holds the codes from `offsets[b]` up to `offsets[b + 1]`, the last one the rest. */
export interface Bags {
  /** int32 `[codes]`. */
  readonly codes: Tensor
  /** int32 `[bags]`, ascending, beginning with 0. */
  readonly offsets: Tensor
  /** `[codes]`: a factor for each row, for mode `sum`. */
  readonly weights?: Tensor
}

/** Options of `embeddingBag`. */
export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** What becomes of the rows of a bag. Default `mean`. */
  readonly mode?: 'sum' | 'mean' | 'max'
}

/** Rows `[codes, width]` of each bag joined to `[bags, width]`, 0 for an empty bag. */
const joinBags = (
  rows: Tensor,
  { offsets, weights }: Omit<Bags, 'codes'>,
  mode: 'sum' | 'mean' | 'max',
): Tensor => {
  const [codes, count] = [rows.shape[0]!, offsets.shape[0]!]
  const bag = sub(searchSorted(offsets, arange(codes), { side: 'right' }), 1)
  if (mode === 'max') {
    // [bags, codes, 1]: a bag's own rows against the rest
    const isOwn = expandDims(equal(expandDims(arange(count), -1), bag), -1)
    const best = max(where(isOwn, rows, -Infinity), { axis: 1 })
    return where(any(isOwn, { axis: 1 }), best, 0)
  }
  const weighted = weights === undefined ? rows : mul(rows, expandDims(weights, -1))
  const total = segmentSum(weighted, bag, { count })
  if (mode === 'sum') return total
  const sizes = segmentSum(cast(equal(bag, bag), rows.dtype), bag, { count })
  return div(total, expandDims(maximum(sizes, 1), -1))
}

/**
 * The sum, mean or largest entries of the rows of each bag of codes, `[bags, width]`; an empty bag gives 0 (fastText: Joulin et al., Bag of
 * Tricks for Efficient Text Classification, 2017).
 * @example
 * ```ts
 * import { random, tensor } from '@rootstock/core'
 * import { embeddingBag, evaluation } from '@rootstock/heads'
 * const layer = embeddingBag({ count: 100, width: 8 })
 * const bags = {
 *   codes: tensor([5, 7, 9], { dtype: 'int32' }),
 *   offsets: tensor([0, 2], { dtype: 'int32' }),
 * }
 * console.log(layer.apply(layer.init(random.key(0)), bags, evaluation).shape) // [2, 8]
 * ```
 */
export const embeddingBag = ({
  mode = 'mean',
  ...options
}: EmbeddingBagOptions): Layer<EmbeddingParams, Bags> => {
  const table = embedding(options)
  return {
    init: table.init,
    apply: (params, bags, evaluationMode) => {
      if (bags.weights !== undefined && mode !== 'sum') {
        throw new ArgumentError({
          operation: 'embeddingBag',
          inputs: { mode },
          rule: 'weights go with mode sum',
        })
      }
      return joinBags(table.apply(params, bags.codes, evaluationMode), bags, mode)
    },
  }
}
