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

const countCodeLines = ({ text, parsed }: SourceFile): number => {
  let code = ''
  let end = 0
  for (const comment of parsed.comments) {
    // a comment over many lines must not join the lines around it
    const breaks = text.slice(comment.start, comment.end).replaceAll(/[^\n]/g, '')
    code += text.slice(end, comment.start) + breaks
    end = comment.end
  }
  code += text.slice(end)
  return code.split('\n').filter((line) => line.trim() !== '').length
}

/** Measures a file. */
export const measure = (source: SourceFile): FileSize => {
  const { path, text, parsed } = source
  const functions: FunctionSize[] = []
  visitFunctions(parsed.program, (name, { start, end }) => {
    const line = lineAt(text, start)
    functions.push({ path, name, line, lines: lineAt(text, end) - line + 1 })
  })
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  return { path, lines, codeLines: countCodeLines(source), functions }
}
