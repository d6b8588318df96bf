/** The part of an experiment config that says which data: files, inputs, targets and split. */
import * as t from 'io-ts'
import {
  anyText,
  character,
  count,
  dictionary,
  list,
  object,
  positive,
  share,
  text,
  truth,
  variant,
  whole,
  word,
} from './codec.ts'

/** Names of columns. */
export const names = list('a list of names', text)

/** A file and how it is written. */
export const dataFileCodec = object(
  'a data file',
  { path: text },
  {
    format: word('csv', 'arrow', 'parquet', 'idx', 'arff'),
    /** Name of the only column of an IDX file. */
    name: text,
    columns: names,
    delimiter: character,
    header: truth,
    names,
    skip: whole,
    missing: list('a list of texts', anyText),
    types: dictionary('column types', word('number', 'string')),
    nonFinite: word('error', 'missing'),
    encoding: word('utf-8', 'latin1'),
    quote: character,
    comment: character,
  },
)

/** Which files, and what to clean before splitting. */
export const dataCodec = object(
  'the data, { "files": [{ "path": ... }] }',
  { files: list('a list of files, [{ "path": ... }]', dataFileCodec, 1) },
  {
    /** Folder of the files, relative to that of the config; `--data` replaces it. */
    folder: text,
    /** Files of the test rows; several files of a list are read side by side. */
    test: list('a list of files, [{ "path": ... }]', dataFileCodec, 1),
    /** Rows that miss a value in one of these columns are left out before splitting. */
    dropMissing: names,
    /** Texts to rename, by column. */
    rename: dictionary('texts to rename by column', dictionary('texts to rename', anyText)),
  },
)

/** One input, or several of the same kind. */
export const inputCodec = object(
  'an input',
  { column: text },
  {
    kind: word('numeric', 'categorical', 'image', 'text'),
    scale: word('unit', 'standard'),
    shape: list('a list of sizes', count, 1),
    clip: positive,
    features: count,
  },
)

const metric = word(
  'accuracy',
  'balancedAccuracy',
  'f1',
  'f1Binary',
  'rocAuc',
  'logLoss',
  'rmse',
  'mae',
  'r2',
)

/** One task. */
export const targetCodec = object(
  'a target',
  { column: text },
  {
    kind: word('classification', 'regression'),
    classes: list('a list of at least 2 texts', anyText, 2),
    is: anyText,
    /** What the verdict is about. Default: accuracy or R2. */
    metric,
    /** Unit of a number ("US dollars"), for the report. */
    unit: text,
    /** Weight of the task's loss. Default 1. */
    weight: positive,
  },
)

const range: t.Type<readonly [number, number]> = new t.Type(
  'two row numbers, [from, to]',
  (u): u is readonly [number, number] => {
    const ends: readonly unknown[] = Array.isArray(u) ? u : []
    const [from, to] = ends
    return ends.length === 2 && whole.is(from) && whole.is(to) && from < to
  },
  (u, c) => (range.is(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)

/** Which rows train and which test. */
export const splitCodec = variant('a split', 'by', {
  fraction: object('a split by fraction', { by: word('fraction'), test: share }, { seed: whole }),
  modulo: object('a split by modulo', { by: word('modulo'), divisor: count, test: whole }, {}),
  column: object(
    'a split by column',
    { by: word('column'), column: text, test: text },
    { train: text },
  ),
  rows: object('a split by rows', { by: word('rows'), train: range, test: range }, {}),
  /** `data.files` train, `data.test` tests; the first rows of each if numbers are given. */
  files: object('a split by files', { by: word('files') }, { train: count, test: count }),
})

/** A file of an experiment and how it is written. */
export type DataFileConfig = t.TypeOf<typeof dataFileCodec>
