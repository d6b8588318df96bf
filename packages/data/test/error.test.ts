import { explain } from '@rootstock/data'
import { expect, test } from 'vitest'

test('a long text is cut, a long list is counted', () => {
  const available = Array.from({ length: 30 }, (_, i) => `column ${i}`)
  expect(
    explain({ _tag: 'ColumnMissing', file: 'a.csv', column: 'x'.repeat(100), available }),
  ).toMatchInlineSnapshot(
    `"a.csv: there is no column "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..."; it has "column 0", "column 1", "column 2", "column 3", "column 4", "column 5", "column 6", "column 7", "column 8", "column 9", "column 10", "column 11" and 18 more"`,
  )
})

test('text from a file cannot write lines of its own', () => {
  const found = 'x"\n  hint  \u001b[31mall is well'
  expect(
    explain({ _tag: 'ClassUnknown', file: 'a.csv', line: 3, column: 'c\n', found, classes: ['a'] }),
  ).toMatchInlineSnapshot(`
    "a.csv, line 3, column "c\\n": the class "x\\"\\n  hint  \\u001b[31mall is well" is not one of "a"
      hint  classes come from the training rows; list them all as classes: [...] if this one belongs to them"
  `)
})
