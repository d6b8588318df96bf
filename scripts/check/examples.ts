/**
 * Type-checks and runs every program in docstrings, READMEs and pages, and compares what it prints with what it says, and what it draws
 * with the pictures that the pages show.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { agrees, expectationsOf } from '../examples/expectations.ts'
import { type Example, examplesOfPage, examplesOfSource } from '../examples/extract.ts'
import { resembles } from '../examples/pictures.ts'
import type { Run } from '../examples/runner.ts'
import { findFiles, root } from '../source/sourceFile.ts'
import { command } from './command.ts'
import type { Outcome, Step } from './step.ts'

const folder = join(root, 'scripts/.examples')
const runner = join(root, 'scripts/examples/runner.ts')

const collect = (): Example[] => {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8')
  return [
    ...findFiles('packages/*/src/**/*.ts').flatMap((path) => examplesOfSource(path, read(path))),
    ...findFiles('*.md', '{docs,packages,experiments,bench}/**/*.md').flatMap((path) =>
      examplesOfPage(path, read(path)),
    ),
  ]
}

/** Examples of one group share a process: those of a package, or those of all other pages. */
const groupOf = ({ path }: Example): string => /^packages\/([^/]+)\//.exec(path)?.[1] ?? 'pages'

const fileOf = (example: Example): string => {
  const name = example.path.replace(/\.(ts|md)$/, '').replaceAll('/', '.')
  return join(folder, groupOf(example), `${name}.L${example.line}.ts`)
}

const writeExamples = (examples: readonly Example[]): void => {
  rmSync(folder, { recursive: true, force: true })
  for (const example of examples) {
    const file = fileOf(example)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, example.code)
  }
  const config = {
    extends: '../../tsconfig.base.json',
    compilerOptions: { noEmit: true, composite: false, noUnusedLocals: false },
    // a pattern that matches nothing would pass in silence
    files: examples.map((example) => relative(folder, fileOf(example))),
    references: findFiles('packages/*/tsconfig.json').map((path) => ({ path: `../../${path}` })),
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
}

/** Compiler errors by example file. */
const typeErrors = async (): Promise<Map<string, string[]>> => {
  const { output, code } = await command('tsc', ['-p', folder, '--pretty', 'false'])
  const errors = new Map<string, string[]>()
  for (const line of output.split('\n')) {
    const found = /^(.*\.ts)\((\d+),\d+\): (.*)$/.exec(line)
    if (found === null) continue
    const file = join(root, found[1]!)
    errors.set(file, [...(errors.get(file) ?? []), `line ${found[2]}: ${found[3]}`])
  }
  if (code !== 0 && errors.size === 0) throw new Error(output)
  return errors
}

const runGroup = async (files: readonly string[]): Promise<Run[]> => {
  const cwd = mkdtempSync(join(tmpdir(), 'rootstock-examples-'))
  const { stdout, output } = await command('node', [runner, ...files], { cwd, seconds: 240 })
  rmSync(cwd, { recursive: true, force: true })
  const runs = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Run)
  const ran = new Set(runs.map(({ file }) => file))
  const lost = files.filter((file) => !ran.has(file))
  return [
    ...runs,
    ...lost.map((file) => ({
      file,
      printed: {},
      drawn: {},
      error: `did not finish\n${output.slice(-2000)}`,
    })),
  ]
}

const figures = join(root, 'docs/figures')

const differences = ({ drawn }: Run): string[] =>
  Object.entries(drawn).flatMap(([name, picture]) => {
    const path = join(figures, name)
    const shown = existsSync(path) ? readFileSync(path, 'utf8') : null
    if (shown !== null && resembles(shown, picture)) return []
    return [`docs/figures/${name} is not what the page draws; \`npm run figures\` draws it anew`]
  })

const problemsOf = (example: Example, run: Run): string[] => {
  if (run.error !== null) return [run.error]
  const prints = [...expectationsOf(example)].flatMap(([line, expected]) => {
    const printed = run.printed[line] ?? '(nothing)'
    return agrees(expected, printed)
      ? []
      : [`line ${line}: says   ${expected}\n         prints ${printed}`]
  })
  return [...prints, ...differences(run)]
}

/** Draws the pictures of all pages whose program names an SVG file, or of those whose path contains a text; gives their names. */
export const drawFigures = async (part: string): Promise<string[]> => {
  const pages = collect().filter(
    ({ path, code }) => path.endsWith('.md') && path.includes(part) && code.includes('.svg'),
  )
  writeExamples(pages)
  const runs = await runGroup(pages.map(fileOf))
  const errors = runs.flatMap(({ file, error }) => (error === null ? [] : [`${file}\n${error}`]))
  if (errors.length > 0) throw new Error(errors.join('\n'))
  const drawn = runs.flatMap((run) => Object.entries(run.drawn))
  for (const [name, picture] of drawn) writeFileSync(join(figures, name), picture)
  return drawn.map(([name]) => name)
}

const checkExamples = async (): Promise<Outcome> => {
  const examples = collect()
  writeExamples(examples)
  const files = examples.map(fileOf)
  const groups = Map.groupBy(files, (file) => basename(dirname(file)))
  const [errors, ...runs] = await Promise.all([typeErrors(), ...[...groups.values()].map(runGroup)])
  const byFile = new Map(runs.flat().map((run) => [run.file, run]))
  const problems = examples.flatMap((example) => {
    const file = fileOf(example)
    const found = errors.get(file) ?? problemsOf(example, byFile.get(file)!)
    return found.length === 0 ? [] : [`${example.path}:${example.line}\n  ${found.join('\n  ')}`]
  })
  const checked = examples.reduce((sum, example) => sum + expectationsOf(example).size, 0)
  return {
    passed: examples.length - problems.length,
    failed: problems.length,
    note: `${examples.length} programs, ${checked} printed lines compared`,
    log: problems.join('\n'),
  }
}

/** Every example in the documentation does what it says. */
export const examples: Step = { name: 'examples', after: ['types'], run: checkExamples }
