/** The arms that nearly every comparison has: from scratch, a probe, and fine-tuning. */
import { type Dataset, shuffled, takeExamples } from '@rootstock/data'
import {
  type FitOptions,
  fit,
  type Heads,
  type Multitask,
  type MultitaskParams,
  type TaskOf,
  trainingRows,
} from '@rootstock/heads'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type FineTuneOptions, fineTune } from '../transfer/fineTune.ts'
import { type LinearHeads, type LinearProbeOptions, linearProbe } from '../transfer/linearProbe.ts'
import { type Arm, type ArmContext, type Pretrained, pretrainedFor } from './arm.ts'

/** How an arm trains. Give all arms of a comparison the same, or the comparison is one of budgets. */
export interface TrainingOptions<TrunkParams, H extends Heads>
  extends Pick<
    FitOptions<MultitaskParams<TrunkParams, H>, TaskOf<H>>,
    'optimizer' | 'epochs' | 'batchSize' | 'weighting'
  > {
  readonly model: Multitask<TrunkParams, H>
  /** The least number of steps, however few labels there are. Default 500. */
  readonly minSteps?: number
  /**
   * The share of labelled rows that is kept from training to choose the best epoch by, and to stop when there is no improvement for
   * `patience` epochs. Default none: few labels are better spent on training.
   */
  readonly validation?: number
  /** Epochs without improvement on the validation rows after which to stop. Default never. */
  readonly patience?: number
}

/** Options of `probe`. */
export interface ProbeOptions<TrunkParams, H extends LinearHeads>
  extends Pick<LinearProbeOptions<TrunkParams, H>, 'model' | 'l2' | 'maxSteps'> {
  readonly trunk: Pretrained<TrunkParams>
}

/** Options of `fineTuned`. */
export interface FineTunedOptions<TrunkParams, H extends LinearHeads>
  extends TrainingOptions<TrunkParams, H>,
    Pick<FineTuneOptions<TrunkParams, H>, 'strategy' | 'rate' | 'l2'> {
  readonly trunk: Pretrained<TrunkParams>
}

/** Enough for a small network to fit a few dozen rows. */
const defaultMinSteps = 500

// Beside the streams that draw labels.
const validationStream = 0x7a11d

/** The labelled rows in two parts, or all of them to train on. */
const divide = (
  data: Dataset,
  tasks: readonly string[],
  share: number | undefined,
  seed: number,
): { readonly data: Dataset; readonly validation?: Dataset } => {
  if (share === undefined) return { data }
  const rows = trainingRows('compare', data, tasks)
  const count = Math.max(1, Math.round(share * rows.length))
  if (!(share > 0 && share < 1) || count === rows.length) return { data }
  const order = shuffled(rows.length, seed, validationStream).map((place) => rows[place]!)
  return {
    data: takeExamples(data, order.subarray(count).toSorted()),
    validation: takeExamples(data, order.subarray(0, count).toSorted()),
  }
}

/** The options of `fit` that training options and a context come to. */
const fitOptionsOf = <TrunkParams, H extends Heads>(
  options: TrainingOptions<TrunkParams, H>,
  { data, seed, signal, onEvent }: ArmContext,
) => {
  const { model, optimizer, epochs, batchSize, weighting, validation, patience } = options
  const parts = divide(data, model.tasks, validation, seed)
  return {
    model,
    optimizer,
    epochs,
    batchSize,
    minSteps: options.minSteps ?? defaultMinSteps,
    seed,
    onEvent,
    ...parts,
    ...(weighting === undefined ? {} : { weighting }),
    ...(parts.validation === undefined ? {} : { keep: 'best' as const }),
    ...(parts.validation === undefined || patience === undefined ? {} : { patience }),
    ...(signal === undefined ? {} : { signal }),
  }
}

/**
 * The arm that knows the labelled rows only: initial parameters from the seed, all of them trained.
 * @example
 * ```ts
 * import { adam } from '@rootstock/core'
 * import { scratch } from '@rootstock/eval'
 * import { mlp, multitask, regression } from '@rootstock/heads'
 * const model = multitask(mlp({ in: 4, hidden: [16] }), { price: regression() })
 * const arm = scratch({ model, optimizer: adam(), epochs: 30, batchSize: 32 })
 * console.log(typeof arm) // function
 * ```
 */
export const scratch =
  <TrunkParams, H extends Heads>(
    options: TrainingOptions<TrunkParams, H>,
  ): Arm<MultitaskParams<TrunkParams, H>> =>
  (context) =>
    pipe(
      fit<MultitaskParams<TrunkParams, H>, TaskOf<H>>(fitOptionsOf(options, context)),
      TE.map(({ params }) => params),
    )

/**
 * The arm that trains linear heads on a trunk that stays as it is.
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * import { probe } from '@rootstock/eval'
 * import { mlp, multitask, regression } from '@rootstock/heads'
 * const model = multitask(mlp({ in: 4, hidden: [16] }), { price: regression() })
 * const arm = probe({ model, trunk: (seed) => model.init(random.key(seed)).trunk })
 * console.log(typeof arm) // function
 * ```
 */
export const probe =
  <TrunkParams, H extends LinearHeads>(
    options: ProbeOptions<TrunkParams, H>,
  ): Arm<MultitaskParams<TrunkParams, H>> =>
  ({ data, seed, signal, onEvent }) =>
    pipe(
      linearProbe<TrunkParams, H>({
        ...options,
        trunk: pretrainedFor(options.trunk, seed),
        data,
        signal,
        onEvent,
      }),
      TE.map(({ params }) => params),
    )

/**
 * The arm that trains all parameters, or the heads, from a trunk trained elsewhere, by one of the strategies of `fineTune`.
 * @example
 * ```ts
 * import { adam, random } from '@rootstock/core'
 * import { fineTuned } from '@rootstock/eval'
 * import { mlp, multitask, regression } from '@rootstock/heads'
 * const model = multitask(mlp({ in: 4, hidden: [16] }), { price: regression() })
 * const { trunk } = model.init(random.key(0))
 * const arm = fineTuned({ model, trunk, strategy: 'full', optimizer: adam(), epochs: 30, batchSize: 32 })
 * console.log(typeof arm) // function
 * ```
 */
export const fineTuned =
  <TrunkParams, H extends LinearHeads>(
    options: FineTunedOptions<TrunkParams, H>,
  ): Arm<MultitaskParams<TrunkParams, H>> =>
  (context) => {
    const { strategy, rate, l2 } = options
    return pipe(
      fineTune<TrunkParams, H>({
        ...fitOptionsOf(options, context),
        trunk: pretrainedFor(options.trunk, context.seed),
        ...(strategy === undefined ? {} : { strategy }),
        ...(rate === undefined ? {} : { rate }),
        ...(l2 === undefined ? {} : { l2 }),
      }),
      TE.map(({ params }) => params),
    )
  }
