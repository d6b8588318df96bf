/**
 * Neighbouring vectors computed in turns. A processor looks ahead a hundred or two instructions. Where one vector needs more,
 * each result waits for the one before; in turns with a second vector, something is always ready.
 */
import type { Scalar, Statement } from '../../loop/loop.ts'
import type { Code } from './encode.ts'
import { drop, set, times, valueType } from './instructions.ts'
import { argumentsOf, type Shared, scalarCode, sharedIn } from './scalar.ts'
import { halvesOf, newVector, storeVector, varies, vectorCode } from './vector.ts'
import { bindLocal, type Loop, unrolled, vectorLength, type Writer } from './writer.ts'

/** A statement that can take turns. */
type Turn = Extract<Statement, { readonly kind: 'let' | 'store' }>

/** True when all statements can. */
export const canTakeTurns = (body: readonly Statement[]): body is readonly Turn[] =>
  body.every(({ kind }) => kind === 'let' || kind === 'store')

/** Nodes that are wanted more than once, each after what it is computed from. */
const steps = (shared: Shared, roots: readonly (Scalar | undefined)[]): readonly Scalar[] => {
  const found = new Set<Scalar>()
  const seen = new Set<Scalar>()
  const visit = (node: Scalar): void => {
    if (seen.has(node)) return
    seen.add(node)
    argumentsOf(node).forEach(visit)
    if (shared.uses.get(node)! > 1 && node.op !== 'local') found.add(node)
  }
  for (const root of roots) if (root !== undefined) visit(root)
  return [...found]
}

/** Code that computes a statement for `count` vectors; `locals` has what each of them has declared. */
const together = (
  w: Writer,
  loop: Loop,
  statement: Turn,
  locals: readonly (typeof w.bindings)[],
): Code => {
  const roots =
    statement.kind === 'let' ? [statement.value] : [statement.at.offset, statement.value]
  const copies = locals.map(() => sharedIn(roots))
  const inTurns = (code: (shared: Shared, copy: number) => Code): Code =>
    unrolled(loop, locals.length, vectorLength, (copy) => {
      for (const [id, binding] of locals[copy]!) w.bindings.set(id, binding)
      return code(copies[copy]!, copy)
    })
  const finish = (shared: Shared, copy: number): Code => {
    if (statement.kind === 'store') return storeVector(w, statement, shared)
    const { id, value } = statement
    if (!varies(w, shared, value)) {
      if (copy > 0) return []
      const code = scalarCode(w, shared, value)
      return set(bindLocal(w, id, w.f.local(valueType[value.dtype])), code)
    }
    const target = newVector(w, value.dtype)
    const code = target.map((local, half) =>
      set(local, vectorCode(w, shared, value, half as 0 | 1)),
    )
    bindLocal(w, id, target[0]!, target[1])
    locals[copy]!.set(id, w.bindings.get(id)!)
    return code
  }
  const turns = steps(copies[0]!, roots).map((node) =>
    inTurns((shared) =>
      varies(w, shared, node)
        ? halvesOf(node.dtype).map((half) => [vectorCode(w, shared, node, half), drop])
        : [],
    ),
  )
  return [turns, inTurns(finish)]
}

/** Code that computes `count` vectors in turns. */
export const interleaved = (w: Writer, loop: Loop, count: number, body: readonly Turn[]): Code => {
  const locals = times(count, () => new Map())
  return body.map((statement) => together(w, loop, statement, locals))
}
