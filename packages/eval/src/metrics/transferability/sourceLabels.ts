/** Scores of a model by what its own labels, those of its source task, tell about the targets. */
import { ArgumentError } from '@rootstock/core'
import type { PredictionBatch } from '../batch.ts'
import { type Counts, counting, perClass } from '../counts.ts'
import { checkClasses, checkRows, type Numbers, type Weighted, weightOf } from '../rows.ts'
import { once, type Stream } from '../stream.ts'

/** `negativeConditionalEntropy` of batches. */
export const negativeConditionalEntropyStream = (): Stream<PredictionBatch, Counts, number> =>
  counting('negativeConditionalEntropy', {}, (counts) => {
    const { classes, table } = counts
    const parts = perClass(counts)
    let sum = 0
    let rows = 0
    table.forEach((both, i) => {
      if (both === 0) return
      rows += both
      sum += both * Math.log(both / parts[i % classes]!.predictions)
    })
    return sum / rows
  })

/**
 * The negative conditional entropy of targets given source labels, -H(Y|Z) = sum of p(y, z) ln p(y | z), in nats: 0 when the
 * source label determines the target, and less the less it tells. NaN when no row counts.
 * (Tran, Nguyen and Hassner, Transferability and hardness of supervised classification tasks, 2019.)
 *
 * @example
 * ```ts
 * import { negativeConditionalEntropy } from '@rootstock/eval'
 * console.log(negativeConditionalEntropy([0, 0, 1, 1], [2, 2, 2, 0])) // -0.477...
 * ```
 */
export const negativeConditionalEntropy = (
  targets: Numbers,
  sourceLabels: Numbers,
  options: Weighted = {},
): number =>
  once(negativeConditionalEntropyStream(), { ...options, targets, predictions: sourceLabels })

/** Options of `leep`. */
export interface LeepOptions extends Weighted {
  /** How many classes the targets have. */
  readonly classes: number
  /** How many classes the source task has: the probabilities of each row. */
  readonly sourceClasses: number
}

/** Sums of source probabilities over the rows of each target class, row-major [classes, source classes]. */
const jointOf = (
  targets: Numbers,
  probabilities: Numbers,
  weights: Numbers | undefined,
  { classes, sourceClasses }: LeepOptions,
): Float64Array => {
  const joint = new Float64Array(classes * sourceClasses)
  for (let row = 0; row < targets.length; row++) {
    const weight = weightOf(weights, row)
    if (weight === 0) continue
    for (let z = 0; z < sourceClasses; z++) {
      const probability = probabilities[row * sourceClasses + z]!
      if (!(probability >= 0 && probability < Infinity))
        throw new ArgumentError({
          operation: 'leep',
          inputs: { probabilities: `${probabilities.length} numbers` },
          rule: `probabilities must be finite and not negative, but row ${row} has ${probability}`,
        })
      joint[targets[row]! * sourceClasses + z]! += weight * probability
    }
  }
  return joint
}

/** p(y | z) from the joint sums; 0 for a source class that no row may have. */
const conditional = (joint: Float64Array, sourceClasses: number): Float64Array => {
  const marginal = new Float64Array(sourceClasses)
  joint.forEach((sum, i) => {
    marginal[i % sourceClasses]! += sum
  })
  return joint.map((sum, i) => (sum === 0 ? 0 : sum / marginal[i % sourceClasses]!))
}

/**
 * LEEP, the log expected empirical prediction: the mean of ln(sum over source classes z of p(y | z) p(z | x)), in nats, where
 * p(z | x) are the model's probabilities of its source task, row-major [rows, sourceClasses], and p(y | z) is read off the
 * rows themselves. At most 0; with sure probabilities it is `negativeConditionalEntropy`. NaN when no row counts.
 * (Nguyen, Hassner, Seeger and Archambeau, LEEP: a new measure to evaluate transferability of learned representations, 2020.)
 *
 * @example
 * ```ts
 * import { leep } from '@rootstock/eval'
 * const probabilities = [0.9, 0.1, 0.8, 0.2, 0.1, 0.9]
 * console.log(leep([0, 0, 1], probabilities, { classes: 2, sourceClasses: 2 })) // -0.244...
 * ```
 */
export const leep = (targets: Numbers, probabilities: Numbers, options: LeepOptions): number => {
  const { classes, sourceClasses } = options
  const columns = { targets, name: 'probabilities', second: probabilities, width: sourceClasses }
  const weights = checkRows('leep', columns, options)
  checkClasses('leep', 'targets', targets, classes, weights)
  const joint = jointOf(targets, probabilities, weights, options)
  const chances = conditional(joint, sourceClasses)
  let sum = 0
  let rows = 0
  for (let row = 0; row < targets.length; row++) {
    const weight = weightOf(weights, row)
    if (weight === 0) continue
    let expected = 0
    for (let z = 0; z < sourceClasses; z++)
      expected +=
        chances[targets[row]! * sourceClasses + z]! * probabilities[row * sourceClasses + z]!
    sum += weight * Math.log(expected)
    rows += weight
  }
  return sum / rows
}
