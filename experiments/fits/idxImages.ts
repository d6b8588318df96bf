/** MNIST and data sets that lie in files as it does. */
import {
  type DataError,
  joinColumns,
  type Prepared,
  prepare,
  readTable,
  select,
} from '@rootstock/data'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitContext } from './fit.ts'

/** The ten classes, by the numbers that the files have for them. */
export const idxClasses = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

const read = (folder: string, part: 'train' | 't10k') =>
  pipe(
    [
      readTable(`${folder}/${part}-images-idx3-ubyte.gz`, { name: 'image' }),
      readTable(`${folder}/${part}-labels-idx1-ubyte.gz`, { name: 'class' }),
    ],
    TE.sequenceSeqArray,
    TE.flatMapEither(joinColumns),
  )

const first = (rows: number, most = rows): Int32Array =>
  Int32Array.from({ length: Math.min(rows, most) }, (_, i) => i)

// The last training images, which are enough to tell settings apart.
const heldOut = 5000

/**
 * Images of 28 x 28 pixels from 0 to 1 and their classes: all that train and all that test, or the same of the training
 * images alone.
 */
export const idxImages = (
  name: string,
  { folder, validate, limit }: FitContext,
): TE.TaskEither<DataError, Prepared<'class'>> =>
  pipe(
    read(`${folder}/${name}`, 'train'),
    TE.bindTo('table'),
    TE.bind('test', ({ table }) =>
      validate ? TE.right(table) : read(`${folder}/${name}`, 't10k'),
    ),
    TE.flatMapEither(({ table, test }) => {
      const kept = validate ? table.rows - heldOut : table.rows
      const tested = validate ? first(heldOut).map((row) => kept + row) : first(test.rows)
      const trainRows = first(kept, limit?.rows)
      const testRows = tested.subarray(0, limit?.rows)
      const target = { column: 'class', kind: 'classification', classes: idxClasses } as const
      return pipe(
        select({ inputs: ['image'], targets: { class: target } })(table),
        E.flatMap((selected) => prepare(selected, { by: 'table', test, trainRows, testRows })),
      )
    }),
  )
