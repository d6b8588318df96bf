/**
 * ARFF, the format of Weka and of many public data sets: declared attributes, then comma-separated rows, which are read by
 * the CSV reader with the declared types.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import type { Column, StringColumn } from '../table/column.ts'
import { placeOf, type Table } from '../table/table.ts'
import { parseCsv } from './csv/parseCsv.ts'

/** Options of the ARFF reader. */
export interface ArffOptions {
  /** Name of the file in messages. */
  readonly file?: string
  /** Cells that mean "no value". Default `?`. */
  readonly missing?: readonly string[]
  /** NaN and infinities in numeric attributes: an error (default), or missing values. */
  readonly nonFinite?: 'error' | 'missing'
}

interface Attribute {
  readonly name: string
  readonly type: 'number' | 'string'
  /** The declared values of a nominal attribute. */
  readonly values?: readonly string[]
}

const unquote = (text: string): string => {
  const trimmed = text.trim()
  const quote = trimmed[0]
  return trimmed.length > 1 && (quote === "'" || quote === '"') && trimmed.endsWith(quote)
    ? trimmed.slice(1, -1)
    : trimmed
}

const attributeOf = (declaration: string): Attribute | undefined => {
  const found = /^(?:'([^']*)'|"([^"]*)"|([^\s{]+))\s*(\S.*)$/.exec(declaration.trim())
  if (found === null) return undefined
  const name = found[1] ?? found[2] ?? found[3] ?? ''
  const type = (found[4] ?? '').trim()
  if (type.startsWith('{')) {
    if (!type.endsWith('}')) return undefined
    return { name, type: 'string', values: type.slice(1, -1).split(',').map(unquote) }
  }
  if (/^(numeric|real|integer)\b/i.test(type)) return { name, type: 'number' }
  return /^(string|date)\b/i.test(type) ? { name, type: 'string' } : undefined
}

interface Header {
  readonly attributes: readonly Attribute[]
  /** Lines up to and with `@data`. */
  readonly lines: number
}

const headerOf = (text: string, file: string): E.Either<DataError, Header> => {
  const attributes: Attribute[] = []
  const lines = text.split('\n')
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('%')) continue
    const word = /^@\w+/.exec(line)?.[0].toLowerCase()
    if (word === '@data') return E.right({ attributes, lines: index + 1 })
    if (word === '@relation') continue
    const attribute = word === '@attribute' ? attributeOf(line.slice(word.length)) : undefined
    if (attribute === undefined) {
      const reason = `${JSON.stringify(line.slice(0, 60))} declares nothing that is known here`
      const hint =
        '@relation, @attribute name numeric, @attribute name {a, b}, @attribute name string, @data'
      return E.left({ _tag: 'FileCorrupt', file, line: index + 1, reason, hint })
    }
    attributes.push(attribute)
  }
  return E.left({ _tag: 'FileTruncated', file, reason: 'there is no @data' })
}

// Codes in the declared order, so that classes keep the order their publisher gave them.
const declared = (
  found: StringColumn,
  values: readonly string[],
  from: Table,
): E.Either<DataError, Column> => {
  const order = new Map(values.map((value, code) => [value, code]))
  const wrong = found.dictionary.findIndex((text) => !order.has(text))
  if (wrong !== -1) {
    const row = found.codes.indexOf(wrong)
    return E.left({
      _tag: 'ColumnType',
      ...placeOf(from, row, found.name),
      expected: `one of ${values.join(', ')}`,
      found: JSON.stringify(found.dictionary[wrong]),
    })
  }
  const recode = found.dictionary.map((text) => order.get(text)!)
  const codes = found.codes.map((code) => (code === -1 ? -1 : recode[code]!))
  return E.right({ ...found, codes, dictionary: values })
}

/**
 * Parses ARFF with numeric, nominal, string and date attributes; dates stay texts.
 *
 * Left: what `parseCsv` gives, and `FileTruncated` without `@data`, `FileCorrupt` for unknown declarations, `ColumnType`
 * for values that were not declared, `FormatUnsupported` for sparse rows.
 *
 * @example
 * ```ts
 * import { parseArff } from '@rootstock/data'
 *
 * const flares = parseArff('@relation r\n@attribute class {A, B}\n@attribute count numeric\n@data\nA, 2\n')
 * console.log(flares._tag) // Right
 * ```
 */
export const parseArff = (
  source: string | Uint8Array,
  { file = 'arff', missing = ['?'], nonFinite = 'error' }: ArffOptions = {},
): E.Either<DataError, Table> => {
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source)
  if (text.trim() === '') return E.left({ _tag: 'FileEmpty', file, reason: 'no text' })
  const header = headerOf(text, file)
  if (E.isLeft(header)) return header
  const { attributes, lines } = header.right
  if (/^[^%\S\n]*\{/m.test(text.split('\n').slice(lines).join('\n'))) {
    return E.left({ _tag: 'FormatUnsupported', file, reason: 'its rows are sparse' })
  }
  const names = attributes.map((a) => a.name)
  const types = new Map(attributes.map((a) => [a.name, a.type]))
  const parsed = parseCsv(typeof source === 'string' ? text : source, {
    file,
    header: false,
    names,
    skip: lines,
    missing,
    nonFinite,
    comment: '%',
    types: Object.fromEntries(types),
    // Both quotes are allowed; a file uses one of them.
    quote: text.includes("'") && !text.includes('"') ? "'" : '"',
  })
  if (E.isLeft(parsed)) return parsed
  const columns: Column[] = []
  for (const [i, column] of parsed.right.columns.entries()) {
    const { values } = attributes[i]!
    if (column.kind !== 'string' || values === undefined) columns.push(column)
    else {
      const coded = declared(column, values, parsed.right)
      if (E.isLeft(coded)) return coded
      columns.push(coded.right)
    }
  }
  return E.right({ ...parsed.right, columns })
}
