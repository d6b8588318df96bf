/** Every shipped config: that it says what can be understood, and that its data are there and fit. */
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { labelCounts, parseConfig, readConfig } from '@rootstock/data'
import { expect, test } from 'vitest'
import { explainFailure } from '../src/failure.ts'
import { type Experiment, loadExperiment } from '../src/loadExperiment.ts'

const folder = fileURLToPath(new URL('../configs/', import.meta.url))
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))

const shared = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const isAbsent = !existsSync(shared)

const load = async (name: string): Promise<Experiment> => {
  const config = `${folder}${name}.json`
  const loaded = await loadExperiment({
    _tag: 'Run',
    config,
    data: undefined,
    out: undefined,
    seeds: undefined,
  })()
  if (loaded._tag === 'Left') throw new Error(explainFailure(loaded.left))
  return loaded.right
}

/** Rows, numbers per row and labels, for both parts. */
const sizesOf = ({ data }: Experiment) =>
  [data.train, data.test].map((part) => [
    part.rows,
    part.width,
    ...Object.values(labelCounts(part)),
  ])

test('there is a config for each data set of the road', () => {
  expect(names.sort()).toEqual([
    'adult',
    'adult-income',
    'california',
    'communities',
    'digits',
    'digits-50',
    'fashion-mnist',
    'mnist',
    'restaurants',
  ])
})

test('the config of the page is one', async () => {
  const page = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? []
  expect(parseConfig(json, 'README.md')).toMatchObject({ _tag: 'Right' })
})

test.each(names)('%s is a config, and is named as its file', async (name) => {
  const read = await readConfig(`${folder}${name}.json`)()
  expect(read._tag === 'Right' ? read.right.name : read.left).toBe(name)
})

test.skipIf(isAbsent)(
  'digits: every fifth row tests (skipped without ../shared/data)',
  async () => {
    expect(sizesOf(await load('digits'))).toEqual([
      [1438, 64, 1438],
      [359, 64, 359],
    ])
  },
)

test.skipIf(isAbsent)(
  'digits-50 has the rows of digits (skipped without ../shared/data)',
  async () => {
    expect(sizesOf(await load('digits-50'))).toEqual(sizesOf(await load('digits')))
  },
)

test.skipIf(isAbsent)(
  'adult: two tasks, no column that tells marriage (skipped without ../shared/data)',
  async () => {
    const experiment = await load('adult')
    expect(sizesOf(experiment).map(([rows, , ...labels]) => [rows, ...labels])).toEqual([
      [32561, 32561, 32561],
      [16281, 16281, 16281],
    ])
    const inputs = experiment.data.preprocessing.inputs.map((input) => input.name)
    expect(inputs).toHaveLength(11)
    expect(inputs).not.toContain('relationship')
    expect(inputs).not.toContain('marital status')
  },
)

test.skipIf(isAbsent)(
  'adult-income: all columns but the answer and the sampling weight (skipped without ../shared/data)',
  async () => {
    const { data } = await load('adult-income')
    expect(data.preprocessing.inputs).toHaveLength(13)
    expect(Object.keys(data.test.targets)).toEqual(['income'])
  },
)

test.skipIf(isAbsent)(
  'california: missing bedrooms get a mask (skipped without ../shared/data)',
  async () => {
    const experiment = await load('california')
    expect(sizesOf(experiment)).toEqual([
      [16512, 15, 16512],
      [4128, 15, 4128],
    ])
    expect(experiment.data.train.columns.map((column) => column.name)).toContain(
      'total_bedrooms is missing',
    )
  },
)

test.skipIf(isAbsent)(
  'communities: eight tasks, some labels missing (skipped without ../shared/data)',
  async () => {
    const [train, tested] = sizesOf(await load('communities'))
    expect(train?.slice(0, 2)).toEqual([1772, expect.any(Number)])
    expect(train).toHaveLength(10)
    expect(Math.min(...train!.slice(2))).toBeLessThan(1772)
    expect(tested?.[0]).toBe(443)
  },
)

test.skipIf(isAbsent).each(['mnist', 'fashion-mnist'])(
  '%s: the first 10,000 images train, the test file tests (skipped without ../shared/data)',
  async (name) => {
    expect(sizesOf(await load(name))).toEqual([
      [10000, 784, 10000],
      [10000, 784, 10000],
    ])
  },
)
