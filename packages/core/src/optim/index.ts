/** Optimisers, what they are made of, and schedules: each export a line of its own file. */
export { type AccumulateState, accumulate } from './accumulate.ts'
export {
  type AdadeltaOptions,
  type AdadeltaState,
  type AdagradOptions,
  type AdagradState,
  adadelta,
  adagrad,
  type ScaleByAdadeltaOptions,
  type ScaleByAdagradOptions,
  scaleByAdadelta,
  scaleByAdagrad,
} from './adagrad.ts'
export {
  type AdamOptions,
  type AdamState,
  type AdamWOptions,
  adam,
  adamW,
  type ScaleByAdamOptions,
  scaleByAdam,
} from './adam.ts'
export { type AdamaxOptions, type AdamaxState, adamax, scaleByAdamax } from './adamax.ts'
export { type AverageOptions, type AverageState, withAverage } from './average.ts'
export { chain } from './chain.ts'
export { type ChooseState, choose } from './choose.ts'
export {
  type AdaptiveClipOptions,
  clipAdaptively,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  type GlobalNormOptions,
  globalNorm,
} from './clip.ts'
export { addDecayedWeights, type DecayMask, type DecayOptions } from './decay.ts'
export { type LambOptions, lamb, scaleByTrustRatio } from './lamb.ts'
export {
  type LbfgsOptions,
  lbfgs,
  lbfgsPath,
  type MinimizeOptions,
  type Minimum,
} from './lbfgs.ts'
export {
  type LionOptions,
  type LionState,
  lion,
  type ScaleByLionOptions,
  scaleByLion,
} from './lion.ts'
export { type LookaheadOptions, type LookaheadState, lookahead } from './lookahead.ts'
export type { MomentOptions } from './moments.ts'
export { type MuonOptions, type MuonState, muon, orthogonalize } from './muon.ts'
export {
  type NadamOptions,
  type NadamState,
  nadam,
  type ScaleByNadamOptions,
  scaleByNadam,
} from './nadam.ts'
export { type RadamOptions, radam, scaleByRadam } from './radam.ts'
export {
  type RmsPropOptions,
  type RmsState,
  rmsProp,
  type ScaleByRmsOptions,
  scaleByRms,
} from './rmsProp.ts'
export {
  type Counted,
  descend,
  type RateState,
  type Stateless,
  scale,
  stateless,
} from './scale.ts'
// Schedules
export {
  type CosineDecayOptions,
  type CosineRestartsOptions,
  cosineDecay,
  cosineRestarts,
  type WarmupCosineOptions,
  warmupCosine,
} from './schedules/cosine.ts'
export {
  type CycleOptions,
  type OneCycleMomentumOptions,
  type OneCycleOptions,
  oneCycle,
  oneCycleMomentum,
  type TriangularCycleOptions,
  triangularCycle,
} from './schedules/cycle.ts'
export {
  type ExponentialDecayOptions,
  exponentialDecay,
  type InverseRootDecayOptions,
  type InverseTimeDecayOptions,
  inverseRootDecay,
  inverseTimeDecay,
  type MilestoneDecayOptions,
  milestoneDecay,
  type PolynomialDecayOptions,
  polynomialDecay,
  type StepDecayOptions,
  stepDecay,
} from './schedules/decay.ts'
export {
  type Plateau,
  type PlateauOptions,
  type PlateauState,
  plateau,
} from './schedules/plateau.ts'
export { joinSchedules, type Schedule } from './schedules/schedule.ts'
export { constantWarmup, linearWarmup, type WarmupOptions } from './schedules/warmup.ts'
export {
  type MomentumOptions,
  type MomentumState,
  type SgdOptions,
  type SgdState,
  sgd,
  withMomentum,
} from './sgd.ts'
export { type SharpnessOptions, sharpnessAware } from './sharpness.ts'
export { applyUpdates, type Rate, type Tensors, type Transform } from './transform.ts'
export type { Evaluated, Place } from './vector.ts'
