/** Denoising as an objective: corrupt, encode, decode, score. The training loop of `@rootstock/heads` does the rest. */
import {
  ArgumentError,
  exp,
  fullLike,
  type Key,
  log,
  maximum,
  random,
  type Tensor,
  tensor,
  within,
  zeros,
} from '@rootstock/core'
import {
  type Batch,
  type DenseParams,
  dense,
  fixed,
  type Layer,
  type MlpParams,
  type Mode,
  mlp,
  modeOf,
  type Objective,
  observe,
  type Trunk,
  type Weighting,
} from '@rootstock/heads'
import { type Column, type Layout, layoutOf, type Scored } from './column.ts'
import type { Corruption } from './corruption/corruption.ts'
import { type Variance, varianceFloor } from './marginal.ts'
import { cellsOf, kindsOf, reconstructionNats } from './reconstruction.ts'

/** Parameters of a decoder: hidden stages if it has any, the output layer, and the log variances if they are learned. */
export interface DecoderParams {
  readonly hidden?: MlpParams
  readonly output: DenseParams
  readonly logVariance?: Tensor
}

/** Parameters of a denoiser: those of the trunk are what pretraining is for. */
export interface DenoiserParams<TrunkParams> {
  readonly trunk: TrunkParams
  readonly decoder: DecoderParams
}

/** Options of `denoiser`. */
export interface DenoiserOptions<TrunkParams> {
  readonly trunk: Trunk<TrunkParams>
  readonly columns: readonly Column[]
  readonly corruption: Corruption
  /** Widths of hidden stages between the trunk's features and the reconstruction. Default none: a linear decoder. */
  readonly decoder?: readonly number[]
  /** Score all cells, or only the corrupted ones. Default `all`. */
  readonly positions?: 'all' | 'corrupted'
  /** Variance of numbers around their reconstruction, in standardised units. Default 1. */
  readonly variance?: Variance
}

/** An objective whose tasks are the kinds of columns, each in nats per cell. */
export interface Denoiser<TrunkParams>
  extends Objective<DenoiserParams<TrunkParams>, Scored, never> {
  /** Weights that make the combined loss the mean nats per cell of the table. */
  readonly weighting: Weighting<Scored>
  /** The reconstruction of inputs as they are: means of numbers, logits of classes and coins, `[rows, width]`. */
  readonly reconstruct: (params: DenoiserParams<TrunkParams>, inputs: Tensor, mode: Mode) => Tensor
}

const decoderOf = (
  features: number,
  hidden: readonly number[],
  width: number,
  isLearned: boolean,
): Layer<DecoderParams> => {
  const inner = hidden.length === 0 ? null : mlp({ in: features, hidden })
  const output = dense({ in: hidden.at(-1) ?? features, out: width })
  return {
    init: (key) => ({
      ...(inner === null ? {} : { hidden: inner.init(random.fold(key, 0)) }),
      output: output.init(random.fold(key, 1)),
      ...(isLearned ? { logVariance: zeros([width]) } : {}),
    }),
    apply: (params, x, mode) => {
      const y =
        inner === null || params.hidden === undefined ? x : inner.apply(params.hidden, x, mode)
      return output.apply(params.output, y, mode)
    },
  }
}

const weightsOf = (layout: Layout): Weighting<Scored> => {
  const kinds = kindsOf(layout)
  const all = kinds.reduce((sum, kind) => sum + cellsOf(layout, kind), 0)
  const shares = kinds.map((kind) => [kind, cellsOf(layout, kind) / all])
  return fixed(Object.fromEntries(shares) as Record<Scored, number>)
}

// Evaluation uses one noise for ever, so that its losses can be compared between epochs.
const evaluationKey = 0x5eed

/**
 * Builds the objective of denoising.
 * @example
 * ```ts
 * import { mlp } from '@rootstock/heads'
 * import { denoiser, masking } from '@rootstock/pretrain'
 * const columns = [{ name: 'pixels', kind: 'binary', from: 0, to: 4 }] as const
 * const corruption = masking({ probability: 0.3 })
 * const model = denoiser({ trunk: mlp({ in: 4, hidden: [8] }), columns, corruption })
 * console.log(model.tasks) // ['binary']
 * ```
 */
export const denoiser = <TrunkParams>(
  options: DenoiserOptions<TrunkParams>,
): Denoiser<TrunkParams> => {
  const { trunk, columns, corruption, positions = 'all', variance = 1 } = options
  const layout = layoutOf(columns)
  const width = layout.features.length
  if (width !== trunk.in) {
    throw new ArgumentError({
      operation: 'denoiser',
      inputs: { 'trunk.in': trunk.in, 'features of columns': width },
      rule: 'the trunk must take as many features as the columns have',
    })
  }
  if (variance !== 'learned' && !(variance > 0 && Number.isFinite(variance))) {
    throw new ArgumentError({
      operation: 'denoiser',
      inputs: { variance },
      rule: "variance must be a positive number or 'learned'",
    })
  }
  const decoder = decoderOf(trunk.out, options.decoder ?? [], width, variance === 'learned')
  type Params = DenoiserParams<TrunkParams>
  const observed = (params: Params, inputs: Tensor, mode: Mode) => {
    const [features, after] = within('trunk', () =>
      observe(trunk, params.trunk, inputs, modeOf(mode, 0)),
    )
    const outputs = within('decoder', () =>
      decoder.apply(params.decoder, features, modeOf(mode, 1)),
    )
    return [outputs, { ...params, trunk: after }] as const
  }
  const observeLosses = (params: Params, { inputs }: Batch<never>, mode: Mode) => {
    const key = mode.training ? random.fold(mode.key, 2) : random.key(evaluationKey)
    const { corrupted, mask } = corruption(key, inputs, columns)
    const [outputs, after] = observed(params, corrupted, mode)
    const decoded = { outputs, logVariance: logVarianceOf(params.decoder) }
    const scored = positions === 'all' ? fullLike(mask, true) : mask
    const losses = reconstructionNats(layout, inputs, decoded, scored)
    return [losses as Record<Scored, Tensor>, after] as const
  }
  const logVarianceOf = (params: DecoderParams): Tensor =>
    params.logVariance === undefined
      ? tensor(Math.log(variance === 'learned' ? 1 : variance))
      : log(maximum(exp(params.logVariance), varianceFloor))
  return {
    tasks: kindsOf(layout),
    labels: [],
    weighting: weightsOf(layout),
    init: (key: Key) => ({
      trunk: trunk.init(random.fold(key, 0)),
      decoder: decoder.init(random.fold(key, 1)),
    }),
    reconstruct: (params, inputs, mode) => observed(params, inputs, mode)[0],
    losses: (params, batch, mode) => observeLosses(params, batch, mode)[0],
    observe: observeLosses,
  }
}
