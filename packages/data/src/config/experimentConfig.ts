/**
 * The experiment config: one JSON document that names data, columns, tasks, trunk, pretraining and what to compare. Its
 * type comes from the codec; defaults are filled in by decoding, so that a decoded config says everything.
 */
import type * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import {
  count,
  defaulted,
  dictionary,
  list,
  nonNegative,
  object,
  positive,
  probability,
  text,
  textOr,
  truth,
  variant,
  whole,
  word,
} from './codec.ts'
import { dataCodec, inputCodec, names, splitCodec, targetCodec } from './dataConfig.ts'
import { decodeDocument, parseDocument } from './json.ts'
import { type ConfigError, type ConfigProblem, shown } from './problem.ts'

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
    /** Pretrain anew for each seed, so that the intervals hold its chance too. */
    perSeed: defaulted(truth, true),
  },
  {
    batchSize: count,
    /** Default: that of `optimizer`. */
    learningRate: positive,
    /** Variance of numbers around their reconstruction, in standardised units. Default 1. */
    variance,
    /** How pixels of images are scored: as numbers, or as probabilities, which must be from 0 to 1. Default gaussian. */
    pixels: word('gaussian', 'bernoulli'),
    /** Sizes of hidden layers between features and reconstruction. Default none. */
    decoder: list('a list of layer sizes', count),
  },
)

const probe = object(
  'a probe',
  {},
  {
    /** Penalty on squared weights of the standardised features, beside the sum of the losses. Default 1. */
    l2: nonNegative,
  },
)

const labelCount: t.Type<number | 'all'> = new t.Type(
  'a number of labels or "all"',
  (u): u is number | 'all' => u === 'all' || count.is(u),
  (u, c) => (labelCount.is(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)

/**
 * The codec of an experiment config.
 *
 * @example
 * ```ts
 * import { experimentConfigCodec } from '@rootstock/data'
 *
 * console.log(experimentConfigCodec.is({ name: 'iris' })) // false
 * ```
 */
export const experimentConfigCodec = object(
  'an experiment config',
  {
    name: text,
    data: dataCodec,
    inputs: list('a list of inputs', textOr('a column name or an input', inputCodec), 1),
    targets: dictionary('targets by task', textOr('a column name or a target', targetCodec)),
    split: splitCodec,
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
    probe,
    /** Least number of steps, however few the labels are: epochs are added until it is reached. */
    minSteps: count,
  },
)

/** Everything an experiment needs to know. */
export type ExperimentConfig = t.TypeOf<typeof experimentConfigCodec>

const repeated = (values: readonly unknown[]): number =>
  values.findIndex((value, i) => values.indexOf(value) !== i)

// Rules between fields, which no single codec can see.
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

const kind = { codec: experimentConfigCodec, conflicts }

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
): E.Either<ConfigError, ExperimentConfig> => decodeDocument(kind, json, file)

/**
 * An experiment config from the text of a JSON file. Left: `ConfigSyntax`, `ConfigInvalid`.
 *
 * @example
 * ```ts
 * import { explainConfig, parseConfig } from '@rootstock/data'
 *
 * const config = parseConfig('{ "name": "iris", "epochs": "many" }', 'iris.json')
 * if (config._tag === 'Left') console.log(explainConfig(config.left))
 * ```
 */
export const parseConfig = (
  source: string,
  file = 'config',
): E.Either<ConfigError, ExperimentConfig> => parseDocument(kind, source, file)
