import { expect, test } from 'vitest'
import { quantile } from '../budgets/budgets.ts'
import { countMembers, countProperties } from '../budgets/declarations.ts'
import { measure } from '../budgets/measure.ts'
import { parseSource } from '../source/sourceFile.ts'

test('code lines hold a token: blank lines and comments do not count', () => {
  const text = [
    '/**',
    ' * Doc.',
    ' */',
    'const a = 1 // beside',
    '',
    '// alone',
    'const b = 2',
    '',
  ].join('\n')
  const { lines, codeLines } = measure(parseSource('a.ts', text))
  expect({ lines, codeLines }).toEqual({ lines: 7, codeLines: 2 })
})

test('statement lines say something: imports, lists of exports and lone brackets do not count', () => {
  const text = [
    'import {',
    '  a,',
    "} from './a.ts'",
    "export { b } from './b.ts'",
    'export const c = [',
    '  1, // one',
    ']',
    'export { c as d }',
    '',
  ].join('\n')
  const { codeLines, statementLines } = measure(parseSource('a.ts', text))
  expect({ codeLines, statementLines }).toEqual({ codeLines: 8, statementLines: 3 })
})

test('functions are measured by name, wherever the name stands; callbacks belong to the function around them', () => {
  const text = [
    'function one() {',
    '}',
    'const two = () =>',
    '  [1].map((x) => {',
    '    return x',
    '  })',
    'const table = { three: () => 1, four() {} }',
    'class C {',
    '  five(): void {}',
    '  six = (): void => {}',
    '}',
  ].join('\n')
  const { functions } = measure(parseSource('a.ts', text))
  const sizes = functions.map(({ name, lines }) => `${name} ${lines}`)
  expect(sizes).toEqual(['one 2', 'two 4', 'three 1', 'four 1', 'five 1', 'six 1'])
})

test('members of an interface and properties of an object are counted from the text', () => {
  const file = parseSource(
    'a.ts',
    'export interface Backend { readonly name: string; run: () => void }\nexport const all = { a: 1, b: 2, c: 3 } as const',
  )
  expect(countMembers(file, 'Backend')).toBe(2)
  expect(countProperties(file, 'all')).toBe(3)
  expect(() => countMembers(file, 'Other')).toThrowErrorMatchingInlineSnapshot(
    `[Error: a.ts: there is no interface Other]`,
  )
})

test('a quantile is a number of the list, and 0 for an empty one', () => {
  expect([0.5, 0.9, 1].map((share) => quantile([5, 1, 4, 2, 3], share))).toEqual([3, 5, 5])
  expect(quantile([], 0.5)).toBe(0)
})
