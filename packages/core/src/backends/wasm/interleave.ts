/**
 * Neighbouring vectors computed in turns. A processor looks ahead a hundred or two instructions. Where one vector needs more,
 * each result waits for the one before; in turns with a second vector, something is always ready.
 */
import type { Scalar, Statement } from '../../loop/loop.ts'
import type { Code } from './encode.ts'
import { drop, set, times, valueType } from './instructions.ts'
import { argumentsOf, type Shared, scalarCode, sharedIn } from './scalar.ts'
import { halvesOf, newVector, setVector, storeVector, varies, vectorCode } from './vector.ts'
import { bindLocal, type Loop, unrolled, vectorLength, type Writer } from './writer.ts'

/** A statement that can take turns. */
export type Turn = Extract<Statement, { readonly kind: 'let' | 'store' }>

/** True when all statements can. */
export const canTakeTurns = (body: readonly Statement[]): body is readonly Turn[] =>
  body.every(({ kind }) => kind === 'let' || kind === 'store')

/** Every node, each after what it is computed from. */
const nodesOf = (roots: readonly (Scalar | undefined)[]): readonly Scalar[] => {
  const found = new Set<Scalar>()
  const visit = (node: Scalar): void => {
    if (found.has(node)) return
    argumentsOf(node).forEach(visit)
    found.add(node)
  }
  for (const root of roots) if (root !== undefined) visit(root)
  return [...found]
}

/** What is computed for each vector: expressions, and what becomes of them. */
interface Step {
  readonly roots: readonly (Scalar | undefined)[]
  readonly finish: (shared: Shared, copy: number) => Code
}

/** Code that takes a step for as many vectors as there are `locals`, which has what each of them has declared. */
const together = (
  w: Writer,
  loop: Loop,
  { roots, finish }: Step,
  locals: readonly (typeof w.bindings)[],
): Code => {
  const nodes = nodesOf(roots)
  const copies = locals.map(() => sharedIn([...nodes, ...roots]))
  const inTurns = (code: (shared: Shared, copy: number) => Code): Code =>
    unrolled(loop, locals.length, vectorLength, (copy) => {
      for (const [id, binding] of locals[copy]!) w.bindings.set(id, binding)
      return code(copies[copy]!, copy)
    })
  const turns = nodes.map((node) =>
    inTurns((shared) =>
      node.op !== 'local' && varies(w, shared, node)
        ? halvesOf(node.dtype).map((half) => [vectorCode(w, shared, node, half), drop])
        : [],
    ),
  )
  return [turns, inTurns(finish)]
}

const stepOf = (w: Writer, statement: Turn, locals: readonly (typeof w.bindings)[]): Step => {
  if (statement.kind === 'store') {
    const { at, value } = statement
    return { roots: [at.offset, value], finish: (shared) => storeVector(w, statement, shared) }
  }
  const { id, value } = statement
  const finish = (shared: Shared, copy: number): Code => {
    if (!varies(w, shared, value)) {
      if (copy > 0) return []
      const code = scalarCode(w, shared, value)
      return set(bindLocal(w, id, w.f.local(valueType[value.dtype])), code)
    }
    const target = newVector(w, value.dtype)
    const code = setVector(w, target, value, (given) => given, shared)
    bindLocal(w, id, target[0]!, target[1])
    locals[copy]!.set(id, w.bindings.get(id)!)
    return code
  }
  return { roots: [value], finish }
}

/** Code that computes `count` vectors in turns, and what becomes of them at last. */
export const interleaved = (
  w: Writer,
  loop: Loop,
  count: number,
  body: readonly Turn[],
  last?: Step,
): Code => {
  const locals = times(count, () => new Map())
  return [
    body.map((statement) => together(w, loop, stepOf(w, statement, locals), locals)),
    last === undefined ? [] : together(w, loop, last, locals),
  ]
}
