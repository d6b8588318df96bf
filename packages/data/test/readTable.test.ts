import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { formatOf, parseTable, readTable } from '@rootstock/data'
import { tableFromArrays, tableToIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { message, right } from './right.ts'
import { valuesOf } from './table/values.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rootstock-data-'))
})
afterAll(() => rm(folder, { recursive: true }))

const put = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const text = (content: string) => new TextEncoder().encode(content)

describe('the format is found out', () => {
  test('from the first bytes, whatever the name', async () => {
    const arrow = tableToIPC(tableFromArrays({ price: Float64Array.of(5) }), 'file')
    expect(formatOf(arrow, 'menu.csv')).toBe('arrow')
    expect(formatOf(Uint8Array.of(0, 0, 8, 1), 'menu.csv')).toBe('idx')
    expect(formatOf(text('PAR1'), 'menu')).toBe('parquet')
    const path = await put('menu.csv', arrow)
    expect(valuesOf(right(await readTable(path)()))).toEqual({ price: [5] })
  })

  test('else from the ending', () => {
    const endings = ['a.arff', 'a.arff.gz', 'a.feather', 'a.parquet', 'a-idx1-ubyte', 'a.txt', 'a']
    expect(endings.map((name) => formatOf(text('x'), name))).toEqual([
      'arff',
      'arff',
      'arrow',
      'parquet',
      'idx',
      'csv',
      'csv',
    ])
  })

  test('unless it is given', async () => {
    const path = await put('menu.arff', 'price\n5\n')
    expect(valuesOf(right(await readTable(path, { format: 'csv' })()))).toEqual({ price: [5] })
  })
})

test('gzip is undone for every format, and tabs are found by the ending', async () => {
  const path = await put('menu.tsv.gz', gzipSync('dish\tprice\nfish\t5\n'))
  expect(valuesOf(right(await readTable(path)()))).toEqual({ dish: ['fish'], price: [5] })
  const idx = await put('digits.gz', gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9)))
  expect(valuesOf(right(await readTable(idx, { name: 'digit' })()))).toEqual({ digit: [7, 9] })
})

test('only the columns one asks for are kept, in that order', async () => {
  const bytes = text('a,b,c\n1,2,3\n')
  const read = right(await parseTable(bytes, { columns: ['c', 'a'] })())
  expect(valuesOf(read)).toEqual({ c: [3], a: [1] })
  expect(
    message(await parseTable(bytes, { file: 'a.csv', columns: ['d'] })()),
  ).toMatchInlineSnapshot(`"a.csv: there is no column "d"; it has "a", "b", "c""`)
})

describe('a file that cannot be read is an error', () => {
  const named = (path: string) => readTable(path, { file: path.slice(folder.length + 1) })

  test('when there is none, with the nearest name', async () => {
    await put('restaurants.csv', 'a\n1\n')
    expect(message(await named(join(folder, 'restaurant.csv'))())).toMatchInlineSnapshot(`
      "restaurant.csv: there is no such file
        hint  did you mean "restaurants.csv"?"
    `)
    expect(message(await named(join(folder, 'no/such/folder.csv'))())).toMatchInlineSnapshot(
      `"no/such/folder.csv: there is no such file"`,
    )
  })

  test('when it is a folder', async () => {
    expect(message(await readTable(folder, { file: 'folder' })())).toMatchInlineSnapshot(
      `"folder: cannot be read: it is a folder"`,
    )
  })

  test('when it is empty', async () => {
    expect(message(await named(await put('empty.csv', ''))())).toMatchInlineSnapshot(
      `"empty.csv: is empty: no bytes"`,
    )
    expect(message(await named(await put('empty.csv.gz', gzipSync('')))())).toMatchInlineSnapshot(
      `"empty.csv.gz: is empty: no bytes"`,
    )
  })

  test('when its name is no name', async () => {
    expect(message(await readTable('a\0b', { file: 'odd' })())).toMatch(/^odd: cannot be read/)
  })
})
