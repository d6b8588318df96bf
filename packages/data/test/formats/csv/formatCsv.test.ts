import { formatCsv, numberColumn, stringColumn, table } from '@rootstock/data'
import { expect, test } from 'vitest'
import { right } from '../../right.ts'

test('cells are quoted where they must be, and every digit is kept', () => {
  const menu = table([
    stringColumn('dish, "name"', ['soup', 'a "red" one', 'two\nlines', ' wide ', '', null]),
    numberColumn('price', [0.1 + 0.2, -0, 1e300, 5e-324, 3, null]),
    {
      kind: 'array',
      name: 'image',
      shape: [2, 1],
      values: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    },
  ])
  expect(formatCsv(right(menu), { missing: 'NA' })).toMatchInlineSnapshot(`
    ""dish, ""name""",price,image
    soup,0.30000000000000004,[1 2]
    "a ""red"" one",-0,[3 4]
    "two
    lines",1e+300,[5 6]
    " wide ",5e-324,[7 8]
    ,3,[9 10]
    NA,NA,[11 12]
    "
  `)
})

test('a row that misses its only value is not a blank line', () => {
  expect(formatCsv(right(table([numberColumn('a', [1, null, 2])])))).toBe('a\n1\n""\n2\n')
})
