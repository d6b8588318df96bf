/**
 * The experiment config: one JSON document that names data, columns, tasks, trunk, pretraining and what to compare. Its
 * type comes from the codec; defaults are filled in by decoding, so that a decoded config says everything.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import {
  anyText,
  count,
  defaulted,
  dictionary,
  list,
  nonNegative,
  object,
  positive,
  probability,
  share,
  text,
  textOr,
  truth,
  variant,
  whole,
  word,
} from './codec.ts'
import { type ConfigError, type ConfigProblem, problemsOf, shown } from './problem.ts'

const names = list('a list of names', text)

const dataFile = object(
  'a data file',
  { path: text },
  {
    format: word('csv', 'arrow', 'parquet', 'idx', 'arff'),
    /** Name of the only column of an IDX file. */
    name: text,
    columns: names,
    delimiter: text,
    header: truth,
    names,
    skip: whole,
    missing: list('a list of texts', anyText),
    types: dictionary('column types', word('number', 'string')),
    nonFinite: word('error', 'missing'),
    encoding: word('utf-8', 'latin1'),
    quote: text,
    comment: text,
  },
)

const data = object(
  'the data',
  { files: list('a list of files, [{ "path": ... }]', dataFile, 1) },
  {
    /** Folder of the files, relative to that of the config; `--data` replaces it. */
    folder: text,
    /** Files of the test rows; several files of a list are read side by side. */
    test: list('a list of files, [{ "path": ... }]', dataFile, 1),
    /** Rows that miss a value in one of these columns are left out before splitting. */
    dropMissing: names,
    /** Texts to rename, by column. */
    rename: dictionary('texts to rename by column', dictionary('texts to rename', anyText)),
  },
)

