/** The budgets of the design, each a number measured on the sources against its limit. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSource, readSources, root } from '../source/sourceFile.ts'
import { countMembers, countProperties } from './declarations.ts'
import { type FileSize, measure } from './measure.ts'

/** One row of the table. */
export interface Budget {
  readonly what: string
  readonly value: number
  readonly limit: number
  /** What holds the value, so that a reader knows where to cut. */
  readonly where: string
}

/** The value that `share` of the numbers do not exceed; 0 for none. */
export const quantile = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * numbers.length) - 1)] ?? 0

interface Sized {
  readonly lines: number
}

const largest = <T extends Sized>(sizes: readonly T[], say: (size: T) => string): string => {
  const [first] = sizes.toSorted((a, b) => b.lines - a.lines)
  return first === undefined ? '' : say(first)
}

const fileBudgets = (files: readonly FileSize[]): Budget[] => {
  const lines = files.map((file) => file.lines)
  const over = files.filter((file) => file.lines > 250).length
  return [
    {
      what: 'lines of a file, 90th percentile',
      value: quantile(lines, 0.9),
      limit: 250,
      where: `${over} of ${files.length} files are longer`,
    },
    {
      what: 'lines of a file, most',
      value: quantile(lines, 1),
      limit: 400,
      where: largest(files, (file) => file.path),
    },
  ]
}

const functionBudgets = (files: readonly FileSize[]): Budget[] => {
  const functions = files.flatMap((file) => file.functions)
  const lines = functions.map((size) => size.lines)
  return [
    {
      what: 'lines of a function, median',
      value: quantile(lines, 0.5),
      limit: 8,
      where: `${functions.length} named functions`,
    },
    {
      what: 'lines of a function, 95th percentile',
      value: quantile(lines, 0.95),
      limit: 40,
      where: '',
    },
    {
      what: 'lines of a function, most',
      value: quantile(lines, 1),
      limit: 80,
      where: largest(functions, ({ path, name, line }) => `${name} (${path}:${line})`),
    },
  ]
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0)

/** Folders of core that are lists of functions, each for itself; all else is the engine under them. */
const isCatalogue = ({ path }: FileSize): boolean =>
  /\/core\/src\/(numeric|optim|init)\//.test(path)

const statementBudget = (what: string, limit: number, files: readonly FileSize[]): Budget => ({
  what,
  value: sum(files.map((file) => file.statementLines)),
  limit,
  where: `${files.length} files, ${sum(files.map((file) => file.codeLines))} code lines`,
})

const coreBudgets = (core: readonly FileSize[]): Budget[] => {
  const catalogue = core.filter(isCatalogue)
  const engine = core.filter((file) => !isCatalogue(file))
  const text = readFileSync(join(root, 'packages/core/package.json'), 'utf8')
  const manifest = JSON.parse(text) as { readonly dependencies?: object }
  const list = 'packages/core/src/primitives/all.ts'
  const contract = 'packages/core/src/backends/backend.ts'
  return [
    statementBudget("statement lines of core's engine", 12_000, engine),
    statementBudget("statement lines of core's catalogue", 4_000, catalogue),
    {
      what: 'primitives',
      value: countProperties(readSource(list), 'primitives'),
      limit: 50,
      where: list,
    },
    {
      what: 'methods of a backend',
      value: countMembers(readSource(contract), 'Backend'),
      limit: 10,
      where: contract,
    },
    {
      what: 'run-time packages of core',
      value: Object.keys(manifest.dependencies ?? {}).length,
      limit: 0,
      where: 'packages/core/package.json',
    },
  ]
}

/** Every budget. Functions are measured in sources only: a test file may group its cases in one long callback. */
export const budgets = (): Budget[] => {
  const sources = readSources('{packages,experiments,bench}/**/*.ts', 'scripts/**/*.ts')
  const files = sources.map(measure)
  const shipped = files.filter(({ path }) => !path.includes('/test/'))
  // the published suite for backends is a test suite
  const core = files.filter(
    ({ path }) =>
      path.startsWith('packages/core/src/') && !path.startsWith('packages/core/src/conformance/'),
  )
  return [...fileBudgets(files), ...functionBudgets(shipped), ...coreBudgets(core)]
}
