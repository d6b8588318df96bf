/** A config and its data from files: what a script needs before it can train. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DataFileConfig } from './config/dataConfig.ts'
import { type ExperimentConfig, parseConfig } from './config/experimentConfig.ts'
import type { ConfigError } from './config/problem.ts'
import type { DataError } from './error.ts'
import { type Prepared, prepare } from './features/prepare.ts'
import { select } from './features/select.ts'
import type { TableOptions } from './formats/parseTable.ts'
import { readTable } from './readTable.ts'
import { dropMissing, joinColumns, renameValues, type Table } from './table/table.ts'

/**
 * Reads and decodes a config file. Left: `ConfigUnreadable`, `ConfigSyntax`, `ConfigInvalid`.
 *
 * @example
 * ```ts
 * import { explainConfig, readConfig } from '@rootstock/data'
 *
 * const config = await readConfig('nowhere.json')()
 * if (config._tag === 'Left') console.log(explainConfig(config.left)) // nowhere.json: cannot be read: there is no such file
 * ```
 */
export const readConfig =
  (path: string): TE.TaskEither<ConfigError, ExperimentConfig> =>
  async () => {
    try {
      return parseConfig(await readFile(path, 'utf8'), path)
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
      const reason = code === 'ENOENT' ? 'there is no such file' : String(code ?? thrown)
      return E.left({ _tag: 'ConfigUnreadable', file: path, reason })
    }
  }

// The codec writes absent options as absent or undefined; only the present ones are options.
const optionsOf = ({ path: _, ...options }: DataFileConfig): TableOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

const readFiles = (
  files: readonly DataFileConfig[],
  folder: string,
  like?: Table,
): TE.TaskEither<DataError, Table> =>
  pipe(
    files,
    // One after the other: a data set is read at the speed of one core anyway, and errors come in order.
    TE.traverseSeqArray((file) =>
      readTable(resolve(folder, file.path), {
        ...optionsOf(file),
        file: file.path,
        ...(like === undefined ? {} : { like }),
      }),
    ),
    TE.flatMapEither(joinColumns),
  )

const cleaned =
  ({ dropMissing: names, rename }: ExperimentConfig['data']) =>
  (from: Table): E.Either<DataError, Table> =>
    pipe(
      Object.entries(rename ?? {}),
      RA.reduce(E.right<DataError, Table>(from), (table, [column, values]) =>
        E.flatMap(table, (t) => renameValues(t, column, values)),
      ),
      E.flatMap((table) => dropMissing(table, names ?? [])),
    )

const firstRows = (table: Table, limit: number | undefined): Int32Array =>
  Int32Array.from({ length: Math.min(table.rows, limit ?? table.rows) }, (_, i) => i)

// The column that tells training rows from test rows says nothing else; it is an input only if it is named as one.
const exceptionsOf = ({ inputs, except = [], split }: ExperimentConfig): readonly string[] => {
  if (split.by !== 'column') return except
  const { column } = split
  const isNamed = inputs.some(
    (entry) => (typeof entry === 'string' ? entry : entry.column) === column,
  )
  return isNamed ? except : [...except, column]
}

const prepareTables = (
  config: ExperimentConfig,
  table: Table,
  test: Table | undefined,
): E.Either<DataError, Prepared> => {
  const { inputs, targets, split } = config
  return pipe(
    select({ inputs, except: exceptionsOf(config), targets })(table),
    E.flatMap((selected) => {
      if (split.by === 'fraction')
        return prepare(selected, { ...split, seed: split.seed ?? config.seed })
      if (split.by !== 'files') return prepare(selected, split)
      const testTable = test ?? table
      const trainRows = firstRows(table, split.train)
      const testRows = firstRows(testTable, split.test)
      return prepare(selected, { by: 'table', test: testTable, trainRows, testRows })
    }),
  )
}

/**
 * Reads, cleans, splits and preprocesses the data of an experiment. Paths are relative to `folder` (that of the config, or
 * what `--data` says); messages show them as the config writes them.
 *
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 * import { decodeConfig, readExperimentData } from '@rootstock/data'
 *
 * await writeFile('menu.csv', 'dish,price,stars\nfish,12,4\nsoup,5,3\nfish,14,5\n')
 * const config = decodeConfig({
 *   name: 'menu',
 *   data: { files: [{ path: 'menu.csv' }] },
 *   inputs: ['*'],
 *   targets: { quality: 'stars' },
 *   split: { by: 'modulo', divisor: 3, test: 2 },
 *   trunk: { hidden: [8] },
 * })
 * if (config._tag === 'Left') throw new Error(config.left._tag)
 * const data = await readExperimentData(config.right, { folder: '.' })()
 * if (data._tag === 'Right') console.log(data.right.train.rows, data.right.test.rows) // 2 1
 * ```
 */
export const readExperimentData = (
  config: ExperimentConfig,
  { folder }: { readonly folder: string },
): TE.TaskEither<DataError, Prepared> =>
  pipe(
    TE.Do,
    TE.bind('table', () =>
      pipe(readFiles(config.data.files, folder), TE.flatMapEither(cleaned(config.data))),
    ),
    TE.bind('test', ({ table }) =>
      config.data.test === undefined
        ? TE.right(undefined)
        : pipe(readFiles(config.data.test, folder, table), TE.flatMapEither(cleaned(config.data))),
    ),
    TE.flatMapEither(({ table, test }) => prepareTables(config, table, test)),
  )
