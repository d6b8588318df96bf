/** What a user reads when a run cannot begin. Each message is the whole text that is printed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseCommand } from '../src/commandLine.ts'
import { explainFailure } from '../src/failure.ts'
import { loadExperiment } from '../src/loadExperiment.ts'

const config = {
  name: 'menu',
  data: { files: [{ path: 'menu.csv' }] },
  inputs: ['dish', 'price'],
  targets: { stars: 'stars' },
  split: { by: 'modulo', divisor: 2, test: 1 },
  trunk: { hidden: [4] },
}

const table = 'dish,price,stars\nfish,12,4\nsoup,5,3\nroast,17.5,5\nsalad,6,2\n'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'experiments-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What is printed for a config and a table; the folder, which differs between machines, as FOLDER. */
const printed = async (
  json: unknown,
  csv: string,
  args: readonly string[] = [],
): Promise<string> => {
  const path = join(folder, 'menu.json')
  await writeFile(path, typeof json === 'string' ? json : JSON.stringify(json))
  await writeFile(join(folder, 'menu.csv'), csv)
  const command = parseCommand([path, ...args])
  if (command._tag === 'Left') return explainFailure(command.left)
  if (command.right._tag === 'Help') return 'help'
  const loaded = await loadExperiment(command.right)()
  return loaded._tag === 'Right'
    ? 'nothing is wrong'
    : explainFailure(loaded.left).replaceAll(folder, 'FOLDER')
}

test('a good config with good data is loaded', async () => {
  expect(await printed(config, table)).toBe('nothing is wrong')
})

test('a wrong config: everything that is wrong at once, with the nearest key', async () => {
  const wrong = {
    ...config,
    epoch: 3,
    trunk: { hidden: [0], activation: 'rely' },
    arms: ['scratch', 'fine-tune'],
    labels: [10, 'most'],
    split: { by: 'modulo', divisor: 2, test: 1, seed: 3 },
  }
  expect(await printed(wrong, table)).toMatchInlineSnapshot(`
    "FOLDER/menu.json: 6 things are wrong
      split.seed        there is no such key; there are by, divisor, test
      trunk.hidden[0]   expected a whole number of at least 1, found 0
      trunk.activation  expected one of "relu", "gelu", "silu", "tanh", found "rely"; did you mean "relu"?
      arms[1]           expected one of "scratch", "probe", "fineTune", "frozenThenFull", found "fine-tune"; did you mean "fineTune"?
      labels[1]         expected a number of labels or "all", found "most"
      epoch             there is no such key; did you mean "epochs"?"
  `)
})

test('fields that contradict each other', async () => {
  const wrong = { ...config, arms: ['scratch', 'probe'], labels: [5, 5], trunk: { hidden: [] } }
  expect(await printed(wrong, table)).toMatchInlineSnapshot(`
    "FOLDER/menu.json: 3 things are wrong
      trunk.hidden  expected at least one layer, or out, found an empty list
      labels[1]     expected another entry than those before, found 5
      pretraining   is missing: expected a pretraining, since arm "probe" starts from it"
  `)
})

test('a config that is not JSON', async () => {
  expect(await printed('{ "name": menu }', table)).toMatchInlineSnapshot(
    `"FOLDER/menu.json: is not JSON: Unexpected token 'm', "{ "name": menu }" is not valid JSON"`,
  )
})

test('a config that is not there', async () => {
  const loaded = await loadExperiment({
    _tag: 'Run',
    config: 'no/such.json',
    data: undefined,
    out: undefined,
    seeds: undefined,
  })()
  if (loaded._tag === 'Right') throw new Error('loaded')
  expect(explainFailure(loaded.left)).toMatchInlineSnapshot(
    `"no/such.json: cannot be read: there is no such file"`,
  )
})

test('a column that is not there', async () => {
  const wrong = { ...config, inputs: ['dish', 'prize'] }
  expect(await printed(wrong, table)).toMatchInlineSnapshot(`
    "menu.csv: there is no column "prize"; it has "dish", "price", "stars"
      hint  did you mean "price"?"
  `)
})

