/** From a selected table to the data sets of an experiment, in one step. */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import type { Table } from '../table/table.ts'
import { applyPreprocessing } from './apply.ts'
import type { Dataset } from './dataset.ts'
import { fitPreprocessing } from './fit.ts'
import type { Preprocessing } from './preprocessing.ts'
import type { Selected } from './select.ts'
import { allRows, type Split, splitRows } from './split.ts'

/** Training and test data, and what was learned from the training rows. */
export interface Prepared {
  readonly preprocessing: Preprocessing
  readonly train: Dataset
  readonly test: Dataset
}

/** A second table with the test rows, instead of a split of one. */
export interface TestTable {
  readonly by: 'table'
  readonly test: Table
  /** Row numbers to use of both; default all. */
  readonly trainRows?: Int32Array
  readonly testRows?: Int32Array
}

/**
 * Splits, fits preprocessing on the training rows and applies it to both parts.
 *
 * Left: what `splitRows`, `fitPreprocessing` and `applyPreprocessing` give.
 */
export const prepare = (
  selected: Selected,
  split: Split | TestTable,
): E.Either<DataError, Prepared> => {
  const { table } = selected
  const rows =
    split.by === 'table'
      ? E.right({
          train: split.trainRows ?? allRows(table),
          test: split.testRows ?? allRows(split.test),
        })
      : splitRows(split, table)
  if (E.isLeft(rows)) return rows
  const fitted = fitPreprocessing(selected, rows.right.train)
  if (E.isLeft(fitted)) return fitted
  const preprocessing = fitted.right
  const train = applyPreprocessing(preprocessing, table, { rows: rows.right.train })
  if (E.isLeft(train)) return train
  const testTable = split.by === 'table' ? split.test : table
  const test = applyPreprocessing(preprocessing, testTable, { rows: rows.right.test })
  return E.isLeft(test) ? test : E.right({ preprocessing, train: train.right, test: test.right })
}
