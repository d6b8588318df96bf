/** A model of texts, character by character: what comes next, given everything before it. */
import { cast, random, type Tensor } from '@rootstock/core'
import {
  crossEntropy,
  type DenseParams,
  dense,
  dropout,
  type EmbeddingParams,
  embedding,
  type GruParams,
  gruCell,
  type Mode,
  modeOf,
  type Objective,
  recurrent,
} from '@rootstock/heads'

/** Parameters of a character model. */
export interface CharacterParams {
  readonly embedding: EmbeddingParams
  readonly recurrent: GruParams
  readonly dense: DenseParams
}

/** Sizes of a character model. */
export interface CharacterOptions {
  /** How many characters there are. */
  readonly count: number
  /** Width of a character's vector. */
  readonly embedding: number
  /** Width of the state. */
  readonly width: number
  /** Probability of dropping what the state shows. */
  readonly dropout: number
}

/** An objective that can be asked what it expects. */
export interface CharacterModel extends Objective<CharacterParams, 'next'> {
  /** Of each character as the next after each step, `[n, steps, count]`, for int32 codes `[n, steps]`. */
  readonly logits: (params: CharacterParams, codes: Tensor, mode: Mode) => Tensor
}

/**
 * A gated recurrence over rows of character codes `[n, steps]`; the labels are the codes that follow, and the loss is the mean of
 * `-log p(next)` over all steps, in nats.
 */
export const characterModel = (options: CharacterOptions): CharacterModel => {
  const { count, width } = options
  const table = embedding({ count, width: options.embedding })
  const reader = recurrent(gruCell({ in: options.embedding, out: width }))
  const drop = dropout({ probability: options.dropout })
  const writer = dense({ in: width, out: count })
  const logits = (params: CharacterParams, codes: Tensor, mode: Mode): Tensor => {
    const x = table.apply(params.embedding, codes, mode)
    const { outputs } = reader.apply(params.recurrent, { x }, mode)
    return writer.apply(params.dense, drop.apply({}, outputs, modeOf(mode, 0)), mode)
  }
  return {
    tasks: ['next'],
    labels: ['next'],
    logits,
    init: (key) => ({
      embedding: table.init(random.fold(key, 0)),
      recurrent: reader.init(random.fold(key, 1)),
      dense: writer.init(random.fold(key, 2)),
    }),
    losses: (params, { inputs, targets: { next } }, mode) => ({
      next: crossEntropy(logits(params, cast(inputs, 'int32'), mode), next.values, {
        mask: next.mask,
      }),
    }),
  }
}
