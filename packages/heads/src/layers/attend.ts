/** Scaled dot-product attention: each query's mean of values, weighted by how its keys agree with it. */
import {
  add,
  arange,
  checkpoint,
  expandDims,
  greaterEqual,
  logicalAnd,
  matmul,
  moveAxis,
  mul,
  pad,
  reshape,
  ShapeError,
  scan,
  slice,
  softmax,
  swapAxes,
  type Tensor,
  where,
} from '@rootstock/core'
import type { NoParams } from './dropout.ts'

/** Who may look where, and how. */
export interface Attending {
  /** bool, broadcast to `[..., queries, keys]`: true where a query may look. A query that may look nowhere gets 0. */
  readonly mask?: Tensor
  /** Added to the scores, broadcast to `[..., queries, keys]`. */
  readonly bias?: Tensor
  /** Query i looks at keys up to i only. Default false. */
  readonly causal?: boolean
  /** Multiplies the scores. Default 1 / sqrt(columns of queries). */
  readonly scale?: number
  /**
   * Queries that are looked at together. Memory grows with this times the keys instead of queries times keys, and what the derivative
   * needs is computed again. Default: all of up to 512 queries, else 256 at a time.
   */
  readonly block?: number
}

// exp of it is 0 beside any score, and it is finite, so that a row without any key has no NaN
const hidden = -1e30

/** What varies with queries; `positions` int32 `[queries]` are there under `causal`. */
interface Block {
  readonly query: Tensor
  readonly mask?: Tensor
  readonly bias?: Tensor
  readonly positions?: Tensor
}

const allowed = ({ mask, positions }: Block, keys: number): Tensor | undefined => {
  if (positions === undefined) return mask
  const past = greaterEqual(expandDims(positions, -1), arange(keys))
  return mask === undefined ? past : logicalAnd(mask, past)
}

const weigh = (block: Block, key: Tensor, scale: number): Tensor => {
  const product = matmul(mul(block.query, scale), swapAxes(key, -1, -2))
  const scores = block.bias === undefined ? product : add(product, block.bias)
  const mask = allowed(block, key.shape.at(-2)!)
  if (mask === undefined) return softmax(scores)
  return where(mask, softmax(where(mask, scores, hidden)), 0)
}

const blockOf = (query: Tensor, { mask, bias, causal = false }: Attending): Block => ({
  query,
  ...(mask === undefined ? {} : { mask }),
  ...(bias === undefined ? {} : { bias }),
  ...(causal ? { positions: arange(query.shape.at(-2)!) } : {}),
})

const scaleOf = (query: Tensor, { scale }: Attending): number =>
  scale ?? 1 / Math.sqrt(query.shape.at(-1)!)

const expectFit = (operation: string, query: Tensor, key: Tensor, value?: Tensor): void => {
  const named = value === undefined ? { query, key } : { query, key, value }
  const fits =
    query.rank >= 2 &&
    key.rank >= 2 &&
    query.shape.at(-1) === key.shape.at(-1) &&
    (value === undefined || (value.rank >= 2 && value.shape.at(-2) === key.shape.at(-2)))
  if (fits) return
  throw new ShapeError({
    operation,
    inputs: named,
    rule: 'query [..., queries, d] and key [..., keys, d] must agree in d, key and value [..., keys, e] in keys',
  })
}

/**
 * softmax(query key^T scale + bias) where the mask allows, 0 elsewhere: `[..., queries, keys]`, each row of sum 1.
 * @example
 * ```ts
 * import { ones } from '@rootstock/core'
 * import { attentionWeights } from '@rootstock/heads'
 * console.log(attentionWeights(ones([2, 4]), ones([2, 4]), { causal: true }).toArray()) // [ [ 1, 0 ], [ 0.5, 0.5 ] ]
 * ```
 */
export const attentionWeights = (
  query: Tensor,
  key: Tensor,
  options: Omit<Attending, 'block'> = {},
): Tensor => {
  expectFit('attentionWeights', query, key)
  return weigh(blockOf(query, options), key, scaleOf(query, options))
}

/** Blocks of an axis of queries, the last one filled up, as a new first axis. */
const cut = (x: Tensor, axis: number, count: number, size: number): Tensor => {
  const rest = count * size - x.shape[axis]!
  const widths = x.shape.map((_, i) => [0, i === axis ? rest : 0] as const)
  const whole = rest === 0 ? x : pad(x, widths)
  return moveAxis(reshape(whole, x.shape.toSpliced(axis, 1, count, size)), axis, 0)
}

/** Whether a mask or bias has a row for each query. */
const hasRows = (x: Tensor): boolean => x.rank >= 2 && x.shape.at(-2)! > 1

const inBlocks = (whole: Block, size: number, f: (block: Block) => Tensor): Tensor => {
  const queries = whole.query.shape.at(-2)!
  const count = Math.ceil(queries / size)
  const { query, positions, mask, bias } = whole
  const rows = {
    query: cut(query, query.rank - 2, count, size),
    ...(positions === undefined ? {} : { positions: cut(positions, 0, count, size) }),
    ...(mask !== undefined && hasRows(mask) ? { mask: cut(mask, mask.rank - 2, count, size) } : {}),
    ...(bias !== undefined && hasRows(bias) ? { bias: cut(bias, bias.rank - 2, count, size) } : {}),
  }
  const same = {
    ...(mask === undefined || hasRows(mask) ? {} : { mask }),
    ...(bias === undefined || hasRows(bias) ? {} : { bias }),
  }
  const step = (carry: NoParams, block: Block): readonly [NoParams, Tensor] => [
    carry,
    checkpoint((now: Block) => f({ ...same, ...now }))(block),
  ]
  const [, blocks] = scan(step, {}, rows)
  const y = moveAxis(blocks, 0, -3)
  const joined = reshape(y, [...y.shape.slice(0, -3), count * size, y.shape.at(-1)!])
  return slice(joined, {
    stop: joined.shape.map((length, i) => (i === joined.rank - 2 ? queries : length)),
  })
}

/**
 * `softmax(query key^T scale + bias) value` where the mask allows: query `[..., queries, d]`, key `[..., keys, d]`, value `[..., keys, e]` to
 * `[..., queries, e]` (Vaswani et al., Attention Is All You Need, 2017; in blocks of queries after Rabe and Staats, Self-attention Does Not Need
 * O(n^2) Memory, 2021).
 * @example
 * ```ts
 * import { ones, tensor } from '@rootstock/core'
 * import { attend } from '@rootstock/heads'
 * const mask = tensor([true, true, false])
 * console.log(attend(ones([2, 4]), ones([3, 4]), tensor([[1], [3], [100]]), { mask }).toArray()) // [ [ 2 ], [ 2 ] ]
 * ```
 */
export const attend = (
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: Attending = {},
): Tensor => {
  expectFit('attend', query, key, value)
  const scale = scaleOf(query, options)
  const look = (block: Block): Tensor => matmul(weigh(block, key, scale), value)
  const queries = query.shape.at(-2)!
  const size = options.block ?? (queries > 512 ? 256 : queries)
  const whole = blockOf(query, options)
  return queries <= size ? look(whole) : inBlocks(whole, size, look)
}
