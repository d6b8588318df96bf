/** What customers of a bank want, from what they write. */
import {
  column,
  type DataError,
  type Prepared,
  prepare,
  readTable,
  select,
  type Table,
} from '@rootstock/data'
import { evaluate } from '@rootstock/eval'
import { classification, mlp, multitask } from '@rootstock/heads'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Fit, type FitContext, unusable } from './fit.ts'
import { train } from './training.ts'

const rowsWhere = (count: number, isWanted: (row: number) => boolean): Int32Array =>
  Int32Array.from({ length: count }, (_, row) => row).filter(isWanted)

const intentsOf = (table: Table): E.Either<DataError, readonly string[]> =>
  pipe(
    column(table, 'category'),
    E.map((found) => (found.kind === 'string' ? found.dictionary.toSorted() : [])),
  )

interface Questions extends Prepared<'intent'> {
  readonly intents: readonly string[]
}

/** Questions as grams, and their intents; to choose settings by, every fifth training row is held out. */
const questions = ({ folder, validate, limit }: FitContext): TE.TaskEither<DataError, Questions> =>
  pipe(
    readTable(`${folder}/text/banking77/train.csv`),
    TE.bindTo('table'),
    TE.bind('intents', ({ table }) => TE.fromEither(intentsOf(table))),
    TE.bind('test', ({ table }) =>
      validate ? TE.right(table) : readTable(`${folder}/text/banking77/test.csv`),
    ),
    TE.flatMapEither(({ table, intents, test }) => {
      const isHeldOut = (row: number) => validate && row % 5 === 3
      const trainRows = rowsWhere(table.rows, (row) => !isHeldOut(row)).subarray(0, limit?.rows)
      const tested = rowsWhere(test.rows, (row) => !validate || isHeldOut(row))
      const testRows = tested.subarray(0, limit?.rows)
      const intent = { column: 'category', kind: 'classification', classes: intents } as const
      return pipe(
        select({ inputs: [{ column: 'text', kind: 'text', features: 6144 }], targets: { intent } })(
          table,
        ),
        E.flatMap((selected) => prepare(selected, { by: 'table', test, trainRows, testRows })),
        E.map((prepared) => ({ ...prepared, intents })),
      )
    }),
  )

/** A perceptron on words, pairs of words and pieces of words. */
export const banking77: Fit = {
  description: 'banking77 from raw text, accuracy at least .90',
  run: (context) =>
    pipe(
      questions(context),
      TE.mapLeft(unusable),
      TE.bindTo('data'),
      TE.let('model', ({ data }) =>
        multitask(
          mlp({ in: data.train.width, hidden: [512], dropout: { input: 0.4, hidden: 0.6 } }),
          { intent: classification({ classes: data.intents }) },
        ),
      ),
      TE.bind('fitted', ({ data, model }) =>
        train(
          { model, data: data.train, epochs: 15, batchSize: 64, seed: 1, rate: 1e-3, decay: 0.1 },
          context,
        ),
      ),
      TE.map(({ data, model, fitted }) => {
        const { accuracy } = evaluate(model, fitted.params, data.test).intent
        return [{ what: 'accuracy', value: accuracy, atLeast: 0.9 }]
      }),
    ),
}
