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
export { type AsgdOptions, asgd } from './asgd.ts'
export {
  type AverageOptions,
  type AverageState,
  type RunningAverage,
  type RunningAverageState,
  runningAverage,
  withAverage,
} from './average.ts'
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
export {
  type Curvature,
  type CurvatureOptions,
  curvature,
  type Estimate,
} from './curvature.ts'
export { addDecayedWeights, type DecayMask, type DecayOptions } from './decay.ts'
export {
  type GradientVerdict,
  gradientHealth,
  type HealthLimits,
  type ParameterHealth,
} from './gradientHealth.ts'
export { type LambOptions, lamb, scaleByTrustRatio } from './lamb.ts'
export { type LanczosOptions, lanczos, type Spectrum } from './lanczos.ts'
export { type LarsOptions, lars } from './lars.ts'
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
  type RestartOptions,
  type Restarts,
  restarts,
  restartsNeeded,
  type Share,
} from './restarts.ts'
export {
  type RmsPropOptions,
  type RmsState,
  rmsProp,
  type ScaleByRmsOptions,
  scaleByRms,
} from './rmsProp.ts'
export { type RpropOptions, type RpropState, rprop } from './rprop.ts'
export { type Escape, type SaddleOptions, type Stationarity, saddleTest } from './saddle.ts'
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
