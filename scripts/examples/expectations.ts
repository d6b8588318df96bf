/** What an example says it prints. */
import { type CallExpression, Visitor } from 'oxc-parser'
import { lineAt, parseSource } from '../source/sourceFile.ts'
import type { Example } from './extract.ts'

const isConsoleLog = ({ callee }: CallExpression): boolean =>
  callee.type === 'MemberExpression' &&
  callee.object.type === 'Identifier' &&
  callee.object.name === 'console' &&
  callee.property.type === 'Identifier' &&
  callee.property.name === 'log'

/** The comment after the call on its last line, or else the comments alone on the lines right below. */
const commentAfter = (lines: readonly string[], line: number, column: number): string | null => {
  const beside = /^\s*;?\s*\/\/\s?(.*)$/.exec((lines[line - 1] ?? '').slice(column))
  if (beside !== null) return beside[1]!
  const below: string[] = []
  for (let i = line; i < lines.length; i++) {
    const comment = /^\s*\/\/ ?(.*)$/.exec(lines[i]!)
    if (comment === null) break
    below.push(comment[1]!)
  }
  return below.length === 0 ? null : below.join('\n')
}

/** Expected text by the line on which a `console.log` begins; calls without a comment are not in the map. */
export const expectationsOf = ({ path, code }: Example): ReadonlyMap<number, string> => {
  const { parsed } = parseSource(`${path}.ts`, code)
  const lines = code.split('\n')
  const expected = new Map<number, string>()
  new Visitor({
    CallExpression: (call) => {
      if (!isConsoleLog(call)) return
      const comment = commentAfter(
        lines,
        lineAt(code, call.end),
        call.end - (code.lastIndexOf('\n', call.end - 1) + 1),
      )
      if (comment !== null) expected.set(lineAt(code, call.start), comment)
    },
  }).visit(parsed.program)
  return expected
}

const collapse = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<=[[{(]) | (?=[\]})])/g, '')
    .trim()

/**
 * Whether a printed text is the expected one. White space counts as one blank, and as none inside brackets; `...` and `…`
 * stand for anything.
 */
export const agrees = (expected: string, printed: string): boolean => {
  const parts = collapse(expected)
    .split(/\.{3}|…/)
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(collapse(printed))
}
