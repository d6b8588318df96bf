/**
 * Long kernels in pieces. V8 runs a new function as simple code first and changes to optimised code only when the function
 * is called again, so one call with a long loop would stay slow to its end. A kernel that is one long loop of independent
 * iterations is therefore called many times, each time for a stretch of its iterations.
 */
import { loadsOf, storesOf } from '../../loop/access.ts'
import type { Statement } from '../../loop/loop.ts'
import type { Stretch } from './writer.ts'

type For = Extract<Statement, { readonly kind: 'for' }>

/** Innermost iterations from which on a loop is long. */
const long = 2 ** 16

/** Pieces of a long loop. */
const pieces = 32

/** How often the innermost statements run. */
const iterationsOf = (body: readonly Statement[]): number =>
  body.reduce((sum, statement) => {
    const loops = statement.kind === 'for' || statement.kind === 'reduce'
    return sum + (loops ? statement.extent * Math.max(1, iterationsOf(statement.body)) : 0)
  }, 0)

const isPlain = (body: readonly Statement[]): boolean =>
  body.every((statement) => {
    if (statement.kind === 'for') return isPlain(statement.body)
    return ['let', 'var', 'set', 'store', 'reduce'].includes(statement.kind)
  })

/** True when lets can be computed again at any time while `body` runs: they read nothing that it writes. */
export const canRepeat = (lets: readonly Statement[], body: readonly Statement[]): boolean => {
  const stored = storesOf(body).map(({ buffer }) => buffer)
  return loadsOf(lets).every(({ buffer }) => !stored.includes(buffer))
}

/** The loop that can run in pieces, or null. What precedes it is computed again for each piece. */
export const longLoop = (body: readonly Statement[]): For | null => {
  const loop = body.at(-1)
  if (loop?.kind !== 'for' || !loop.parallel || !isPlain([loop])) return null
  if (iterationsOf([loop]) < long || loop.extent < pieces) return null
  const before = body.slice(0, -1)
  return before.every(({ kind }) => kind === 'let') && canRepeat(before, [loop]) ? loop : null
}

/** Iterations of a piece. */
export const pieceLength = ({ divided, width }: Stretch): number =>
  Math.ceil(divided / pieces / width) * width
