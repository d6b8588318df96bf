/** The head for one of several classes. */
import { ArgumentError, softmax, type Tensor } from '@rootstock/core'
import { crossEntropy } from '../losses/classes.ts'
import type { Head } from './head.ts'
import { type LinearHeadOptions, type LinearHeadParams, linearHead } from './linearHead.ts'

/** What a classification head predicts for each row. */
export interface Classified<Class extends string> {
  /** `[rows, classes]`. */
  readonly logits: Tensor
  /** `[rows, classes]`: softmax of the logits. */
  readonly probabilities: Tensor
  /** Names of the columns of `logits` and `probabilities`. */
  readonly classes: readonly Class[]
}

/** A head that tells classes apart. */
export interface Classification<Class extends string>
  extends Head<'classification', LinearHeadParams, Classified<Class>> {
  readonly classes: readonly Class[]
}

/** Options of `classification`. */
export interface ClassificationOptions<Class extends string> extends LinearHeadOptions {
  /** Names of the classes, in the order of their codes. */
  readonly classes: readonly Class[]
}

/**
 * A softmax classifier on the trunk's features. Loss: the mean over labelled rows of `-log softmax(logits)[label]`, in nats.
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { classification, evaluation } from '@rootstock/heads'
 * const head = classification({ classes: ['cat', 'dog'] })
 * const params = head.init(random.key(0), 8)
 * const predicted = head.predict(head.outputs(params, ones([3, 8]), evaluation))
 * console.log(predicted.probabilities.shape, predicted.classes) // [3, 2] ['cat', 'dog']
 * ```
 */
export const classification = <const Class extends string>(
  options: ClassificationOptions<Class>,
): Classification<Class> => {
  const { classes } = options
  if (classes.length < 2 || new Set(classes).size < classes.length) {
    throw new ArgumentError({
      operation: 'classification',
      inputs: { classes: [...classes] },
      rule: 'classes must be at least two different names',
    })
  }
  return {
    kind: 'classification',
    classes,
    ...linearHead(classes.length, options),
    predict: (logits) => ({ logits, probabilities: softmax(logits, { axis: -1 }), classes }),
    loss: (logits, { values, mask }) => crossEntropy(logits, values, { mask }),
  }
}
