import { numberColumn, type Split, splitRows, stringColumn, table } from '@rootstock/data'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { message, right } from '../right.ts'

const tableOf = (rows: number) =>
  right(table([numberColumn('x', Array(rows).fill(1))], { file: 'menu.csv' }))

const split = (by: Split, rows = 10) => {
  const { train, test: rest } = right(splitRows(by, tableOf(rows)))
  return { train: [...train], test: [...rest] }
}

describe('a split by fraction', () => {
  test('uses each row once, in file order, and gives the same rows again', () => {
    const cases = fc.tuple(
      fc.integer({ min: 4, max: 200 }),
      fc.double({ min: 0.2, max: 0.8, noNaN: true }),
      fc.integer({ min: 0 }),
    )
    fc.assert(
      fc.property(cases, ([rows, share, seed]) => {
        const by = { by: 'fraction', test: share, seed } as const
        const { train, test: rest } = split(by, rows)
        expect(rest).toHaveLength(Math.round(share * rows))
        expect([...train, ...rest].toSorted((a, b) => a - b)).toEqual([...Array(rows).keys()])
        expect(train).toEqual(train.toSorted((a, b) => a - b))
        expect(split(by, rows)).toEqual({ train, test: rest })
      }),
      { seed: 1 },
    )
  })

  test('depends on the seed', () => {
    const of = (seed: number) => split({ by: 'fraction', test: 0.5, seed }, 100).test
    expect(of(1)).not.toEqual(of(2))
    expect(of(2 ** 40)).not.toEqual(of(0))
  })
})

test('a split by modulo takes every so many rows', () => {
  expect(split({ by: 'modulo', divisor: 5, test: 4 }).test).toEqual([4, 9])
})

test('a split by rows takes ranges, and leaves out what is in none', () => {
  const by = { by: 'rows', train: [0, 4], test: [6, 8] } as const
  expect(split(by)).toEqual({ train: [0, 1, 2, 3], test: [6, 7] })
})

describe('a split by column', () => {
  const from = right(
    table(
      [
        stringColumn('part', ['train', 'test', null, 'validation', 'train']),
        numberColumn('fold', [1, 2, null, 2, 1]),
        stringColumn('null', ['null', 'x', null, 'x', 'x']),
      ],
      { file: 'menu.csv' },
    ),
  )
  const of = (by: Omit<Extract<Split, { by: 'column' }>, 'by'>) => {
    const { train, test: rest } = right(splitRows({ by: 'column', ...by }, from))
    return { train: [...train], test: [...rest] }
  }

  test('takes rows by what they say; those that say nothing are in no part', () => {
    expect(of({ column: 'part', test: 'test' })).toEqual({ train: [0, 3, 4], test: [1] })
    expect(of({ column: 'part', test: 'test', train: 'train' })).toEqual({
      train: [0, 4],
      test: [1],
    })
    expect(of({ column: 'null', test: 'null' })).toEqual({ train: [1, 3, 4], test: [0] })
  })

  test('reads numbers too', () => {
    expect(of({ column: 'fold', test: '2' })).toEqual({ train: [0, 4], test: [1, 3] })
  })
})

test('given rows are split again, for validation', () => {
  const { train } = right(splitRows({ by: 'modulo', divisor: 5, test: 4 }, tableOf(10)))
  const again = right(splitRows({ by: 'modulo', divisor: 5, test: 3 }, tableOf(10), train))
  expect([...again.test]).toEqual([3, 8])
  expect([...again.train]).toEqual([0, 1, 2, 5, 6, 7])
})

test('a part without a row is an error that says why', () => {
  const of = (by: Split) => message(splitRows(by, tableOf(3)))
  expect(of({ by: 'fraction', test: 0.01, seed: 0 })).toMatchInlineSnapshot(
    `"menu.csv: the split leaves no test row: 0.01 of 3 rows are for testing"`,
  )
  expect(of({ by: 'fraction', test: 0.99, seed: 0 })).toMatchInlineSnapshot(
    `"menu.csv: the split leaves no train row: 0.99 of 3 rows are for testing"`,
  )
  expect(of({ by: 'modulo', divisor: 5, test: 4 })).toMatchInlineSnapshot(
    `"menu.csv: the split leaves no test row: row i of 3 is for testing if i % 5 is 4"`,
  )
  expect(of({ by: 'rows', train: [0, 2], test: [5, 9] })).toMatchInlineSnapshot(
    `"menu.csv: the split leaves no test row: they are rows 5 to 9 of 3"`,
  )
  expect(of({ by: 'column', column: 'x', test: '2' })).toMatchInlineSnapshot(
    `"menu.csv: the split leaves no test row: no row of column "x" says "2""`,
  )
  expect(of({ by: 'column', column: 'x', test: '1' })).toMatchInlineSnapshot(
    `"menu.csv: the split leaves no train row: no row of column "x" says anything but "1""`,
  )
  expect(of({ by: 'column', column: 'y', test: '1' })).toMatchInlineSnapshot(
    `"menu.csv: there is no column "y"; it has "x""`,
  )
})