const input = object(
  'an input',
  { column: text },
  {
    kind: word('numeric', 'categorical', 'image'),
    scale: word('unit', 'standard'),
    shape: list('a list of sizes', count, 1),
    clip: positive,
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

const target = object(
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
    if (!Array.isArray(u) || u.length !== 2) return false
    const [from, to]: readonly unknown[] = u
    return whole.is(from) && whole.is(to) && from < to
  },
  (u, c) => (range.is(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)

const split = variant('a split', 'by', {
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

const trunk = object(
  'a trunk',
  {
    hidden: list('a list of layer sizes', count),
    activation: defaulted(word('relu', 'gelu', 'silu', 'tanh'), 'relu'),
    dropout: defaulted(probability, 0),
  },
  {
    /** Size of a last layer without activation. Default: the last hidden layer is the output. */
    out: count,
    /** Probability of dropping an input. Default 0. */
    inputDropout: probability,
    /** Normalise each hidden layer before its activation. Default: no. */
    normalise: word('layer'),
  },
)

const corruption = variant('a corruption', 'kind', {
  masking: object('masking noise', { kind: word('masking'), probability }, {}),
  gaussian: object('Gaussian noise', { kind: word('gaussian'), deviation: positive }, {}),
  saltAndPepper: object('salt-and-pepper noise', { kind: word('saltAndPepper'), probability }, {}),
  swap: object('swap noise', { kind: word('swap'), probability }, {}),
})

const optimizer = object(
  'an optimizer',
  {
    kind: defaulted(word('adam', 'adamW', 'sgd'), 'adam'),
    learningRate: defaulted(positive, 1e-3),
    weightDecay: defaulted(nonNegative, 0),
  },
  {
    momentum: probability,
    /** Greatest norm of a gradient. */
    clip: positive,
    /** How the learning rate falls over the run: not at all, or to 0 by a half cosine. Default constant. */
    schedule: word('constant', 'cosine'),
  },
)

const variance: t.Type<number | 'learned'> = new t.Type(
  'a number above 0 or "learned"',
  (u): u is number | 'learned' => u === 'learned' || positive.is(u),
  (u, c) => (variance.is(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)

const pretraining = object(
  'a pretraining',
  {
    corruption,
    epochs: count,
    positions: defaulted(word('all', 'corrupted'), 'all'),
  },
  {
    batchSize: count,
    /** Default: that of `optimizer`. */
    learningRate: positive,
    /** Variance of numbers around their reconstruction, in standardised units. Default 1. */
    variance,
    /** Sizes of hidden layers between features and reconstruction. Default none. */
    decoder: list('a list of layer sizes', count),
  },
)

const labelCount: t.Type<number | 'all'> = new t.Type(
  'a number of labels or "all"',
  (u): u is number | 'all' => u === 'all' || count.is(u),
  (u, c) => (labelCount.is(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)

/** The codec of an experiment config. */
export const experimentConfigCodec = object(
  'an experiment config',
  {
    name: text,
    data,
    inputs: list('a list of inputs', textOr('a column name or an input', input), 1),
    targets: dictionary('targets by task', textOr('a column name or a target', target)),
    split,
    trunk,
    arms: defaulted(
      list('a list of arms', word('scratch', 'probe', 'fineTune', 'frozenThenFull'), 1),
      ['scratch'],
    ),
    /** How many labels an arm gets, one comparison for each number. */
    labels: defaulted(list('a list of label counts', labelCount, 1), ['all' as const]),
    /** How many draws of labels and initial parameters. */
    seeds: defaulted(count, 1),
    seed: defaulted(whole, 0),
    optimizer: defaulted(optimizer, { kind: 'adam', learningRate: 1e-3, weightDecay: 0 }),
    epochs: defaulted(count, 30),
    batchSize: defaulted(count, 128),
  },
  {
    description: text,
    except: names,
    pretraining,
    /** Least number of steps, however few the labels are: epochs are added until it is reached. */
    minSteps: count,
  },
)

/** Everything an experiment needs to know. */
export type ExperimentConfig = t.TypeOf<typeof experimentConfigCodec>

/** A file of an experiment and how it is written. */
export type DataFileConfig = t.TypeOf<typeof dataFile>

// Rules between fields, which no single codec can see.
const repeated = (values: readonly unknown[]): number =>
  values.findIndex((value, i) => values.indexOf(value) !== i)

const conflicts = (config: ExperimentConfig): readonly ConfigProblem[] => {
  const problems: ConfigProblem[] = []
  const wrong = (path: string, expected: string, found: unknown): void => {
    problems.push({ path, reason: 'wrong', expected, found: shown(found) })
  }
  const { split: by } = config
  if (Object.keys(config.targets).length === 0)
    wrong('targets', 'at least one task', config.targets)
  if (by.by === 'files' && config.data.test === undefined) {
    const expected = 'a list of files, since the split is by files'
    problems.push({ path: 'data.test', reason: 'missing', expected, found: 'nothing' })
  }
  if (by.by !== 'files' && config.data.test !== undefined) {
    wrong('split.by', '"files", since data.test names test files', by.by)
  }
  if (by.by === 'modulo' && by.test >= by.divisor)
    wrong('split.test', `less than ${by.divisor}`, by.test)
  if (config.trunk.hidden.length === 0 && config.trunk.out === undefined)
    wrong('trunk.hidden', 'at least one layer, or out', config.trunk.hidden)
  for (const key of ['arms', 'labels'] as const) {
    const twice = repeated(config[key])
    if (twice !== -1)
      wrong(`${key}[${twice}]`, 'another entry than those before', config[key][twice])
  }
  const needy = config.arms.findIndex((arm) => arm !== 'scratch')
  if (needy !== -1 && config.pretraining === undefined) {
    const expected = `a pretraining, since arm ${shown(config.arms[needy])} starts from it`
    problems.push({ path: 'pretraining', reason: 'missing', expected, found: 'nothing' })
  }
  return problems
}

/**
 * An experiment config from parsed JSON. Unknown keys are errors; all errors are reported at once, each with its path,
 * what was expected, what was found and the nearest valid key.
 *
 * @example
 * ```ts
 * import { decodeConfig } from '@rootstock/data'
 *
 * const config = decodeConfig({
 *   name: 'iris',
 *   data: { files: [{ path: 'iris.csv' }] },
 *   inputs: ['*'],
 *   targets: { species: 'species' },
 *   split: { by: 'modulo', divisor: 5, test: 4 },
 *   trunk: { hidden: [32], out: 16 },
 * })
 * console.log(config._tag) // Right
 * ```
 */
export const decodeConfig = (
  json: unknown,
  file = 'config',
): E.Either<ConfigError, ExperimentConfig> => {
  const invalid = (problems: readonly ConfigProblem[]): E.Either<ConfigError, never> =>
    E.left({ _tag: 'ConfigInvalid', file, problems })
  const decoded = experimentConfigCodec.decode(json)
  if (E.isLeft(decoded)) return invalid(problemsOf(decoded.left))
  const problems = conflicts(decoded.right)
  return problems.length > 0 ? invalid(problems) : decoded
}

/** An experiment config from the text of a JSON file. Left also: `ConfigSyntax`. */
export const parseConfig = (
  source: string,
  file = 'config',
): E.Either<ConfigError, ExperimentConfig> => {
  try {
    const json: unknown = JSON.parse(source)
    return decodeConfig(json, file)
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    return E.left({ _tag: 'ConfigSyntax', file, reason })
  }
}
