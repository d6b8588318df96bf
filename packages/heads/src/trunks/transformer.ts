/** Transformer trunks for texts, series and images. */
import {
  ArgumentError,
  add,
  arange,
  equal,
  gelu,
  logicalAnd,
  max,
  random,
  reshape,
  slice,
  type Tensor,
  where,
} from '@rootstock/core'
import { type Mode, modeOf } from '../layer.ts'
import { dropout } from '../layers/dropout.ts'
import { type EncoderBlockParams, encoderBlock } from '../layers/encoderBlock.ts'
import { globalAveragePool } from '../layers/globalAveragePool.ts'
import { type LayerNormParams, layerNorm } from '../layers/layerNorm.ts'
import { learnedPositions } from '../layers/learnedPositions.ts'
import { sinusoidalPositions } from '../layers/sinusoidalPositions.ts'
import { averaged, type EntryParams, type Flow, type SequenceInput } from './sequenceInput.ts'
import { type Stage, stagedTrunk, type Trunk, type TrunkParams } from './trunk.ts'

/** Parameters of stage 0: how steps enter, and their positions where these are learned. */
export interface TransformerEntryParams {
  readonly entry: EntryParams
  readonly positions?: { readonly weight: Tensor }
}

/** Parameters of a later stage; the last has a normalisation at its end. */
export interface TransformerBlockParams {
  readonly block: EncoderBlockParams
  readonly normalise?: LayerNormParams
}

/** Parameters of a `transformer`. */
export type TransformerParams = TrunkParams<TransformerEntryParams | TransformerBlockParams>

/** Options of `transformer`. */
export interface TransformerOptions {
  /** How rows are read: `tokens`, `series` or `patches`. */
  readonly in: SequenceInput
  /** Columns of each step. Default 64. */
  readonly width?: number
  /** Default 4. */
  readonly heads?: number
  /** Blocks. Default 2. */
  readonly depth?: number
  /** Columns between the dense layers of a block. Default 4 width. */
  readonly hidden?: number
  /** How steps know their place. Default `learned`. */
  readonly positions?: 'learned' | 'sinusoidal' | 'rotary' | 'none'
  /** Steps look at the past only, and the last real one stands for the whole. Default false: all do, by their mean. */
  readonly causal?: boolean
  /** Probability of dropping. Default 0.1. */
  readonly dropout?: number
}

interface Sizes {
  readonly input: SequenceInput
  readonly width: number
  readonly positions: NonNullable<TransformerOptions['positions']>
  readonly probability: number
  readonly summarize: (x: Tensor, mask: Tensor | undefined) => Flow
}

const entryOf = (sizes: Sizes): Stage<TransformerEntryParams, Flow> => {
  const { input, width, summarize } = sizes
  const entry = input.entry(width)
  const learned = learnedPositions({ length: input.steps, width })
  const drop = dropout({ probability: sizes.probability })
  const placed = (params: TransformerEntryParams, x: Tensor, mode: Mode) => {
    if (params.positions !== undefined) return learned.apply(params.positions, x, mode)
    if (sizes.positions !== 'sinusoidal') return x
    const dtype = x.dtype
    return add(x, sinusoidalPositions({ length: input.steps, width, dtype }))
  }
  return {
    out: width,
    init: (key) => ({
      entry: entry.init(random.fold(key, 0)),
      ...(sizes.positions === 'learned' ? { positions: learned.init(random.fold(key, 1)) } : {}),
    }),
    apply: (params, { x, mask }, mode) => {
      const y = placed(params, entry.apply(params.entry, x, mode), mode)
      return summarize(drop.apply({}, y, modeOf(mode, 0)), mask)
    },
  }
}

/** The last real step of each example: the only one with as many real steps up to it as there are. */
const lastStep = (x: Tensor, mask: Tensor | undefined): Flow => {
  if (mask === undefined) {
    const steps = x.shape[1]!
    const last = slice(x, { start: [null, steps - 1], stop: [null, steps] })
    return { x, summary: reshape(last, [x.shape[0]!, x.shape[2]!]) }
  }
  const places = where(mask, arange(1, x.shape[1]! + 1), 0)
  const isLast = logicalAnd(equal(places, max(places, { axis: 1, keepDims: true })), mask)
  return { x, mask, summary: globalAveragePool(x, isLast) }
}

const expectSizes = (width: number, heads: number, depth: number): void => {
  if (
    [width, heads, depth].every((size) => Number.isInteger(size) && size >= 1) &&
    width % heads === 0
  )
    return
  throw new ArgumentError({
    operation: 'transformer',
    inputs: { width, heads, depth },
    rule: 'width, heads and depth must be whole numbers of at least 1, and heads must divide width',
  })
}

/**
 * A transformer encoder as a trunk: rows are read as sequences, steps enter through a table or a dense layer and get positions (stage 0), then pre-norm blocks;
 * the mean over real steps, or the last one under `causal`, are the features `[n, width]`. Steps that are not real have no influence
 * (Vaswani et al., Attention Is All You Need, 2017; patches: Dosovitskiy et al., 2021; Nie et al., A Time Series is Worth 64 Words, 2023).
 * @example
 * ```ts
 * import { random, tensor } from '@rootstock/core'
 * import { evaluation, tokens, transformer } from '@rootstock/heads'
 * const trunk = transformer({ in: tokens({ length: 3, count: 10, padding: 0 }), width: 16 })
 * const params = trunk.init(random.key(0))
 * console.log(trunk.apply(params, tensor([[4, 7, 0]]), evaluation).shape) // [1, 16]
 * ```
 */
export const transformer = ({
  in: input,
  width = 64,
  heads = 4,
  depth = 2,
  hidden = 4 * width,
  positions = 'learned',
  causal = false,
  dropout: probability = 0.1,
}: TransformerOptions): Trunk<TransformerParams> => {
  expectSizes(width, heads, depth)
  const summarize = causal ? lastStep : averaged
  const block = encoderBlock({
    width,
    heads,
    hidden,
    dropout: probability,
    activation: (x) => gelu(x),
    rotary: positions === 'rotary',
  })
  const last = layerNorm({ width })
  const blockOf = (isLast: boolean): Stage<TransformerBlockParams, Flow> => ({
    out: width,
    init: (key) => ({
      block: block.init(key),
      ...(isLast ? { normalise: last.init(key) } : {}),
    }),
    apply: (params, { x, mask }, mode) => {
      const steps = { x, causal, ...(mask === undefined ? {} : { keyMask: mask }) }
      const y = block.apply(params.block, steps, mode)
      return summarize(
        params.normalise === undefined ? y : last.apply(params.normalise, y, mode),
        mask,
      )
    },
  })
  const blocks = Array.from({ length: depth }, (_, i) => blockOf(i === depth - 1))
  const entry = entryOf({ input, width, positions, probability, summarize })
  type Any = Stage<TransformerEntryParams | TransformerBlockParams, Flow>
  return stagedTrunk({
    in: input.columns,
    layers: [entry as Any, ...(blocks as readonly Any[])],
    enter: (rows) => ({ ...input.read(rows), summary: rows }),
    read: ({ summary }) => summary,
  })
}
