import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { command } from '../check/command.ts'
import { agrees, expectationsOf } from '../examples/expectations.ts'
import { examplesOfPage, examplesOfSource } from '../examples/extract.ts'
import { resembles } from '../examples/pictures.ts'
import type { Run } from '../examples/runner.ts'
import { root } from '../source/sourceFile.ts'

describe('extraction', () => {
  test('takes each block of a docstring as a program on its own lines', () => {
    const text = [
      '/**',
      ' * Adds.',
      ' * ```ts',
      ' * const x = 1',
      ' *',
      ' * console.log(x) // 1',
      ' * ```',
      ' */',
    ].join('\n')
    const [example, ...others] = examplesOfSource('a.ts', text)
    expect(others).toEqual([])
    expect(example).toEqual({
      path: 'a.ts',
      line: 4,
      code: '\n\n\nconst x = 1\n\nconsole.log(x) // 1\nexport {}\n',
    })
  })

  test('takes a page as one program until a block begins with an import', () => {
    const page = [
      '```ts',
      "import 'a'",
      '```',
      'text',
      '```ts',
      'go()',
      '```',
      '```ts',
      "import 'b'",
      '```',
    ]
    const programs = examplesOfPage('a.md', page.join('\n'))
    expect(programs.map(({ line, code }) => [line, code])).toEqual([
      [2, "\nimport 'a'\n\n\n\ngo()\nexport {}\n"],
      [9, "\n\n\n\n\n\n\n\nimport 'b'\nexport {}\n"],
    ])
  })

  test('leaves out other languages, and fences inside them', () => {
    expect(
      examplesOfPage('a.md', ['```sh', 'npm test', '```', '```tsx', '```'].join('\n')),
    ).toEqual([])
  })
})

describe('expectations', () => {
  const expected = (...lines: string[]): unknown => [
    ...expectationsOf({ path: 'a', line: 1, code: lines.join('\n') }),
  ]

  test('stand after a call, on its last line', () => {
    expect(expected('console.log(1) // 1', 'console.log(', '  2,', ') // 2')).toEqual([
      [1, '1'],
      [2, '2'],
    ])
  })

  test('stand alone on the lines below a call', () => {
    expect(expected('console.log(x)', '// a', '//   b', 'done()')).toEqual([[1, 'a\n  b']])
  })

  test('are not made by comments elsewhere', () => {
    expect(expected('// 1', 'console.log(1)', '', '// 2', 'f(1) // 1')).toEqual([])
  })

  test('agree up to white space, and three dots stand for anything', () => {
    expect(agrees('[ 1, 2 ]', '[\n  1, 2\n]')).toBe(true)
    expect(agrees('[[1], {a: 2}]', '[ [ 1 ], { a: 2 } ]')).toBe(true)
    expect(agrees('took … ms', 'took 12.5 ms')).toBe(true)
    expect(agrees('0.33... 1', '0.3333333333333333 1')).toBe(true)
    expect(agrees('0.33...', '0.34')).toBe(false)
    expect(agrees('[ 1, 2 ]', '[ 1, 3 ]')).toBe(false)
    expect(agrees('1', '10')).toBe(false)
    expect(agrees('1.5', '1x5')).toBe(false)
  })
})

describe('the runner', () => {
  const run = async (code: string): Promise<Run> => {
    const cwd = mkdtempSync(join(tmpdir(), 'rootstock-runner-'))
    const file = join(cwd, 'example.ts')
    writeFileSync(file, code)
    const { stdout } = await command('node', [join(root, 'scripts/examples/runner.ts'), file], {
      cwd,
    })
    return JSON.parse(stdout) as Run
  }

  test('reports what each call prints, by its line', async () => {
    const { printed, error } = await run(
      '\nfor (const x of [1, 2]) console.log(x)\nconsole.log({ a: 1 })\n',
    )
    expect(error).toBeNull()
    expect(printed).toEqual({ 2: '1\n2', 3: '{ a: 1 }' })
  })

  test('reports what was thrown, and where', async () => {
    const { error } = await run("\n\nthrow new Error('wrong')\n")
    expect(error).toMatch(/^Error: wrong\n.*example\.ts:3:7/)
  })

  test('takes the pictures that were drawn, and only those', async () => {
    const { drawn } = await run(
      "import { writeFileSync } from 'node:fs'\nwriteFileSync('a.svg', '<svg/>')\nwriteFileSync('b.txt', 'b')\n",
    )
    expect(drawn).toEqual({ 'a.svg': '<svg/>' })
  })

  test('reports a warning of the process as an error', async () => {
    const { error } = await run("process.emitWarning('old')\n")
    expect(error).toBe('warning: old')
  })
})

describe('pictures', () => {
  const curve = (...y: readonly number[]): string =>
    `<svg><text>loss</text><path d="${y.map((value, i) => `L${i} ${value}`).join('')}"/></svg>`

  test('resemble each other when their numbers hardly differ', () => {
    expect(resembles(curve(10, 20, 30), curve(10, 20.4, 29.8))).toBe(true)
    expect(resembles(curve(10, 20, 30), curve(10, 40, 30))).toBe(false)
  })

  test('do not when one says more, or something else', () => {
    expect(resembles(curve(1, 2), curve(1, 2, 3))).toBe(false)
    expect(resembles(curve(1), curve(1).replace('loss', 'error'))).toBe(false)
  })
})
