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

const range = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: to - from }, (_, i) => from + i)

/** How many rows there are to use, from the first on; `heldOut` are the last of those for training. */
export interface Sizes {
  readonly train: number
  readonly heldOut: number
  readonly test: number
}

/** All of MNIST or Fashion-MNIST. */
const all: Sizes = { train: 60_000, heldOut: 5000, test: 10_000 }

/** Which rows of the files train and which are scored. */
export interface Images extends Prepared<'class'> {
  /** Number of the first scored row in its file. */
  readonly firstTest: number
}

/**
 * Images of 28 x 28 pixels from 0 to 1 and their classes: all that train and all that test, or the same of the training images
 * alone.
 */
export const idxImages = (
  name: string,
  { folder, validate, limit }: Omit<FitContext, 'say'>,
  sizes: Sizes = all,
): TE.TaskEither<DataError, Images> => {
  const most = limit?.rows ?? Number.POSITIVE_INFINITY
  const kept = validate ? sizes.train - sizes.heldOut : sizes.train
  const firstTest = validate ? kept : 0
  const tested = Math.min(validate ? sizes.heldOut : sizes.test, most)
  const target = { column: 'class', kind: 'classification', classes: idxClasses } as const
  return pipe(
    read(`${folder}/${name}`, 'train'),
    TE.bindTo('table'),
    TE.bind('test', ({ table }) =>
      validate ? TE.right(table) : read(`${folder}/${name}`, 't10k'),
    ),
    TE.flatMapEither(({ table, test }) =>
      pipe(
        select({ inputs: ['image'], targets: { class: target } })(table),
        E.flatMap((selected) =>
          prepare(selected, {
            by: 'table',
            test,
            trainRows: range(0, Math.min(kept, most)),
            testRows: range(firstTest, firstTest + tested),
          }),
        ),
      ),
    ),
    TE.map((prepared) => ({ ...prepared, firstTest })),
  )
}
