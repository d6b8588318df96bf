/** The hourly load and oil temperature of an electricity transformer, by the split and the scale of the literature. */
import { column, type DataError, readTable, type Table } from '@rootstock/data'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitContext } from './fit.ts'

/** The seven columns of numbers. */
const channels = ['HUFL', 'HULL', 'MUFL', 'MULL', 'LUFL', 'LULL', 'OT'] as const

// Twelve months of thirty days to train, four to choose by, four to test (Zhou et al., Informer, 2021).
const month = 30 * 24
const ends = { train: 12 * month, validation: 16 * month, test: 20 * month }

/** A part of the series: targets lie in it, what they are forecast from may reach back before it. */
export type Part = keyof typeof ends

/** Each channel's values, standardised by the mean and deviation of the rows to train on. */
export type Series = readonly Float64Array[]

/** How far a forecast looks back and ahead, in hours. */
export interface Span {
  readonly back: number
  readonly ahead: number
}

const standardised = (values: ArrayLike<number>): Float64Array => {
  const result = Float64Array.from(values)
  const known = result.subarray(0, ends.train)
  const mean = known.reduce((total, value) => total + value, 0) / known.length
  const squares = known.reduce((total, value) => total + (value - mean) ** 2, 0)
  const deviation = Math.sqrt(squares / known.length)
  return result.map((value) => (value - mean) / deviation)
}

const channelOf = (table: Table, name: string): E.Either<DataError, Float64Array> =>
  pipe(
    column(table, name),
    E.flatMap((found) =>
      found.kind === 'number'
        ? E.right(standardised(found.values.subarray(0, ends.test)))
        : E.left<DataError>({
            _tag: 'ColumnType',
            file: table.file,
            column: name,
            expected: 'numbers',
            found: found.kind,
          }),
    ),
  )

/** Reads the series up to the end of the test part. */
export const readSeries = ({ folder }: FitContext): TE.TaskEither<DataError, Series> =>
  pipe(
    readTable(`${folder}/ett/ETTh1.csv`),
    TE.flatMapEither((table) =>
      E.traverseArray((name: string) => channelOf(table, name))(channels),
    ),
  )

/** The hours at which the windows of a part begin: each holds `back` hours to look at and `ahead` hours to forecast. */
export const windowStarts = (part: Part, { back, ahead }: Span): { from: number; to: number } => {
  const first = { train: 0, validation: ends.train - back, test: ends.validation - back }[part]
  return { from: first, to: ends[part] - back - ahead + 1 }
}

/** What a window shows, and what follows it: views of the series. */
export interface Window {
  readonly before: Float64Array
  readonly after: Float64Array
}

/** The windows of a part of one channel, hour after hour. */
export const windowsOf = (
  values: Float64Array,
  part: Part,
  span: Span,
  { limit }: FitContext,
): readonly Window[] => {
  const { from, to } = windowStarts(part, span)
  const count = Math.min(to - from, limit?.rows ?? Number.POSITIVE_INFINITY)
  return Array.from({ length: count }, (_, i) => {
    const now = from + i + span.back
    return {
      before: values.subarray(now - span.back, now),
      after: values.subarray(now, now + span.ahead),
    }
  })
}
