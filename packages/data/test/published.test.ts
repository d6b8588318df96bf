/** Files that other people published, with the quirks they have, where their folder lies beside the repository. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  type Column,
  column,
  dropMissing,
  isPresent,
  joinColumns,
  readTable,
  renameValues,
  type Table,
  type TableOptions,
} from '@rootstock/data'
import { describe, expect, test } from 'vitest'
import { right } from './right.ts'

const folder = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))
const present = existsSync(folder)

const read = async (name: string, options: TableOptions = {}): Promise<Table> =>
  right(await readTable(folder + name, options)())

const named = (from: Table, name: string): Column => right(column(from, name))

const missing = (from: Table, name: string): number => {
  const found = named(from, name)
  return Array.from({ length: from.rows }).filter((_, row) => !isPresent(found, row)).length
}

// How often each text or number occurs.
const counts = (from: Table, name: string): Record<string, number> => {
  const found = named(from, name)
  const result: Record<string, number> = {}
  for (let row = 0; row < from.rows; row++) {
    if (!isPresent(found, row) || found.kind === 'array') continue
    const value =
      found.kind === 'number' ? String(found.values[row]) : found.dictionary[found.codes[row]!]!
    result[value] = (result[value] ?? 0) + 1
  }
  return result
}

const kinds = (from: Table): string =>
  from.columns.map(({ kind }) => (kind === 'number' ? 'n' : kind === 'string' ? 's' : 'a')).join('')

const skipped = present ? '' : ' (skipped: there is no ../shared/data beside the repository)'

describe.skipIf(!present)(`images${skipped}`, () => {
  test.for([
    ['mnist', 5421, 6742],
    ['fashion-mnist', 6000, 6000],
  ] as const)('%s', async ([name, fewest, most]) => {
    for (const [part, rows] of [
      ['train', 60_000],
      ['t10k', 10_000],
    ] as const) {
      const images = await read(`${name}/${part}-images-idx3-ubyte.gz`, { name: 'image' })
      const labels = await read(`${name}/${part}-labels-idx1-ubyte.gz`, { name: 'label' })
      const joined = right(joinColumns([images, labels]))
      expect(joined.rows).toBe(rows)
      expect(named(joined, 'image')).toMatchObject({ kind: 'array', shape: [28, 28] })
      const perClass = Object.values(counts(joined, 'label'))
      expect(perClass).toHaveLength(10)
      if (part === 'train')
        expect([Math.min(...perClass), Math.max(...perClass)]).toEqual([fewest, most])
    }
  })

  test('digits have no header', async () => {
    const digits = await read('sklearn/digits.csv.gz', { header: false })
    expect([digits.rows, kinds(digits)]).toEqual([1797, 'n'.repeat(65)])
    const perClass = Object.values(counts(digits, 'column64'))
    expect([perClass.length, Math.min(...perClass), Math.max(...perClass)]).toEqual([10, 174, 183])
    const pixels = digits.columns
      .slice(0, 64)
      .flatMap((c) => (c.kind === 'number' ? [...c.values] : []))
    expect([Math.min(...pixels), Math.max(...pixels)]).toEqual([0, 16])
  })

  test('photos have labels with missing boxes, and boxes with a byte order mark', async () => {
    const photos = await read('caltech101-3/images-rgb64-idx4-ubyte.gz', { name: 'photo' })
    expect(named(photos, 'photo')).toMatchObject({ shape: [64, 64, 3] })
    const labels = await read('caltech101-3/labels.csv')
    expect(counts(labels, 'class')).toEqual({ butterfly: 91, dalmatian: 67, dolphin: 65 })
    expect(counts(labels, 'split')).toEqual({ train: 179, test: 44 })
    expect(missing(labels, 'xmin')).toBe(28)
    expect(photos.rows).toBe(labels.rows)
    const names = ['file', 'xmin', 'ymin', 'xmax', 'ymax']
    for (const kind of ['butterfly', 'dalmatian', 'dolphin']) {
      const boxes = await read(`caltech101-3/boxes_${kind}.txt`, { header: false, names })
      expect([boxes.rows, kinds(boxes)]).toEqual([65, 'snnnn'])
      expect(counts(boxes, 'file')['annotation_0001.mat']).toBe(1)
    }
  })
})

describe.skipIf(!present)(`tables${skipped}`, () => {
  test('adult has a blank after each comma, and a dot after each label of the test file', async () => {
    const train = await read('adult/adult-train.csv', { header: false })
    expect([train.rows, kinds(train)]).toEqual([32_561, 'nsnsnsssssnnnss'])
    const incomplete = (from: Table) =>
      from.rows - right(dropMissing(from, ['column1', 'column6', 'column13'])).rows
    expect(incomplete(train)).toBe(2399)
    const rest = await read('adult/adult-test.csv', { header: false })
    expect([rest.rows, incomplete(rest)]).toEqual([16_281, 1221])
    expect(Object.keys(counts(rest, 'column14'))).toEqual(['<=50K.', '>50K.'])
    const names = { '<=50K.': '<=50K', '>50K.': '>50K' }
    const renamed = right(renameValues(rest, 'column14', names))
    expect(Object.keys(counts(renamed, 'column14'))).toEqual(Object.keys(counts(train, 'column14')))
  })

  test('california housing has empty cells', async () => {
    const housing = await read('california-housing/housing.csv')
    expect([housing.rows, kinds(housing)]).toEqual([20_640, 'nnnnnnnnns'])
    expect(missing(housing, 'total_bedrooms')).toBe(207)
    expect(counts(housing, 'median_house_value')['500001']).toBe(965)
    expect(counts(housing, 'ocean_proximity').ISLAND).toBe(5)
  })

  test('penguins miss measurements and sexes', async () => {
    const penguins = await read('penguins/penguins.csv')
    expect([penguins.rows, kinds(penguins)]).toEqual([344, 'ssnnnnsn'])
    expect(counts(penguins, 'species')).toEqual({ Adelie: 152, Chinstrap: 68, Gentoo: 124 })
    expect([missing(penguins, 'sex'), missing(penguins, 'body_mass_g')]).toEqual([11, 2])
    expect(right(dropMissing(penguins, ['body_mass_g'])).rows).toBe(342)
  })

  test('abalone has no header, and heights of 0', async () => {
    const abalone = await read('abalone/abalone.csv', { header: false })
    expect([abalone.rows, kinds(abalone)]).toEqual([4177, 'snnnnnnnn'])
    expect(counts(abalone, 'column0')).toEqual({ M: 1528, F: 1307, I: 1342 })
    expect(counts(abalone, 'column3')['0']).toBe(2)
    const rings = Object.keys(counts(abalone, 'column8')).map(Number)
    expect([Math.min(...rings), Math.max(...rings)]).toEqual([1, 29])
  })

  test('communities miss targets, and most of the police columns', async () => {
    const communities = await read('communities-crime/CommViolPredUnnormalizedData.csv')
    expect([communities.rows, communities.columns.length]).toEqual([2215, 147])
    expect(missing(communities, 'rapes')).toBe(208)
    expect(missing(communities, 'arsons')).toBe(91)
    expect(missing(communities, 'ViolentCrimesPerPop')).toBe(221)
    const targets = communities.columns.slice(-18).map((c) => c.name)
    expect(right(dropMissing(communities, targets)).rows).toBe(1902)
    const police = communities.columns.filter((c) => missing(communities, c.name) === 1872)
    expect(police).toHaveLength(22)
    expect(kinds(communities).slice(5)).toBe('n'.repeat(142))
  })

  test('solar flares are declared, and separated by commas and blanks', async () => {
    const flares = await read('solar-flare/sf2.arff')
    expect([flares.rows, kinds(flares)]).toEqual([1066, 'ssssssssssnnn'])
    const { 0: none, ...some } = counts(flares, 'x-class')
    expect(none).toBe(1066 - 5)
    expect(Object.values(some).reduce((a, b) => a + b, 0)).toBe(5)
  })

  test.for([
    ['iris', 150, 4, { 0: 50, 1: 50, 2: 50 }],
    ['wine_data', 178, 13, { 0: 59, 1: 71, 2: 48 }],
    ['breast_cancer', 569, 30, { 0: 212, 1: 357 }],
  ] as const)('%s begins with a line of counts', async ([name, rows, width, classes]) => {
    const table = await read(`sklearn/${name}.csv`, { skip: 1, header: false })
    expect([table.rows, kinds(table)]).toEqual([rows, 'n'.repeat(width + 1)])
    expect(counts(table, `column${width}`)).toEqual(classes)
  })

  test('diabetes lies in two files, separated by blanks', async () => {
    const options = { header: false, delimiter: ' ' }
    const inputs = await read('sklearn/diabetes_data_raw.csv.gz', options)
    const target = await read('sklearn/diabetes_target.csv.gz', { ...options, names: ['y'] })
    const joined = right(joinColumns([inputs, target]))
    expect([joined.rows, kinds(joined)]).toEqual([442, 'n'.repeat(11)])
    const progress = Object.keys(counts(joined, 'y')).map(Number)
    expect([Math.min(...progress), Math.max(...progress)]).toEqual([25, 346])
  })

  test('linnerud lies in two files, with headers', async () => {
    const files = ['exercise', 'physiological'].map((part) =>
      read(`sklearn/linnerud_${part}.csv`, { delimiter: ' ' }),
    )
    const joined = right(joinColumns(await Promise.all(files)))
    expect(joined.rows).toBe(20)
    expect(joined.columns.map((c) => c.name)).toEqual([
      'Chins',
      'Situps',
      'Jumps',
      'Weight',
      'Waist',
      'Pulse',
    ])
  })
})

describe.skipIf(!present)(`series and texts${skipped}`, () => {
  test('ETTh1 has dates and seven series', async () => {
    const series = await read('ett/ETTh1.csv')
    expect([series.rows, kinds(series)]).toEqual([17_420, 'snnnnnnn'])
    const dates = named(series, 'date')
    expect(dates).toMatchObject({ kind: 'string' })
    const texts = dates.kind === 'string' ? dates.dictionary : []
    expect([texts[0], texts.at(-1)]).toEqual(['2016-07-01 00:00:00', '2018-06-26 19:00:00'])
  })

  test('banking77 has carriage returns, quotes and newlines in texts', async () => {
    const train = await read('text/banking77/train.csv')
    const rest = await read('text/banking77/test.csv')
    expect([train.rows, rest.rows]).toEqual([10_003, 3080])
    expect(Object.keys(counts(train, 'category'))).toHaveLength(77)
    expect(new Set(Object.values(counts(rest, 'category')))).toEqual(new Set([40]))
    const texts = [train, rest].flatMap((t) => Object.keys(counts(t, 'text')))
    expect(texts.filter((text) => text.includes('\n'))).toHaveLength(13)
  })
})
