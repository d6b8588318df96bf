/** What a run hands to its report: the comparison and all around it that a reader asks for next. All of it is JSON. */
import type { Comparison } from '../comparison/comparison.ts'

/** The seconds a phase took ("pretraining"). */
export interface PhaseTime {
  readonly name: string
  readonly seconds: number
}

/** A loss over training steps. Without an `arm` it belongs to the run as a whole (pretraining). */
export interface LossCurve {
  /** `pretraining`, `fine-tuning` ...: the heading it stands under. */
  readonly phase: string
  /** The task, or the part of the reconstruction, whose loss this is. */
  readonly task: string
  readonly arm?: string
  readonly labels?: number
  readonly seed?: number
  /** Pairs of step and loss, in the order of the steps. */
  readonly points: readonly (readonly [step: number, loss: number])[]
}

/** A comparison with its circumstances. */
export interface Run extends Comparison {
  /** The backend that computed it ("wasm"). */
  readonly backend: string
  readonly phases: readonly PhaseTime[]
  /** The experiment's config as it was decoded, any JSON. */
  readonly config: unknown
  readonly curves: readonly LossCurve[]
}
