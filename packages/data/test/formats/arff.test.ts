import { parseArff } from '@rootstock/data'
import { describe, expect, test } from 'vitest'
import { isReadOrExplained, message, right } from '../right.ts'
import { valuesOf } from '../table/values.ts'

const header = `% a comment
@RELATION menu
@attribute 'dish name' string
@attribute kind {'hot soup', fish, "?x"}

@ATTRIBUTE price numeric % in dollars
@data
`

const expected = {
  'dish name': ['fish, fried', 'broth'],
  kind: ['fish', 'hot soup'],
  price: [12, null],
}

test('declared types are the types of the columns', () => {
  const read = right(parseArff(`${header}"fish, fried", fish, 12\n% no\nbroth, "hot soup", ?\n`))
  expect(valuesOf(read)).toEqual(expected)
})

test('single quotes quote too', () => {
  const single = header.replace('"?x"', "'?x'")
  const read = right(parseArff(`${single}'fish, fried', fish, 12\nbroth, 'hot soup', ?\n`))
  expect(valuesOf(read)).toEqual(expected)
})

test('values of a nominal attribute keep the order of their declaration', () => {
  const file = '@relation r\n@attribute size {S, M, L}\n@data\nL\nS\nL\n'
  expect(right(parseArff(file)).columns[0]).toEqual({
    kind: 'string',
    name: 'size',
    dictionary: ['S', 'M', 'L'],
    codes: Int32Array.of(2, 0, 2),
  })
})

describe('files that are wrong end in an error that says where', () => {
  const read = (text: string) => message(parseArff(text, { file: 'menu.arff' }))

  test('an empty file', () =>
    expect(read('')).toMatchInlineSnapshot(`"menu.arff: is empty: no text"`))
  test('no data section', () =>
    expect(read('@relation r\n')).toMatchInlineSnapshot(
      `"menu.arff: ends too early: there is no @data"`,
    ))
  test('no data', () =>
    expect(read('@relation r\n@attribute a numeric\n@data\n')).toMatchInlineSnapshot(
      `"menu.arff: is empty: no row"`,
    ))
  test('an unknown declaration', () =>
    expect(read('@relation r\n@attribute a complex\n@data\n1\n')).toMatchInlineSnapshot(`
      "menu.arff, line 2: "@attribute a complex" declares nothing that is known here
        hint  @relation, @attribute name numeric, @attribute name {a, b}, @attribute name string, @data"
    `))
  test('a value that is not declared', () =>
    expect(read('@relation r\n@attribute a {x, y}\n@data\nx\nz\n')).toMatchInlineSnapshot(
      `"menu.arff, line 5, column "a": "z" where one of x, y is needed"`,
    ))
  test('a text in a numeric attribute', () =>
    expect(read('@relation r\n@attribute a numeric\n@data\n1\nmany\n')).toMatchInlineSnapshot(`
      "menu.arff, line 5, column "a": "many" where a number is needed
        hint  if it means that the value is missing, list it in the missing markers"
    `))
  test('more cells than attributes', () =>
    expect(read('@relation r\n@attribute a numeric\n@data\n1,2\n')).toMatchInlineSnapshot(
      `"menu.arff: a row has 2 cells, but 1 name is given"`,
    ))
  test('sparse rows', () =>
    expect(read('@relation r\n@attribute a numeric\n@data\n{0 1}\n')).toMatchInlineSnapshot(
      `"menu.arff: cannot be read as a table: its rows are sparse"`,
    ))
  test('an attribute named __proto__', () =>
    expect(read('@relation r\n@attribute __proto__ numeric\n@data\n1\n')).toMatchInlineSnapshot(`
      "menu.arff: a column may not be named "__proto__"
        hint  rename it, or give names: [...] for all"
    `))
})

test('a file cut off anywhere is read or explained', () => {
  const file = '@relation r\n@attribute a {x, "y z"}\n@attribute b numeric\n@data\nx, 1\n"y z", 2\n'
  for (let end = 0; end < file.length; end++) {
    expect(isReadOrExplained(parseArff(file.slice(0, end), { file: 'cut.arff' }), 'cut.arff')).toBe(
      true,
    )
  }
})
