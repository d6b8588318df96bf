/** The handwritten digits: 60,000 images to train on, 10,000 to test on, and draws of few labels. */
import {
  type DataError,
  type Dataset,
  hideLabels,
  joinColumns,
  type Prepared,
  prepare,
  readTable,
  type Split,
  select,
  shuffled,
  type Table,
  type TestTable,
} from '@rootstock/data'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

/** The classes. */
export const classes = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/** Training images from here on can take the place of the test images. */
const firstHeldOut = 50_000

const readPair = (folder: string, part: 'train' | 't10k'): TE.TaskEither<DataError, Table> =>
  pipe(
    [
      { file: `${part}-images-idx3-ubyte.gz`, name: 'image' },
      { file: `${part}-labels-idx1-ubyte.gz`, name: 'digit' },
    ],
    TE.traverseSeqArray(({ file, name }) => readTable(`${folder}/mnist/${file}`, { name })),
    TE.flatMapEither(joinColumns),
  )

/**
 * The data sets. With `validate`, test rows are the last 10,000 of the training images: what settings are chosen by. Pretraining then
 * does without these images too.
 */
export const readDigits = (
  folder: string,
  validate: boolean,
): TE.TaskEither<DataError, Prepared<'digit'>> =>
  pipe(
    readPair(folder, 'train'),
    TE.bindTo('table'),
    TE.bind('split', ({ table }): TE.TaskEither<DataError, Split | TestTable> => {
      const { rows } = table
      return validate
        ? TE.right({ by: 'rows', train: [0, firstHeldOut], test: [firstHeldOut, rows] })
        : pipe(
            readPair(folder, 't10k'),
            TE.map((test) => ({ by: 'table', test })),
          )
    }),
    TE.flatMapEither(({ table, split }) =>
      pipe(
        select({ inputs: ['image'], targets: { digit: { column: 'digit', classes } } })(table),
        E.flatMap((selected) => prepare(selected, split)),
      ),
    ),
  )

/** The data with labels on `count` rows, equally many of each class, drawn by the seed. */
export const balanced = (data: Dataset<'digit'>, count: number, seed: number): Dataset<'digit'> => {
  const { values } = data.targets.digit
  const taken = classes.map(() => 0)
  const rows = shuffled(data.rows, seed).filter((row) => {
    const digit = values[row]!
    taken[digit]!++
    return taken[digit]! <= count / classes.length
  })
  return hideLabels(data, ['digit'], rows)
}
