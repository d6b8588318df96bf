/** Sizes of files and functions. */
import {
  type BindingPattern,
  type Program,
  type PropertyKey,
  Visitor,
  type VisitorObject,
} from 'oxc-parser'
import { lineAt, type SourceFile } from '../source/sourceFile.ts'

/** A function with a name; callbacks without one count as part of the function around them. */
export interface FunctionSize {
  readonly path: string
  readonly name: string
  readonly line: number
  readonly lines: number
}

/** The sizes of one file. */
export interface FileSize {
  readonly path: string
  readonly lines: number
  /** Lines that hold a token: neither blank nor comment. */
  readonly codeLines: number
  /** Code lines that say something: outside lists of imports, and with more on them than brackets. */
  readonly statementLines: number
  readonly functions: readonly FunctionSize[]
}

interface Span {
  readonly type: string
  readonly start: number
  readonly end: number
}

const isFunction = (node: Span | null): node is Span =>
  node !== null && /^(ArrowFunction|Function)Expression$/.test(node.type)

const nameOf = (key: BindingPattern | PropertyKey): string => {
  if (key.type === 'Identifier' || key.type === 'PrivateIdentifier') return key.name
  return key.type === 'Literal' ? String(key.value) : '[computed]'
}

/** Calls `found` for each function that is declared, or is the value of a variable, property or method. */
const visitFunctions = (program: Program, found: (name: string, span: Span) => void): void => {
  const named = (key: BindingPattern | PropertyKey, value: Span | null): void => {
    if (isFunction(value)) found(nameOf(key), value)
  }
  const visitor: VisitorObject = {
    FunctionDeclaration: (node) => found(node.id?.name ?? 'default', node),
    VariableDeclarator: ({ id, init }) => named(id, init),
    Property: ({ key, value }) => named(key, value),
    MethodDefinition: ({ key, value }) => named(key, value),
    PropertyDefinition: ({ key, value }) => named(key, value),
  }
  new Visitor(visitor).visit(program)
}

/** Text with some spans blanked out; their line breaks stay, so that the lines around them do not join. */
const without = (text: string, spans: readonly { start: number; end: number }[]): string => {
  let rest = ''
  let end = 0
  for (const span of spans) {
    const breaks = text.slice(span.start, span.end).replaceAll(/[^\n]/g, '')
    rest += text.slice(end, span.start) + breaks
    end = Math.max(end, span.end)
  }
  return rest + text.slice(end)
}

/** Imports, and exports from elsewhere: lists of names. */
const nameLists = (program: Program): { start: number; end: number }[] =>
  program.body.filter(
    (statement) =>
      statement.type === 'ImportDeclaration' ||
      (statement.type.startsWith('Export') && 'source' in statement && statement.source !== null),
  )

const countLines = (text: string, counts: RegExp): number =>
  text.split('\n').filter((line) => counts.test(line)).length

/** Measures a file. */
export const measure = (source: SourceFile): FileSize => {
  const { path, text, parsed } = source
  const functions: FunctionSize[] = []
  visitFunctions(parsed.program, (name, { start, end }) => {
    const line = lineAt(text, start)
    functions.push({ path, name, line, lines: lineAt(text, end) - line + 1 })
  })
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  const lists = nameLists(parsed.program)
  const spans = [...parsed.comments, ...lists].toSorted((a, b) => a.start - b.start)
  return {
    path,
    lines,
    codeLines: countLines(without(text, parsed.comments), /\S/),
    statementLines: countLines(without(text, spans), /\w/),
    functions,
  }
}
