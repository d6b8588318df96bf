/** From a selected table to the data sets of an experiment, in one step. */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import type { Table } from '../table/table.ts'
import { applyPreprocessing } from './apply.ts'
import type { Dataset } from './dataset.ts'
import { fitPreprocessing } from './fit.ts'
import type { Preprocessing } from './preprocessing.ts'
import type { Selected } from './select.ts'
import { allRows, type Split, type SplitRows, splitRows } from './split.ts'

/** Training and test data, and what was learned from the training rows. */
export interface Prepared<Task extends string = string> {
  readonly preprocessing: Preprocessing
  readonly train: Dataset<Task>
  readonly test: Dataset<Task>
}

/** A second table with the test rows, instead of a split of one. */
export interface TestTable {
  readonly by: 'table'
  readonly test: Table
  /** Row numbers to use of both; default all. */
  readonly trainRows?: Int32Array
  readonly testRows?: Int32Array
}

const partsOf = (split: Split | TestTable, table: Table): E.Either<DataError, SplitRows> => {
  if (split.by !== 'table') return splitRows(split, table)
  const { test, trainRows = allRows(table), testRows = allRows(test) } = split
  return E.right({ train: trainRows, test: testRows })
}

/**
 * Splits, fits preprocessing on the training rows and applies it to both parts.
 *
 * Left: what `splitRows`, `fitPreprocessing` and `applyPreprocessing` give.
 *
 * @example
 * ```ts
 * import { parseCsv, prepare, select } from '@rootstock/data'
 *
 * const menu = parseCsv('dish,price,stars\nfish,12,4\nsoup,5,3\nfish,14,5\n')
 * if (menu._tag === 'Left') throw new Error(menu.left._tag)
 * const selected = select({ inputs: ['dish', 'price'], targets: { quality: 'stars' } })(menu.right)
 * if (selected._tag === 'Left') throw new Error(selected.left._tag)
 * const data = prepare(selected.right, { by: 'modulo', divisor: 3, test: 2 })
 * if (data._tag === 'Left') throw new Error(data.left._tag)
 * console.log(data.right.train.rows, data.right.test.rows) // 2 1
 * ```
 */
export const prepare = <Task extends string>(
  selected: Selected<Task>,
  split: Split | TestTable,
): E.Either<DataError, Prepared<Task>> => {
  const { table } = selected
  const rows = partsOf(split, table)
  if (E.isLeft(rows)) return rows
  const fitted = fitPreprocessing(selected, rows.right.train)
  if (E.isLeft(fitted)) return fitted
  const preprocessing = fitted.right
  // Targets of a fitted selection are those of the selection.
  const apply = (from: Table, chosen: Int32Array) =>
    applyPreprocessing(preprocessing, from, { rows: chosen }) as E.Either<DataError, Dataset<Task>>
  const train = apply(table, rows.right.train)
  if (E.isLeft(train)) return train
  const test = apply(split.by === 'table' ? split.test : table, rows.right.test)
  return E.isLeft(test) ? test : E.right({ preprocessing, train: train.right, test: test.right })
}
