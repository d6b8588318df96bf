/**
 * How threads share a kernel. Its top-level statements are phases with barriers between them: a loop whose iterations are
 * independent is divided, a contraction is done by all together, anything else by the first thread alone. Who computes an
 * element never changes how it is computed, so bits do not depend on the number of threads.
 */
import type { Kernel, Statement } from '@rootstock/core/backend'
import { workOf } from './work.ts'

/** Work below which a barrier costs more than a second thread saves. */
const smallest = 30_000

type Loop = Extract<Statement, { readonly kind: 'for' }>

/** Everyone executes `all`; `divided` names the loop that is split; `team` is a contraction; `first` is for one thread. */
export type Phase =
  | { readonly kind: 'all'; readonly statement: Statement }
  | { readonly kind: 'divided'; readonly statement: Statement; readonly loop: Loop }
  | { readonly kind: 'team'; readonly statement: Statement }
  | { readonly kind: 'first'; readonly statement: Statement }

/** The loop to divide in a nest: the outermost independent one with enough iterations, else the longest. */
const loopToDivide = (statement: Statement): Loop | null => {
  let best: Loop | null = null
  for (let at: Statement | undefined = statement; at?.kind === 'for' && at.parallel; ) {
    if (at.extent >= 64) return best === null || best.extent < at.extent ? at : best
    if (best === null || best.extent < at.extent) best = at
    at = at.body.length === 1 ? at.body[0] : undefined
  }
  return best !== null && best.extent > 1 ? best : null
}

const phaseOf = (statement: Statement): Phase => {
  if (statement.kind === 'let') return { kind: 'all', statement }
  if (workOf([statement]) < smallest) return { kind: 'first', statement }
  if (statement.kind === 'contract') return { kind: 'team', statement }
  const loop = loopToDivide(statement)
  return loop === null ? { kind: 'first', statement } : { kind: 'divided', statement, loop }
}

// a local that is assigned or reduced at the top belongs to one thread, and so does all that follows
const isDivisible = ({ kind }: Statement): boolean =>
  kind === 'let' || kind === 'for' || kind === 'contract' || kind === 'store'

/** The phases of a kernel; null when the first thread runs all of it. */
export const phasesOf = ({ body }: Kernel): readonly Phase[] | null => {
  if (!body.every(isDivisible)) return null
  const phases = body.map(phaseOf)
  return phases.every(({ kind }) => kind === 'first' || kind === 'all') ? null : phases
}
