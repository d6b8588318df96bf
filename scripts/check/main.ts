/**
 * The gate: `npm test` runs every step, `npm test -- types tests` those named. Steps run side by side; each prints a line
 * when it ends, with its log if it failed. The last line says how many cases passed and failed: a test and a documentation
 * example are one case each, and so is every other step or package check.
 */
import { availableParallelism } from 'node:os'
import { budgets } from './budgets.ts'
import { deadCode } from './deadCode.ts'
import { examples } from './examples.ts'
import { format } from './format.ts'
import { runGate } from './gate.ts'
import { lint } from './lint.ts'
import { packages } from './packages.ts'
import { createProgress } from './progress.ts'
import { describeTotal } from './report.ts'
import { tests } from './tests.ts'
import { types } from './types.ts'

const all = [types, tests, format, lint, budgets, deadCode, packages, examples]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !all.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(
    `no step is called ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}`,
  )
  process.exit(2)
}
const steps = wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name))

const start = performance.now()
const progress = createProgress(process.stdout)
const finished = await runGate(steps, Math.max(2, availableParallelism()), progress)
progress.stop()
console.log(describeTotal(finished, (performance.now() - start) / 1000))
process.exitCode = finished.every(({ outcome }) => outcome.failed === 0) ? 0 : 1
