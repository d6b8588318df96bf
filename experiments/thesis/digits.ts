/** The handwritten digits: 60,000 images to train on, 10,000 to test on, and draws of few labels. */
import { type DataError, type Dataset, hideLabels, type Prepared, shuffled } from '@rootstock/data'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { idxClasses, idxImages } from '../fits/idxImages.ts'

const sizes = { train: 60_000, heldOut: 10_000, test: 10_000 }

/**
 * The data sets. With `validate`, test rows are the last 10,000 of the training images: what settings are chosen by. Pretraining then
 * does without these images too.
 */
export const readDigits = (
  folder: string,
  validate: boolean,
): TaskEither<DataError, Prepared<'class'>> => idxImages('mnist', { folder, validate }, sizes)

/** The data with labels on `count` rows, equally many of each class, drawn by the seed. */
export const balanced = (data: Dataset<'class'>, count: number, seed: number): Dataset<'class'> => {
  const { values } = data.targets.class
  const taken = idxClasses.map(() => 0)
  const rows = shuffled(data.rows, seed).filter((row) => {
    const digit = values[row]!
    taken[digit]!++
    return taken[digit]! <= count / idxClasses.length
  })
  return hideLabels(data, ['class'], rows)
}
