import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeConfig, readConfig, readExperimentData } from '@rootstock/data'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { message, right } from './right.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rootstock-data-'))
  const files = {
    'train.csv': 'code,stars,dish,part\nA1,3,soup.,train\n02,4,fish,train\nB1,,soup,test\n',
    'test.csv': 'code,stars,dish,part\n02,4,fish,test\n05,3,soup,test\n',
    'labels.csv': 'place\nhere\nthere\nhere\n',
    'broken.json': '{ "name": ',
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
})
afterAll(() => rm(folder, { recursive: true }))

const config = (changes: object) =>
  right(
    decodeConfig({
      name: 'menu',
      data: { files: [{ path: 'train.csv' }] },
      inputs: ['code', 'dish'],
      targets: { quality: 'stars' },
      split: { by: 'rows', train: [0, 2], test: [2, 3] },
      trunk: { hidden: [4] },
      ...changes,
    }),
  )
const read = (changes: object) => readExperimentData(config(changes), { folder })()

describe('the data of an experiment', () => {
  test('are read, renamed, split and preprocessed', async () => {
    const rename = { dish: { 'soup.': 'soup' } }
    const data = right(await read({ data: { files: [{ path: 'train.csv' }], rename } }))
    expect(data.preprocessing.inputs).toMatchObject([
      { name: 'code', classes: ['02', 'A1'] },
      { name: 'dish', classes: ['fish', 'soup'] },
    ])
    expect(data.test.targets.quality?.mask).toEqual(Uint8Array.of(0))
  })

  test('can be sentences', async () => {
    const inputs = [{ column: 'dish', kind: 'text', features: 2 }]
    const data = right(await read({ inputs }))
    // of the grams that one of the two training rows has each, the first by code unit
    expect(data.preprocessing.inputs).toMatchObject([{ kind: 'text', grams: ['# fi', '# fis'] }])
    expect(data.test.inputs).toEqual(Float32Array.of(0, 0))
  })

  test('can leave out rows that miss a value', async () => {
    const files = [{ path: 'train.csv' }]
    const by = { by: 'fraction', test: 0.5 }
    const data = right(await read({ data: { files, dropMissing: ['stars'] }, split: by }))
    expect(data.train.rows + data.test.rows).toBe(2)
  })

  test('can lie in files side by side', async () => {
    const files = [{ path: 'train.csv' }, { path: 'labels.csv' }]
    const targets = { quality: 'stars', place: 'place' }
    const data = right(await read({ data: { files }, targets }))
    expect(data.train.targets.place).toMatchObject({ classes: ['here', 'there'] })
  })

  test('in a test file read texts like those of the training file', async () => {
    const files = { files: [{ path: 'train.csv' }], test: [{ path: 'test.csv' }] }
    const data = right(await read({ data: files, split: { by: 'files' } }))
    // 02, A1, B1, unknown: the codes of the test file are all digits, but 02 is not the number 2.
    expect([...data.test.inputs.subarray(0, 4)]).toEqual([1, 0, 0, 0])
    expect([...data.test.inputs.subarray(8, 12)]).toEqual([0, 0, 0, 1])
  })

  test('of files with numbers are their first rows', async () => {
    const files = { files: [{ path: 'train.csv' }], test: [{ path: 'test.csv' }] }
    const data = right(await read({ data: files, split: { by: 'files', train: 2, test: 1 } }))
    expect([data.train.rows, data.test.rows]).toEqual([2, 1])
  })

  test('split by a column do not have it as an input unless it is named', async () => {
    const split = { by: 'column', column: 'part', test: 'test' }
    const names = async (inputs: string[]) =>
      right(await read({ inputs, split })).preprocessing.inputs.map(({ name }) => name)
    expect(await names(['*'])).toEqual(['code', 'dish'])
    expect(await names(['code', 'part'])).toEqual(['code', 'part'])
  })

  test('that are wrong end in an error with the path of the config', async () => {
    expect(
      message(await read({ data: { files: [{ path: 'trian.csv' }] } })),
    ).toMatchInlineSnapshot(`
      "trian.csv: there is no such file
        hint  did you mean "train.csv"?"
    `)
    expect(message(await read({ inputs: ['cod'] }))).toMatchInlineSnapshot(`
      "train.csv: there is no column "cod"; it has "code", "stars", "dish", "part"
        hint  did you mean "code"?"
    `)
    const types = { stars: 'number', dish: 'number' }
    const files = [{ path: 'train.csv', types }]
    expect(message(await read({ data: { files } }))).toMatchInlineSnapshot(`
      "train.csv, line 2, column "dish": "soup." where a number is needed
        hint  if it means that the value is missing, list it in the missing markers"
    `)
    const uneven = [{ path: 'test.csv' }, { path: 'labels.csv' }]
    expect(message(await read({ data: { files: uneven } }))).toMatchInlineSnapshot(
      `"labels.csv: has 3 rows, but test.csv has 2; side by side they must describe the same rows"`,
    )
  })
})

test('a config that cannot be read says why', async () => {
  const path = join(folder, 'broken.json')
  expect(message(await readConfig(path)()).slice(folder.length + 1)).toMatchInlineSnapshot(
    `"broken.json: is not JSON: Unexpected end of JSON input"`,
  )
  expect(message(await readConfig('nowhere.json')())).toMatchInlineSnapshot(
    `"nowhere.json: cannot be read: there is no such file"`,
  )
})
