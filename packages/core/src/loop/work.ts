/** How much a statement computes, roughly: what decides whether threads share it. */
import type { Scalar, Statement, Step } from './loop.ts'

const slow: ReadonlySet<string> = new Set(['div', 'rem', 'sqrt'])

const scalarWork = (roots: readonly Scalar[]): number => {
  const seen = new Set<Scalar>()
  const todo = [...roots]
  let work = 0
  for (let x = todo.pop(); x !== undefined; x = todo.pop()) {
    if (seen.has(x)) continue
    seen.add(x)
    if ('args' in x) {
      work += slow.has(x.op) ? 4 : 1
      todo.push(...x.args)
    } else if (x.op === 'load') work += 1
  }
  return work
}

/** Operations of a block. A `while` counts as ten rounds, a branch as its longer side. */
export const workOf = (statements: readonly Statement[]): number =>
  statements.reduce((sum, statement) => sum + statementWork(statement), 0)

const statementWork = (statement: Statement): number => {
  switch (statement.kind) {
    case 'let':
    case 'var':
    case 'set':
      return scalarWork([statement.value])
    case 'store':
      return 1 + scalarWork([statement.value])
    case 'for':
      return statement.extent * workOf(statement.body)
    case 'reduce':
      return statement.extent * (1 + workOf(statement.body) + scalarWork([statement.value]))
    case 'while':
      return 10 * (scalarWork([statement.condition]) + workOf(statement.body))
    case 'if':
      return (
        scalarWork([statement.condition]) +
        Math.max(workOf(statement.then), workOf(statement.otherwise))
      )
    case 'contract':
      // a multiply-add of a tile costs far less than an operation of an elementwise loop
      return (statement.rows * statement.columns * statement.depth) / 4
  }
}

/** Operations of a program's steps, a branch as its longer side. */
export const workOfSteps = (steps: readonly Step[]): number =>
  steps.reduce((sum, step) => {
    if (step.kind === 'kernel') return sum + workOf(step.kernel.body)
    if (step.kind === 'loop') return sum + step.count * workOfSteps(step.body)
    if (step.kind === 'branch') {
      return sum + Math.max(workOfSteps(step.then), workOfSteps(step.otherwise))
    }
    return sum
  }, 0)
