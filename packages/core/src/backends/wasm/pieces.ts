/**
 * Long kernels in pieces. V8 runs a new function as simple code first and changes to optimised code only when the function
 * is called again, so one call with a long loop would stay slow to its end. A kernel that is one long loop of independent
 * iterations is therefore called many times, each time for a stretch of its iterations.
 */
import type { Kernel, Scalar, Statement } from '../../loop/loop.ts'
import { argumentsOf } from './scalar.ts'
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

const storedIn = (body: readonly Statement[]): number[] =>
  body.flatMap((statement) => {
    if (statement.kind === 'store') return [statement.buffer]
    return statement.kind === 'for' ? storedIn(statement.body) : []
  })

const isPlain = (body: readonly Statement[]): boolean =>
  body.every((statement) => {
    if (statement.kind === 'for') return isPlain(statement.body)
    return ['let', 'var', 'set', 'store', 'reduce'].includes(statement.kind)
  })

const loadsFrom = (root: Scalar, buffers: readonly number[]): boolean => {
  const seen = new Set<Scalar>()
  const visit = (node: Scalar): boolean => {
    if (seen.has(node)) return false
    seen.add(node)
    return (node.op === 'load' && buffers.includes(node.buffer)) || argumentsOf(node).some(visit)
  }
  return visit(root)
}

/**
 * The loop of a kernel that can run in pieces, or null. What precedes it is computed again for each piece, so it must not
 * read what the loop writes.
 */
export const longLoop = ({ body }: Kernel): For | null => {
  const loop = body.at(-1)
  if (loop?.kind !== 'for' || !loop.parallel || !isPlain([loop])) return null
  if (iterationsOf([loop]) < long || loop.extent < pieces) return null
  const stored = storedIn([loop])
  const canRepeat = body
    .slice(0, -1)
    .every((statement) => statement.kind === 'let' && !loadsFrom(statement.value, stored))
  return canRepeat ? loop : null
}

/** Iterations of a piece. */
export const pieceLength = ({ divided, width }: Stretch): number =>
  Math.ceil(divided / pieces / width) * width
