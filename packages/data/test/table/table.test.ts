import {
  type ArrayColumn,
  column,
  columnNames,
  dropMissing,
  isPresent,
  joinColumns,
  numberColumn,
  renameValues,
  stringColumn,
  table,
  takeRows,
  valueAt,
} from '@rootstock/data'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { message, right } from '../right.ts'
import { valuesOf } from './values.ts'

const image = (rows: number): ArrayColumn => ({
  kind: 'array',
  name: 'image',
  shape: [1, 2],
  values: Int16Array.from({ length: 2 * rows }, (_, i) => i),
})

const menu = () =>
  right(
    table(
      [
        stringColumn('dish', ['soup', null, 'fish', 'soup']),
        numberColumn('price', [5, 7, null, 9]),
        image(4),
      ],
      { file: 'menu.csv', lines: Int32Array.of(2, 3, 5, 6) },
    ),
  )

describe('columns', () => {
  test('hold what they were made of', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ noNaN: true }))),
        fc.array(fc.option(fc.string())),
        (numbers, texts) => {
          const x = numberColumn('x', numbers)
          const s = stringColumn('s', texts)
          expect(numbers.map((_, row) => valueAt(x, row))).toEqual(numbers)
          expect(texts.map((_, row) => valueAt(s, row))).toEqual(texts)
          expect(numbers.map((_, row) => isPresent(x, row))).toEqual(numbers.map((v) => v !== null))
          expect(texts.map((_, row) => isPresent(s, row))).toEqual(texts.map((v) => v !== null))
          expect(new Set(s.dictionary).size).toBe(s.dictionary.length)
        },
      ),
      { seed: 1 },
    )
  })

  test('of numbers without a gap have no validity', () => {
    expect(numberColumn('x', [1, 2]).valid).toBeUndefined()
  })
})

describe('a table', () => {
  test('gives rows in any order, more than once', () => {
    const rows = takeRows(menu(), Int32Array.of(3, 0, 0, 2))
    expect(valuesOf(rows)).toEqual({
      dish: ['soup', 'soup', 'soup', 'fish'],
      price: [9, 5, 5, null],
      image: [
        [6, 7],
        [0, 1],
        [0, 1],
        [4, 5],
      ],
    })
    expect(rows.lines).toEqual(Int32Array.of(6, 2, 2, 5))
    expect(rows.columns[2]).toMatchObject({ values: expect.any(Int16Array) })
  })

  test('has columns of one length, with names of their own', () => {
    expect(
      message(table([numberColumn('a', [1]), numberColumn('b', [1, 2])], { file: 'a.csv' })),
    ).toMatchInlineSnapshot(
      `"a.csv, column "b": has 2 rows, but a.csv, column "a" has 1; side by side they must describe the same rows"`,
    )
    expect(
      message(table([numberColumn('a', [1]), stringColumn('a', ['x'])])),
    ).toMatchInlineSnapshot(`
      "table: two columns are named "a"
        hint  rename one, or give names: [...] for all"
    `)
    expect(message(table([numberColumn('__proto__', [1])]))).toMatchInlineSnapshot(`
      "table: a column may not be named "__proto__"
        hint  rename it, or give names: [...] for all"
    `)
    expect(message(table([]))).toMatchInlineSnapshot(`"table: is empty: there are no columns"`)
  })

  test('names the nearest column to one that it does not have', () => {
    expect(message(column(menu(), 'dishes'))).toMatchInlineSnapshot(`
      "menu.csv: there is no column "dishes"; it has "dish", "price", "image"
        hint  did you mean "dish"?"
    `)
    expect(message(column(menu(), 'zip code'))).toMatchInlineSnapshot(
      `"menu.csv: there is no column "zip code"; it has "dish", "price", "image""`,
    )
  })
})

describe('joined side by side', () => {
  test('tables give the columns of all', () => {
    const other = right(table([numberColumn('seats', [1, 2, 3, 4])], { file: 'seats.csv' }))
    const joined = right(joinColumns([menu(), other]))
    expect(columnNames(joined)).toEqual(['dish', 'price', 'image', 'seats'])
    expect(joined.file).toBe('menu.csv + seats.csv')
  })

  test('tables have as many rows, and no column twice', () => {
    const short = right(table([numberColumn('seats', [1])], { file: 'seats.csv' }))
    expect(message(joinColumns([menu(), short]))).toMatchInlineSnapshot(
      `"seats.csv: has 1 row, but menu.csv has 4; side by side they must describe the same rows"`,
    )
    expect(message(joinColumns([menu(), menu()]))).toMatchInlineSnapshot(`
      "menu.csv + menu.csv: two columns are named "dish"
        hint  rename one, or give names: [...] for all"
    `)
    expect(message(joinColumns([]))).toMatchInlineSnapshot(`"table: is empty: there are no files"`)
  })
})

describe('rows that miss a value', () => {
  test('are left out for the named columns only', () => {
    expect(valuesOf(right(dropMissing(menu(), ['dish']))).price).toEqual([5, null, 9])
    expect(valuesOf(right(dropMissing(menu(), ['dish', 'price']))).dish).toEqual(['soup', 'soup'])
    expect(right(dropMissing(menu(), [])).rows).toBe(4)
  })

  test('may not be all', () => {
    const empty = right(table([numberColumn('a', [null, null])], { file: 'a.csv' }))
    expect(message(dropMissing(empty, ['a']))).toMatchInlineSnapshot(
      `"a.csv: is empty: every row misses a value in one of a"`,
    )
    expect(message(dropMissing(menu(), ['prize']))).toMatchInlineSnapshot(`
      "menu.csv: there is no column "prize"; it has "dish", "price", "image"
        hint  did you mean "price"?"
    `)
  })
})

describe('renaming texts', () => {
  test('merges those that become equal', () => {
    const renamed = right(renameValues(menu(), 'dish', { fish: 'soup', bread: 'cake' }))
    expect(renamed.columns[0]).toEqual({
      kind: 'string',
      name: 'dish',
      dictionary: ['soup'],
      codes: Int32Array.of(0, -1, 0, 0),
    })
  })

  test('needs a column of texts', () => {
    expect(message(renameValues(menu(), 'price', { 5: '6' }))).toMatchInlineSnapshot(
      `"menu.csv, column "price": a column of numbers where a column of texts is needed"`,
    )
  })
})
