import { formatCsv, parseCsv, stringColumn, table } from '@rootstock/data'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isReadOrExplained, message, right } from '../../right.ts'
import { valuesOf } from '../../table/values.ts'

// Zero bytes make a file binary.
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.string({
      unit: fc.constantFrom('"', ',', ';', '\n', '\r', ' ', '\t', 'a', '#'),
      maxLength: 6,
    }),
  )
  .filter((s) => !s.includes('\0'))

const dialect = fc.record({
  newline: fc.constantFrom('\n', '\r\n', '\r'),
  delimiter: fc.constantFrom(',', ';', '\t', '|', ' '),
  quotesAll: fc.boolean(),
  mark: fc.boolean(),
  endsWithNewline: fc.boolean(),
})
type Dialect = typeof dialect extends fc.Arbitrary<infer D> ? D : never

const written = (rows: readonly (readonly string[])[], d: Dialect): string => {
  const isPlain = (s: string) => s !== '' && !/["\r\n\t ]/.test(s) && !s.includes(d.delimiter)
  const cell = (s: string) => (isPlain(s) && !d.quotesAll ? s : `"${s.replaceAll('"', '""')}"`)
  const lines = rows.map((row) => row.map(cell).join(d.delimiter))
  return `${d.mark ? '\uFEFF' : ''}${lines.join(d.newline)}${d.endsWithNewline ? d.newline : ''}`
}

const rowsOf = (width: number) =>
  fc.array(fc.array(text, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 })

const names = (width: number) => Array.from({ length: width }, (_, i) => `column${i}`)

const asTexts = (width: number) =>
  Object.fromEntries(names(width).map((name) => [name, 'string' as const]))

describe('what is written is read', () => {
  const tables = fc.integer({ min: 1, max: 4 }).chain((width) => rowsOf(width))

  test('texts, in every dialect', () => {
    fc.assert(
      fc.property(tables, dialect, (rows, d) => {
        const width = rows[0]!.length
        const options = {
          delimiter: d.delimiter,
          header: false,
          missing: [],
          types: asTexts(width),
        }
        const read = valuesOf(right(parseCsv(written(rows, d), options)))
        names(width).forEach((name, i) => {
          expect(read[name]).toEqual(rows.map((row) => row[i]))
        })
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  test('numbers, to the last bit', () => {
    const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 })
    const spelling = fc.constantFrom(
      (x: number) => String(x),
      (x: number) => x.toExponential(),
      (x: number) => x.toPrecision(17),
    )
    fc.assert(
      fc.property(numbers, spelling, (values, spell) => {
        const file = `x\n${values.map(spell).join('\n')}\n`
        const [column] = right(parseCsv(file)).columns
        expect(column?.kind === 'number' && [...column.values]).toEqual(
          values.map((x) => Number(spell(x))),
        )
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  test('tables, through formatCsv', () => {
    const cell = fc.option(text.filter((s) => s !== '∅'))
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 8 }), (cells) => {
        const made = right(table([stringColumn('a', cells), stringColumn('b, "c"', cells)]))
        const types = { a: 'string', 'b, "c"': 'string' } as const
        const file = formatCsv(made, { missing: '∅' })
        expect(valuesOf(right(parseCsv(file, { types, missing: ['∅'] })))).toEqual(valuesOf(made))
      }),
      { numRuns: 300, seed: 1 },
    )
  })
})

describe('types', () => {
  const kinds = (file: string, options = {}) =>
    right(parseCsv(file, options)).columns.map(({ name, kind }) => `${name}: ${kind}`)

  test('a column is numbers if every cell with a value is one, else texts', () => {
    expect(kinds('a,b,c,d,e\n1,x,,-1e3,"5"\n2.5,2,NA,+.5,6.\n')).toEqual([
      'a: number',
      'b: string',
      'c: number',
      'd: number',
      'e: number',
    ])
  })

  test('hexadecimal, blanks inside and words are not numbers', () => {
    for (const cell of ['0x10', '1 2', '1,5', '--1', '1e', '.', 'e5', '1_000', '∞']) {
      expect(kinds(`a;b\n${cell};1\n`, { delimiter: ';' })[0]).toBe('a: string')
    }
  })

  test('types given by hand hold, and a text in a number column is an error with its line', () => {
    expect(kinds('zip\n02139\n', { types: { zip: 'string' } })).toEqual(['zip: string'])
    expect(
      message(parseCsv('a,b\n1,2\n3,"x, y"\n', { file: 'menu.csv', types: { b: 'number' } })),
    ).toMatchInlineSnapshot(`
      "menu.csv, line 3, column "b": "x, y" where a number is needed
        hint  if it means that the value is missing, list it in the missing markers"
    `)
    expect(
      message(parseCsv('price\n1\n', { file: 'menu.csv', types: { pirce: 'number' } })),
    ).toMatchInlineSnapshot(`
      "menu.csv: there is no column "pirce"; it has "price"
        hint  did you mean "price"?"
    `)
  })

  test('a column that is texts in another table is texts here', () => {
    const like = right(parseCsv('code,x\n01,1\nA2,2\n'))
    const read = right(parseCsv('code,x\n01,1\n02,7\n', { like }))
    expect(valuesOf(read)).toEqual({ code: ['01', '02'], x: [1, 7] })
  })

  test('a number that no double can hold is not finite', () => {
    expect(message(parseCsv('a\n1\n1e999\n', { file: 'a.csv' }))).toMatchInlineSnapshot(`
      "a.csv, line 3, column "a": 1e999 is not a finite number
        hint  if it means that the value is missing, list it in the missing markers, or read with nonFinite: "missing""
    `)
  })

  test('NaN and infinities in numbers are errors with their line, or missing values', () => {
    const file = 'a,b\n1,x\nNaN,y\n-inf,z\n'
    expect(message(parseCsv(file, { file: 'a.csv' }))).toMatchInlineSnapshot(`
      "a.csv, line 3, column "a": NaN is not a finite number
        hint  if it means that the value is missing, list it in the missing markers, or read with nonFinite: "missing""
    `)
    const read = right(parseCsv(file, { nonFinite: 'missing' }))
    expect(valuesOf(read).a).toEqual([1, null, null])
  })

  test('a name that looks like infinity among texts is a text', () => {
    expect(valuesOf(right(parseCsv('a\nnan\nrice\n')))).toEqual({ a: ['nan', 'rice'] })
  })
})

describe('missing values', () => {
  test('are empty cells, NA and ?, quoted or not', () => {
    const read = right(parseCsv('a,b\n1,x\n,?\nNA,""\n"?",y\n'))
    expect(valuesOf(read)).toEqual({ a: [1, null, null, null], b: ['x', null, null, 'y'] })
  })

  test('have the markers one gives, compared exactly', () => {
    const read = right(parseCsv('a,b\n-9,none\n-9.0,None\n', { missing: ['-9', 'none'] }))
    expect(valuesOf(read)).toEqual({ a: [null, -9], b: [null, 'None'] })
  })

  test('make a column without any value a number column', () => {
    expect(valuesOf(right(parseCsv('a,b\n,1\n,2\n')))).toEqual({ a: [null, null], b: [1, 2] })
  })
})

describe('the shape of a file', () => {
  test('blanks around cells are dropped unless quoted', () => {
    expect(valuesOf(right(parseCsv('a, b\n 1 ,\tx \n2," y "\n')))).toEqual({
      a: [1, 2],
      b: ['x', ' y '],
    })
  })

  test('blank lines, comments and skipped lines are left out', () => {
    const file = 'made by hand\n\n# comment\na,b\n\n1,2\n  \n#3,4\n5,6\n\n'
    const read = right(parseCsv(file, { skip: 1, comment: '#' }))
    expect(valuesOf(read)).toEqual({ a: [1, 5], b: [2, 6] })
    expect(read.lines).toEqual(Int32Array.of(6, 9))
  })

  test('without a header columns have numbers or the names one gives', () => {
    expect(valuesOf(right(parseCsv('1,2\n', { header: false })))).toEqual({
      column0: [1],
      column1: [2],
    })
    const named = parseCsv('x,y\n1,2\n', { names: ['a', 'b'] })
    expect(valuesOf(right(named))).toEqual({ a: [1], b: [2] })
    expect(
      message(parseCsv('1,2\n', { file: 'a.csv', header: false, names: ['a'] })),
    ).toMatchInlineSnapshot(`"a.csv: a row has 2 cells, but 1 name is given"`)
  })

  test('a blank as delimiter stands for any run of blanks and tabs', () => {
    const read = right(parseCsv('a b  c\n 1\t 2 3  \n4 5 "6 7"\n', { delimiter: ' ' }))
    expect(valuesOf(read)).toEqual({ a: [1, 4], b: [2, 5], c: ['3', '6 7'] })
  })

  test('tabs as delimiter keep empty cells', () => {
    const read = right(parseCsv('a\tb\tc\n1\t\t3\n\t2\t\n', { delimiter: '\t' }))
    expect(valuesOf(read)).toEqual({ a: [1, null], b: [null, 2], c: [3, null] })
  })

  test('a quoted newline belongs to its cell, and lines are counted through it', () => {
    const file = 'a,b\r\n"one\r\ntwo",1\r\nthree,x\r\n'
    expect(valuesOf(right(parseCsv(file))).a).toEqual(['one\r\ntwo', 'three'])
    expect(
      message(parseCsv(file, { file: 'a.csv', types: { b: 'number' } })),
    ).toMatchInlineSnapshot(`
      "a.csv, line 4, column "b": "x" where a number is needed
        hint  if it means that the value is missing, list it in the missing markers"
    `)
  })

  test('a quote inside an unquoted cell is a character', () => {
    expect(valuesOf(right(parseCsv('size\n5"\n6" wide\n'))).size).toEqual(['5"', '6" wide'])
  })

  test('equal texts in different spellings are one text', () => {
    const [column] = right(parseCsv(`a\n'x''y'\nx'y\n`, { quote: "'" })).columns
    expect(column).toMatchObject({ dictionary: ["x'y"], codes: Int32Array.of(0, 0) })
  })

  test('latin1 is read when asked for', () => {
    const bytes = Uint8Array.of(
      ...'dish\ncr'.split('').map((c) => c.charCodeAt(0)),
      0xe8,
      0x6d,
      0x65,
    )
    expect(valuesOf(right(parseCsv(bytes, { encoding: 'latin1' })))).toEqual({ dish: ['crème'] })
    expect(message(parseCsv(bytes, { file: 'menu.csv' }))).toMatchInlineSnapshot(`
      "menu.csv, line 2: the text is not UTF-8
        hint  read it with encoding: "latin1""
    `)
  })
})

describe('files that are wrong end in an error that says where', () => {
  const read = (file: string | Uint8Array, options = {}) =>
    message(parseCsv(file, { file: 'menu.csv', ...options }))

  test('an empty file', () =>
    expect(read('')).toMatchInlineSnapshot(`"menu.csv: is empty: no bytes"`))
  test('blank lines only', () =>
    expect(read('\n \r\n\n')).toMatchInlineSnapshot(`"menu.csv: is empty: no row"`))
  test('a header only', () =>
    expect(read('a,b\n')).toMatchInlineSnapshot(`"menu.csv: is empty: only a header"`))
  test('a row that is too short', () =>
    expect(read('a,b\n1,2\n3\n')).toMatchInlineSnapshot(`
    "menu.csv, line 3: 1 cell where the first row has 2
      hint  is the line cut off, or the delimiter another one?"
  `))
  test('a row that is too long', () =>
    expect(read('a,b\n1,2\n\n3,4,5\n')).toMatchInlineSnapshot(`
      "menu.csv, line 4: 3 cells where the first row has 2
        hint  a cell that holds the delimiter must be in double quotes"
    `))
  test('a quote that never ends', () =>
    expect(read('a\nx\n"y\nz\n')).toMatchInlineSnapshot(
      `"menu.csv: ends too early: the quote opened on line 3 is never closed"`,
    ))
  test('text after a quote', () =>
    expect(read('a\n"x"y\n')).toMatchInlineSnapshot(`
    "menu.csv, line 2: text follows a closing quote
      hint  a quote inside a quoted cell is written twice"
  `))
  test('two columns of one name', () =>
    expect(read('a,b,a\n1,2,3\n')).toMatchInlineSnapshot(`
    "menu.csv: two columns are named "a"
      hint  rename one, or give names: [...] for all"
  `))
  test('a column named __proto__', () =>
    expect(read('a,__proto__\n1,2\n')).toMatchInlineSnapshot(`
      "menu.csv: a column may not be named "__proto__"
        hint  rename it, or give names: [...] for all"
    `))
  test('a column without a name', () =>
    expect(read('a,\n1,2\n')).toMatchInlineSnapshot(`
    "menu.csv: a column has no name
      hint  give it one, or names: [...] for all"
  `))
  test('UTF-16', () =>
    expect(read(Uint8Array.of(0xff, 0xfe, 0x61, 0))).toMatchInlineSnapshot(
      `"menu.csv: cannot be read as a table: it is UTF-16; save it as UTF-8"`,
    ))
  test('bytes that are no text', () =>
    expect(read(Uint8Array.of(0x61, 0x0a, 0x00))).toMatchInlineSnapshot(
      `"menu.csv: cannot be read as a table: it has zero bytes, so that it is not a text file"`,
    ))
})

test('a delimiter that is not one character is a mistake of the program', () => {
  expect(() => parseCsv('a\n1\n', { delimiter: '\t\t' })).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in parseCsv
      delimiter  "\\t\\t"
      rule       delimiter must be one ASCII character]
  `)
  expect(() => parseCsv('a\n1\n', { quote: '' })).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in parseCsv
      quote  ""
      rule   quote must be one ASCII character]
  `)
})

describe('hostile files', () => {
  const file = new TextEncoder().encode('\uFEFFa,"b ""c""",d\r\n1,"x\ny",NaN\r\n2.5e3,"é",?\r\n')

  test('cut off anywhere, read or explain', () => {
    for (let end = 0; end < file.length; end++) {
      expect(
        isReadOrExplained(parseCsv(file.subarray(0, end), { file: 'cut.csv' }), 'cut.csv'),
      ).toBe(true)
    }
  })

  test('with any byte changed, read or explain', () => {
    fc.assert(
      fc.property(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const changed = file.slice()
        changed[at] = byte
        expect(isReadOrExplained(parseCsv(changed, { file: 'changed.csv' }), 'changed.csv')).toBe(
          true,
        )
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  test('of any bytes at all, read or explain', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(isReadOrExplained(parseCsv(bytes, { file: 'any.csv' }), 'any.csv')).toBe(true)
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  test('of 4 MB of digits or quotes take time in proportion', () => {
    const large = (unit: string) => parseCsv(`a,b\n${unit.repeat(4e6 / unit.length)}`)
    const start = performance.now()
    for (const unit of ['1', '"', '""', ',', 'x,y\n', '1e1e', '\r']) large(unit)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
