/** What statements read and write. */
import type { Address, Scalar, Statement } from './loop.ts'

/** A buffer, and where in it. */
export interface Access {
  readonly buffer: number
  readonly at: Address
}

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

/** Every element that statements read, however deep, as an address; operands of contractions by their first element. */
export const loadsOf = (statements: readonly Statement[]): Access[] =>
  statements.flatMap((statement) => [
    ...loadsIn(rootsOf(statement)),
    ...(statement.kind === 'contract' ? [statement.a, statement.b] : []),
    ...loadsOf(innerOf(statement)),
  ])

/** Every element that statements write; results of contractions by their first element. */
export const storesOf = (statements: readonly Statement[]): Access[] =>
  statements.flatMap((statement) => [
    ...(statement.kind === 'store' ? [statement] : []),
    ...(statement.kind === 'contract' ? [statement.c] : []),
    ...storesOf(innerOf(statement)),
  ])
