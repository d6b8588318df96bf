/**
 * How threads share a kernel. Its top-level statements are phases with barriers between them: a loop whose iterations are
 * independent is divided, a contraction is done by all together, anything else by the first thread alone. Who computes an
 * element never changes how it is computed, so bits do not depend on the number of threads.
 */
import { loadsOf, sameAddress, storesOf } from './access.ts'
import type { Address, Kernel, Statement } from './loop.ts'
import { workOf } from './work.ts'

type Loop = Extract<Statement, { readonly kind: 'for' }>

/** Everyone executes `all`; `divided` names the loop that is split; `team` is a contraction; `first` is for one thread. */
export type Phase =
  | { readonly kind: 'all'; readonly statements: readonly Statement[] }
  | { readonly kind: 'divided'; readonly statements: readonly Statement[]; readonly loop: Loop }
  | { readonly kind: 'team'; readonly statements: readonly Statement[] }
  | { readonly kind: 'first'; readonly statements: readonly Statement[] }

/**
 * True when iterations of an innermost loop have elements of their own, the same in every round of the loops `around` it:
 * then each thread may run all rounds of its iterations. Sums of columns are like that.
 */
const ownsElements = ({ index, body }: Loop, around: readonly number[]): boolean => {
  const stores = storesOf(body)
  const isPlain = body.every(({ kind }) => kind === 'let' || kind === 'store')
  const isOwn = ({ terms, offset }: Address): boolean =>
    offset === undefined &&
    terms.some((term) => term.index === index && term.stride !== 0) &&
    terms.every((term) => !around.includes(term.index))
  return (
    isPlain &&
    stores.every(({ at }) => isOwn(at)) &&
    new Set(stores.map(({ buffer }) => buffer)).size === stores.length &&
    loadsOf(body).every(({ buffer, at }) =>
      stores.every((store) => store.buffer !== buffer || sameAddress(store.at, at)),
    )
  )
}

/** The loop to divide in a nest: the outermost independent one with enough iterations, else the longest. */
const loopToDivide = (statement: Statement): Loop | null => {
  let best: Loop | null = null
  const sequential: number[] = []
  for (let at: Statement | undefined = statement; at?.kind === 'for'; ) {
    if (!at.parallel) sequential.push(at.index)
    else if (sequential.length === 0 || ownsElements(at, sequential)) {
      if (at.extent >= 64) return best === null || best.extent < at.extent ? at : best
      if (best === null || best.extent < at.extent) best = at
    }
    at = at.body.length === 1 ? at.body[0] : undefined
  }
  return best !== null && best.extent > 1 ? best : null
}

const phaseOf = (statement: Statement, smallest: number): Phase => {
  const statements = [statement]
  if (statement.kind === 'let') return { kind: 'all', statements }
  if (workOf(statements) < smallest) return { kind: 'first', statements }
  if (statement.kind === 'contract') return { kind: 'team', statements }
  const loop = loopToDivide(statement)
  return loop === null ? { kind: 'first', statements } : { kind: 'divided', statements, loop }
}

// a local that is assigned or reduced at the top belongs to one thread, and so does all that follows
const isDivisible = ({ kind }: Statement): boolean =>
  kind === 'let' || kind === 'for' || kind === 'contract' || kind === 'store'

/**
 * The phases of a kernel; null when the first thread runs all of it. `smallest` is the work below which a barrier costs more
 * than a second thread saves.
 */
export const phasesOf = ({ body }: Kernel, smallest: number): readonly Phase[] | null => {
  const end = body.findIndex((statement) => !isDivisible(statement))
  const [shared, own] = end < 0 ? [body, []] : [body.slice(0, end), body.slice(end)]
  const phases = shared.map((statement) => phaseOf(statement, smallest))
  if (phases.every(({ kind }) => kind === 'first' || kind === 'all')) return null
  return own.length === 0 ? phases : [...phases, { kind: 'first', statements: own }]
}
