import { decodeConfig, type ExperimentConfig, parseConfig } from '@rootstock/data'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isReadOrExplained, message, right } from '../right.ts'

const smallest = {
  name: 'menu',
  data: { files: [{ path: 'menu.csv' }] },
  inputs: ['*'],
  targets: { quality: 'stars' },
  split: { by: 'fraction', test: 0.2 },
  trunk: { hidden: [32] },
}

const problems = (config: unknown) => message(decodeConfig(config, 'menu.json'))

test('defaults are filled in', () => {
  expect(right(decodeConfig(smallest))).toMatchInlineSnapshot(`
    {
      "arms": [
        "scratch",
      ],
      "batchSize": 128,
      "data": {
        "files": [
          {
            "path": "menu.csv",
          },
        ],
      },
      "epochs": 30,
      "inputs": [
        "*",
      ],
      "labels": [
        "all",
      ],
      "name": "menu",
      "optimizer": {
        "kind": "adam",
        "learningRate": 0.001,
        "weightDecay": 0,
      },
      "seed": 0,
      "seeds": 1,
      "split": {
        "by": "fraction",
        "test": 0.2,
      },
      "targets": {
        "quality": "stars",
      },
      "trunk": {
        "activation": "relu",
        "dropout": 0,
        "hidden": [
          32,
        ],
      },
    }
  `)
})

test('a config with everything is read as it is', () => {
  const config = {
    ...smallest,
    description: 'What a menu says about a kitchen.',
    data: {
      folder: 'data',
      files: [
        {
          path: 'menu.csv',
          format: 'csv',
          columns: ['dish', 'price'],
          delimiter: ';',
          header: false,
          names: ['dish', 'price', 'stars'],
          skip: 1,
          missing: ['', '-'],
          types: { dish: 'string' },
          nonFinite: 'missing',
          encoding: 'latin1',
          quote: "'",
          comment: '#',
        },
      ],
      test: [{ path: 'test.idx', name: 'image' }],
      dropMissing: ['price'],
      rename: { dish: { 'fish.': 'fish' } },
    },
    inputs: ['dish', { column: 'p0..p63', kind: 'image', shape: [8, 8], scale: 'standard' }],
    except: ['p9'],
    targets: {
      dish: { column: 'dish', kind: 'classification', is: 'fish', metric: 'f1' },
      price: { column: 'price', unit: 'dollars', weight: 2 },
    },
    split: { by: 'files', train: 100, test: 10 },
    pretraining: { corruption: { kind: 'swap', probability: 0.1 }, epochs: 3, batchSize: 8 },
    arms: ['scratch', 'probe', 'fineTune', 'frozenThenFull'],
    labels: [10, 50, 'all'],
    seeds: 3,
  }
  expect(right(decodeConfig(config))).toMatchObject(config)
})

describe('what is wrong is said at once, each with its path', () => {
  test('keys, types, words, ranges and lists', () => {
    expect(
      problems({
        name: '',
        data: { files: [], tests: [{ path: 'a' }] },
        inputs: ['price', { colum: 'dish' }, 7],
        targets: { quality: { column: 'stars', kind: 'regresion' }, __proto__x: 3 },
        split: { by: 'module', divisor: 5, test: 4 },
        trunk: { hidden: [32, -1], activation: 'ReLU', dropout: 1.5 },
        arms: ['scratch', 'fine-tune'],
        labels: [10, 'every'],
        seeds: 0,
        optimiser: { kind: 'adam' },
        epochs: '30',
      }),
    ).toMatchInlineSnapshot(`
      "menu.json: 17 things are wrong
        name                  expected a text, found ""
        data.files            expected a list of files, [{ "path": ... }], found an empty list
        data.tests            there is no such key; did you mean "test"?
        inputs[1].column      is missing: expected a text
        inputs[1].colum       there is no such key; did you mean "column"?
        inputs[2]             expected a column name or an input, found 7
        targets.quality.kind  expected one of "classification", "regression", found "regresion"; did you mean "regression"?
        targets.__proto__x    expected a column name or a target, found 3
        split.by              expected one of "fraction", "modulo", "column", "rows", "files", found "module"; did you mean "modulo"?
        trunk.hidden[1]       expected a whole number of at least 1, found -1
        trunk.activation      expected one of "relu", "gelu", "silu", "tanh", found "ReLU"; did you mean "relu"?
        trunk.dropout         expected a number from 0 to 1, found 1.5
        arms[1]               expected one of "scratch", "probe", "fineTune", "frozenThenFull", found "fine-tune"; did you mean "fineTune"?
        labels[1]             expected a number of labels or "all", found "every"
        seeds                 expected a whole number of at least 1, found 0
        epochs                expected a whole number of at least 1, found "30"
        optimiser             there is no such key; did you mean "optimizer"?"
    `)
  })

  test('a key that is missing altogether', () => {
    expect(problems({ name: 'menu' })).toMatchInlineSnapshot(`
      "menu.json: 5 things are wrong
        data     is missing: expected the data, { "files": [{ "path": ... }] }
        inputs   is missing: expected a list of inputs
        targets  is missing: expected targets by task
        split    is missing: expected a split
        trunk    is missing: expected a trunk"
    `)
  })

  test('a document that is no object', () => {
    for (const [json, found] of [
      [null, 'null'],
      [[], 'an empty list'],
      [[1, 2], 'a list of 2'],
      ['menu', '"menu"'],
      [3, '3'],
      [undefined, 'nothing'],
    ] as const) {
      expect(problems(json)).toContain(`expected an experiment config, found ${found}`)
    }
  })

  test('variants', () => {
    expect(problems({ ...smallest, split: { test: 0.2 } })).toMatchInlineSnapshot(`
      "menu.json: one thing is wrong
        split.by  is missing: expected one of "fraction", "modulo", "column", "rows", "files""
    `)
    expect(
      problems({ ...smallest, split: { by: 'fraction', test: 1, divisor: 5 } }),
    ).toMatchInlineSnapshot(`
      "menu.json: 2 things are wrong
        split.test     expected a number between 0 and 1, found 1
        split.divisor  there is no such key; there are by, test, seed"
    `)
    expect(
      problems({ ...smallest, split: { by: 'rows', train: [5, 2], test: [0, 1, 2] } }),
    ).toMatchInlineSnapshot(`
      "menu.json: 2 things are wrong
        split.train  expected two row numbers, [from, to], found a list of 2
        split.test   expected two row numbers, [from, to], found a list of 3"
    `)
  })

  test('fields that contradict each other', () => {
    const { targets: _, ...rest } = smallest
    expect(
      problems({
        ...rest,
        targets: {},
        split: { by: 'files' },
        trunk: { hidden: [] },
        arms: ['scratch', 'probe', 'scratch'],
        labels: [50, 50],
      }),
    ).toMatchInlineSnapshot(`
      "menu.json: 6 things are wrong
        targets       expected at least one task, found an empty object
        data.test     is missing: expected a list of files, since the split is by files
        trunk.hidden  expected at least one layer, or out, found an empty list
        arms[2]       expected another entry than those before, found "scratch"
        labels[1]     expected another entry than those before, found 50
        pretraining   is missing: expected a pretraining, since arm "probe" starts from it"
    `)
    expect(
      problems({
        ...smallest,
        data: { ...smallest.data, test: [{ path: 'test.csv' }] },
        split: { by: 'modulo', divisor: 3, test: 3 },
      }),
    ).toMatchInlineSnapshot(`
      "menu.json: 2 things are wrong
        split.by    expected "files", since data.test names test files, found "modulo"
        split.test  expected less than 3, found 3"
    `)
  })

  test('options of a file that are not one character', () => {
    const files = [{ path: 'menu.csv', delimiter: 'tab', quote: '«', comment: '//' }]
    expect(problems({ ...smallest, data: { files } })).toMatchInlineSnapshot(`
      "menu.json: 3 things are wrong
        data.files[0].delimiter  expected one ASCII character, found "tab"
        data.files[0].quote      expected one ASCII character, found "«"
        data.files[0].comment    expected one ASCII character, found "//""
    `)
  })
})

