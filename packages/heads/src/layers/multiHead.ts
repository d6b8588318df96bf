/** Attention by several heads, each looking at its own part of the features. */
import {
  ArgumentError,
  add,
  expandDims,
  glorotUniform,
  type Initializer,
  type Key,
  logicalAnd,
  matmul,
  random,
  reshape,
  split,
  swapAxes,
  type Tensor,
  zeros,
} from '@rootstock/core'
import type { Layer } from '../layer.ts'
import { type Attending, attend, attentionWeights } from './attend.ts'
import { drawUniform } from './cell.ts'
import type { DenseParams } from './dense.ts'
import { maskPlaces } from './masked.ts'
import { rotary } from './rotary.ts'

/** Parameters of `multiHead`: `input` makes queries, keys and values side by side, weight `[width, 3 width]`; `output` joins the heads. */
export interface MultiHeadParams {
  readonly input: Required<DenseParams>
  readonly output: Required<DenseParams>
}

/** Options of `multiHead`. */
export interface MultiHeadOptions {
  /** Columns of input and output. */
  readonly width: number
  /** A divisor of width; each head looks at width / heads columns. */
  readonly heads: number
  /** Turn queries and keys by their positions. Default false. */
  readonly rotary?: boolean
  /** Draws the weight of `input`. Default `glorotUniform` over all three parts together. */
  readonly init?: Initializer
}

/** Who looks (`query`), at whom (`key`, `value`; the query itself by default), and where it may look. */
export interface Looking extends Omit<Attending, 'scale' | 'mask'> {
  /** `[n, queries, width]`. */
  readonly query: Tensor
  /** `[n, keys, width]`: what is looked at. Default the query. */
  readonly key?: Tensor
  /** `[n, keys, width]`: what is seen there. Default the key. */
  readonly value?: Tensor
  /** bool `[n, keys]`: true for keys that are real. What others hold has no influence; under self-attention as long as it is finite. */
  readonly keyMask?: Tensor
  /** bool, broadcast to `[n, heads, queries, keys]`: true where a query may look. */
  readonly mask?: Tensor
}

/** A layer that can show where it looks. */
export interface MultiHead extends Layer<MultiHeadParams, Looking> {
  /** `[n, heads, queries, keys]`, rows of sum 1. */
  readonly weights: (params: MultiHeadParams, looking: Looking) => Tensor
}

const affine = (x: Tensor, weight: Tensor, bias: Tensor): Tensor => add(matmul(x, weight), bias)

/** Queries, keys and values `[n, steps, width]`, in one product where all come from one input. */
const project = ({ input }: MultiHeadParams, { query, key, value = key, keyMask }: Looking) => {
  const parts = { sections: 3, axis: -1 }
  if (key === undefined) {
    const own = affine(query, input.weight, input.bias)
    return split(own, parts) as [Tensor, Tensor, Tensor]
  }
  const weights = split(input.weight, parts)
  const biases = split(input.bias, parts)
  const seen = [query, maskPlaces(key, keyMask), maskPlaces(value ?? key, keyMask)]
  return seen.map((x, i) => affine(x, weights[i]!, biases[i]!)) as [Tensor, Tensor, Tensor]
}

/** `[n, steps, width]` as `[n, heads, steps, width / heads]`. */
const apart = (x: Tensor, heads: number): Tensor => {
  const [n, steps, width] = x.shape as [number, number, number]
  return swapAxes(reshape(x, [n, steps, heads, width / heads]), 1, 2)
}

const attending = ({ mask, keyMask, bias, causal, block }: Looking): Attending => {
  const real = keyMask === undefined ? undefined : expandDims(expandDims(keyMask, 1), 1)
  const both = mask !== undefined && real !== undefined ? logicalAnd(mask, real) : (mask ?? real)
  return {
    ...(both === undefined ? {} : { mask: both }),
    ...(bias === undefined ? {} : { bias }),
    ...(causal === undefined ? {} : { causal }),
    ...(block === undefined ? {} : { block }),
  }
}

/**
 * Each head attends with its own columns of queries, keys and values; what all see is joined by a dense layer. Cross attention where `key` is given
 * (Vaswani et al., Attention Is All You Need, 2017).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { evaluation, multiHead } from '@rootstock/heads'
 * const layer = multiHead({ width: 8, heads: 2 })
 * const params = layer.init(random.key(0))
 * console.log(layer.apply(params, { query: ones([3, 5, 8]), causal: true }, evaluation).shape) // [3, 5, 8]
 * console.log(layer.weights(params, { query: ones([3, 5, 8]) }).shape) // [3, 2, 5, 5]
 * ```
 */
export const multiHead = ({
  width,
  heads,
  rotary: turns = false,
  init = glorotUniform,
}: MultiHeadOptions): MultiHead => {
  if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0) {
    throw new ArgumentError({
      operation: 'multiHead',
      inputs: { width, heads },
      rule: 'heads must be a whole number of at least 1 that divides width',
    })
  }
  const see = (params: MultiHeadParams, looking: Looking) => {
    const [q, k, v] = project(params, looking).map((x) => apart(x, heads)) as [
      Tensor,
      Tensor,
      Tensor,
    ]
    return { q: turns ? rotary(q) : q, k: turns ? rotary(k) : k, v }
  }
  return {
    init: (key: Key) => ({
      input: { weight: init(random.fold(key, 0), [width, 3 * width]), bias: zeros([3 * width]) },
      output: {
        weight: drawUniform(random.fold(key, 1), [width, width], width),
        bias: zeros([width]),
      },
    }),
    apply: (params, looking) => {
      const { q, k, v } = see(params, looking)
      const seen = swapAxes(attend(q, k, v, attending(looking)), 1, 2)
      const joined = reshape(seen, [...seen.shape.slice(0, 2), width])
      return affine(joined, params.output.weight, params.output.bias)
    },
    weights: (params, looking) => {
      const { q, k } = see(params, looking)
      return attentionWeights(q, k, attending(looking))
    },
  }
}