test('a text in a column of numbers', async () => {
  expect(await printed(config, table.replace('17.5', 'seventeen'))).toMatchInlineSnapshot(`
    "menu.csv, line 4, column "price": "seventeen" where a number is needed
      hint  3 of 4 values are numbers; if "seventeen" means that the value is missing, list it in the missing markers; if these are names, say kind: "categorical""
  `)
})

test('a number that is not one', async () => {
  expect(await printed(config, table.replace('17.5', 'NaN'))).toMatchInlineSnapshot(`
    "menu.csv, line 4, column "price": NaN is not a finite number
      hint  if it means that the value is missing, list it in the missing markers, or read with nonFinite: "missing""
  `)
})

test('a file that is not there says what its path is relative to', async () => {
  const wrong = { ...config, data: { files: [{ path: 'menus.csv' }] } }
  expect(await printed(wrong, table)).toMatchInlineSnapshot(`
    "menus.csv: there is no such file
      hint  did you mean "menu.csv"?
      paths are relative to FOLDER; --data <folder> names another"
  `)
  expect(await printed(config, table, ['--data', 'elsewhere'])).toMatchInlineSnapshot(`
    "menu.csv: there is no such file
      paths are relative to elsewhere; --data <folder> names another"
  `)
})

test('a row with a cell too many', async () => {
  expect(await printed(config, table.replace('soup', 'soup, red'))).toMatchInlineSnapshot(`
    "menu.csv, line 3: 4 cells where the first row has 3
      hint  a cell that holds the delimiter must be in double quotes"
  `)
})

test('an answer among the inputs', async () => {
  const wrong = { ...config, inputs: ['dish', 'stars'] }
  expect(await printed(wrong, table)).toMatchInlineSnapshot(
    `"menu.csv: column "stars" is an input and a target: the model would see the answer"`,
  )
})

test('a metric that the task does not have', async () => {
  const wrong = { ...config, targets: { stars: { column: 'stars', metric: 'rocAuc' } } }
  expect(await printed(wrong, table)).toMatchInlineSnapshot(
    `"task "stars" is a regression, which has no rocAuc; it has r2, rmse, mae"`,
  )
})

test('pixels that are to be probabilities and are none', async () => {
  const wrong = {
    ...config,
    inputs: [{ column: 'price', kind: 'image', scale: 'standard' }],
    pretraining: {
      corruption: { kind: 'masking', probability: 0.5 },
      epochs: 1,
      pixels: 'bernoulli',
    },
  }
  expect(await printed(wrong, table)).toMatchInlineSnapshot(
    `"pretraining.pixels is "bernoulli", but the image "price" has pixels outside of 0 to 1; scale it by "unit", or say "gaussian""`,
  )
})

test('an unknown option', async () => {
  expect(await printed(config, table, ['--seed', '3'])).toMatchInlineSnapshot(`
    "there is no option --seed; did you mean --seeds?

    usage
      npm start                              restaurants: a small experiment made on the spot
      npm start -- <config.json> [options]   any table: the config says what to read and what to compare

    options
      --data <folder>   the folder that file paths in the config are relative to
                        (default: data.folder of the config, else the folder of the config)
      --out <folder>    where the report goes (default: runs/<name of the experiment>)
      --seeds <number>  how many draws of labels, instead of the config's
      --help            this text

    configs for public data sets are in experiments/configs"
  `)
})

test('options that lack a value or have a wrong one, and a second config', async () => {
  const first = async (args: readonly string[]) =>
    (await printed(config, table, args)).split('\n')[0]
  expect(await first(['--data'])).toMatchInlineSnapshot(`"--data needs a value"`)
  expect(await first(['--seeds', 'many'])).toMatchInlineSnapshot(
    `"--seeds must be a whole number of at least 1, not many"`,
  )
  expect(await first(['--help=yes'])).toMatchInlineSnapshot(`"--help takes no value"`)
  expect((await first(['other.json']))?.replaceAll(folder, 'FOLDER')).toMatchInlineSnapshot(
    `"one config at a time, not 2: FOLDER/menu.json, other.json"`,
  )
})
