/** What statements read and write. */
import type { Address, Panel, Scalar, Statement, Walk } from './loop.ts'

/** A buffer, and where in it. */
export interface Access {
  readonly buffer: number
  readonly at: Address
}

/** True for addresses that are written alike. */
export const sameAddress = (a: Address, b: Address): boolean =>
  a.offset === b.offset &&
  a.base === b.base &&
  a.terms.length === b.terms.length &&
  a.terms.every(
    ({ index, stride }, i) => index === b.terms[i]!.index && stride === b.terms[i]!.stride,
  )

const offsetsOf = (addresses: readonly Address[]): Scalar[] =>
  addresses.flatMap(({ offset }) => (offset === undefined ? [] : [offset]))

/** Statements inside a statement. */
const innerOf = (statement: Statement): readonly Statement[] => {
  if (statement.kind === 'if') return [...statement.then, ...statement.otherwise]
  return 'body' in statement ? statement.body : []
}

/** Expressions that a statement itself evaluates. */
const rootsOf = (statement: Statement): readonly Scalar[] => {
  switch (statement.kind) {
    case 'for':
      return []
    case 'while':
    case 'if':
      return [statement.condition]
    case 'store':
      return [statement.value, ...offsetsOf([statement.at])]
    case 'contract':
      return offsetsOf([statement.a.at, statement.b.at, statement.c.at])
    default:
      return [statement.value]
  }
}

const loadsIn = (roots: readonly Scalar[]): Access[] => {
  const seen = new Set<Scalar>()
  const todo = [...roots]
  const found: Access[] = []
  for (let x = todo.pop(); x !== undefined; x = todo.pop()) {
    if (seen.has(x)) continue
    seen.add(x)
    if ('args' in x) todo.push(...x.args)
    else if (x.op === 'load' || x.op === 'index') {
      todo.push(...offsetsOf([x.at]))
      if (x.op === 'load') found.push({ buffer: x.buffer, at: x.at })
    }
  }
  return found
}

/** What stands for the indices of a contraction's axes in addresses of its operands. */
export const contractionAxes = { row: -1, column: -2, depth: -3 } as const

/** The steps of a walk and the indices that stand for them: the axis of a plain one, others of its own for a nested one. */
const stepsOf = (walk: Walk, axis: number) =>
  walk.map((steps, depth) => ({
    ...steps,
    index: walk.length === 1 ? axis : axis - 3 * (1 + depth),
  }))

const panelAccess = ({ buffer, at, rows, columns }: Panel, row: number, column: number): Access => {
  const own = [...stepsOf(rows, row), ...stepsOf(columns, column)]
  return { buffer, at: { ...at, terms: [...at.terms, ...own] } }
}

/** Finds the accesses of each statement once: where a program updates many parameters, every pair of them asks. */
const remembering = (accessesOf: (statement: Statement) => readonly Access[]) => {
  const known = new WeakMap<Statement, readonly Access[]>()
  return (statements: readonly Statement[]): Access[] =>
    statements.flatMap((statement) => {
      const accesses = known.get(statement) ?? accessesOf(statement)
      known.set(statement, accesses)
      return accesses
    })
}

/** Every element that statements read, however deep, as an address; operands of contractions with their axes as indices. */
export const loadsOf = remembering((statement) => [
  ...loadsIn(rootsOf(statement)),
  ...(statement.kind === 'contract'
    ? [
        panelAccess(statement.a, contractionAxes.row, contractionAxes.depth),
        panelAccess(statement.b, contractionAxes.depth, contractionAxes.column),
      ]
    : []),
  ...loadsOf(innerOf(statement)),
])

/** Every element that statements write, in the same form. */
export const storesOf = remembering((statement) => [
  ...(statement.kind === 'store' ? [statement] : []),
  ...(statement.kind === 'contract'
    ? [panelAccess(statement.c, contractionAxes.row, contractionAxes.column)]
    : []),
  ...storesOf(innerOf(statement)),
])

/** How many values each index takes at most, of loops, reductions and contractions however deep. */
export const extentsOf = (statements: readonly Statement[]): ReadonlyMap<number, number> => {
  const extents = new Map<number, number>()
  const note = (index: number, extent: number): void => {
    extents.set(index, Math.max(extent, extents.get(index) ?? 0))
  }
  const visit = (statement: Statement): void => {
    if (statement.kind === 'contract') {
      const { a, b, c } = statement
      const { row, column, depth } = contractionAxes
      const walks = [
        stepsOf(a.rows, row),
        stepsOf(a.columns, depth),
        stepsOf(b.rows, depth),
        stepsOf(b.columns, column),
        stepsOf(c.rows, row),
        stepsOf(c.columns, column),
      ]
      for (const { index, count } of walks.flat()) note(index, count)
    } else if ('index' in statement) note(statement.index, statement.extent)
    innerOf(statement).forEach(visit)
  }
  statements.forEach(visit)
  return extents
}