describe('hostile documents', () => {
  const parsed = (source: string) => parseConfig(source, 'menu.json')

  test('that are no JSON', () => {
    expect(message(parsed('{ "name": "menu", }'))).toMatchInlineSnapshot(
      `"menu.json: is not JSON: Expected double-quoted property name in JSON at position 18 (line 1 column 19)"`,
    )
    expect(message(parsed(''))).toMatchInlineSnapshot(
      `"menu.json: is not JSON: Unexpected end of JSON input"`,
    )
  })

  test('with a byte order mark are read', () => {
    expect(right(parsed(`\uFEFF${JSON.stringify(smallest)}`)).name).toBe('menu')
  })

  test('with __proto__ as a key change no prototype', () => {
    const source = JSON.stringify(smallest)
      .replace('"quality"', '"__proto__"')
      .replace('"name"', '"__proto__":{"seeds":9},"name"')
    expect(message(parsed(source))).toMatchInlineSnapshot(`
      "menu.json: 2 things are wrong
        targets.__proto__  expected another name, found "__proto__"
        __proto__          there is no such key; there are name, data, inputs, targets, split, trunk, arms, labels, seeds, seed, optimizer, epochs, batchSize, description, except, pretraining, probe, minSteps"
    `)
    const renames = { ...smallest, data: { files: [{ path: 'a', types: { p: 'number' } }] } }
    const types = JSON.stringify(renames).replace('"p"', '"__proto__"')
    expect(message(parsed(types))).toMatchInlineSnapshot(`
      "menu.json: one thing is wrong
        data.files[0].types.__proto__  expected another name, found "__proto__""
    `)
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test('of 20,000 levels are refused', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const source = JSON.stringify(smallest).replace('["*"]', deep)
    expect(message(parsed(source))).toMatchInlineSnapshot(`
      "menu.json: one thing is wrong
        inputs[0]  expected a column name or an input, found a list of 1"
    `)
    expect(isReadOrExplained(parsed(deep), 'menu.json')).toBe(true)
    expect(isReadOrExplained(parsed('{"a":'.repeat(20_000)), 'menu.json')).toBe(true)
  })

  test('of any JSON are read or explained', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom(...Object.keys(smallest), 'labels'),
        (json, key) => {
          expect(isReadOrExplained(decodeConfig(json, 'menu.json'), 'menu.json')).toBe(true)
          const changed = decodeConfig({ ...smallest, [key]: json }, 'menu.json')
          expect(isReadOrExplained(changed, 'menu.json')).toBe(true)
        },
      ),
      { numRuns: 500, seed: 1 },
    )
  })
})

test('decoding what was decoded changes nothing', () => {
  const config: ExperimentConfig = right(decodeConfig(smallest))
  expect(right(decodeConfig(JSON.parse(JSON.stringify(config))))).toEqual(config)
})
