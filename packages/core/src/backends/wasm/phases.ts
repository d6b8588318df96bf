/** Kernels of a program: a function for each, or for each of the phases that threads share. */

import { bytesOf } from '../../dtype.ts'
import type { Kernel, Statement } from '../../loop/loop.ts'
import { splitFolds } from '../../loop/partials.ts'
import { type Phase, phasesOf } from '../../loop/share.ts'
import { addressOf, type Context, inOrder, numberOf, type Piece } from './context.ts'
import { isSmall } from './contract.ts'
import type { Code, Local } from './encode.ts'
import { add, after, call, choose, mul, repeat, set, smaller, when } from './instructions.ts'
import { align } from './layout.ts'
import { i32 } from './opcodes.ts'
import { canRepeat, longLoop, pieceLength } from './pieces.ts'
import { functionCode } from './statement.ts'
import { createWriter, finish, type Stretch } from './writer.ts'

/** Work below which a barrier costs more than a second thread saves: half a microsecond. */
const smallest = 4_000

/** The iterations of this thread, of `divided` ones: whole widths, the larger shares first. */
const shareCode = (c: Context, { divided, width }: Stretch, from: Local, to: Local): Code => {
  if (c.crew === null) return [set(from, 0), set(to, divided)]
  const { thread, threads } = c.crew
  const units = divided / width
  const [share, rest] = [c.f.local('i32'), c.f.local('i32')]
  const isLarger = [thread, rest, i32.ltU]
  const before = add(mul(thread, share), choose(isLarger, thread, rest))
  return [
    set(share, [units, threads, i32.divU]),
    set(rest, [units, threads, i32.remU]),
    set(from, mul(before, width)),
    set(to, add(from, mul(add(share, isLarger), width))),
  ]
}

/** A call of the function of some statements. Where `of` is given, each thread does its part of it. */
const callCode = (c: Context, name: string, body: readonly Statement[], of: Statement | null) => {
  const long = longLoop(body)
  const isLong = long !== null && (of === null || of === long)
  const w = createWriter(c.imports)
  const code = functionCode(w, body, of ?? long, c.threads)
  const number = numberOf(c, finish(w, name, code))
  c.needs.own = Math.max(c.needs.own, w.scratchBytes)
  const pointers = [...w.buffers.keys()].map((buffer) => addressOf(c, buffer))
  const { stretch } = w
  if (stretch === null) return call(number, ...pointers)
  const [from, to] = [c.f.local('i32'), c.f.local('i32')]
  const range =
    of === null ? [set(from, 0), set(to, stretch.divided)] : shareCode(c, stretch, from, to)
  const isLeft = [from, to, i32.ltU]
  if (!isLong) return [range, when(isLeft, call(number, from, to, ...pointers))]
  const end = c.f.local('i32')
  const piece = [
    set(end, smaller(c.f, add(from, pieceLength(stretch)), to)),
    call(number, from, end, ...pointers),
    set(from, end),
  ]
  return [range, when(isLeft, repeat(piece, isLeft))]
}

const phasePiece = (
  c: Context,
  name: string,
  phase: Phase,
  before: readonly Statement[],
): Piece => {
  const body = [...before, ...phase.statements]
  const [statement] = phase.statements
  // threads cannot divide a small contraction: it becomes loops, none of which is the statement they divide
  const isWhole = statement?.kind === 'contract' && isSmall(statement)
  if (phase.kind === 'first' || isWhole) {
    return { code: callCode(c, name, body, null), serial: true }
  }
  const of = phase.kind === 'divided' ? phase.loop : statement!
  return { code: callCode(c, name, body, of), serial: false }
}

/** A kernel as one function of the first thread, or as one for each phase. What precedes all is computed in each. */
export const kernelPiece = (c: Context, given: Kernel): Piece => {
  const alone = (): Piece => ({ code: callCode(c, given.name, given.body, null), serial: true })
  if (c.crew === null) return alone()
  const { kernel, partials } = splitFolds(given)
  const phases = phasesOf(kernel, c.always ? 0 : smallest)
  const common = phases?.flatMap(({ kind, statements }) => (kind === 'all' ? statements : [])) ?? []
  if (phases === null || !canRepeat(common, kernel.body)) return alone()
  let bytes = 0
  partials.forEach(({ dtype, length }, k) => {
    c.addresses.set(-1 - k, after(c.scratch.common, bytes))
    bytes += align(bytesOf(dtype) * length)
  })
  c.needs.common = Math.max(c.needs.common, bytes)
  const pieces = phases.flatMap((phase, i) => {
    if (phase.kind === 'all') return []
    const before = phases.slice(0, i).filter(({ kind }) => kind === 'all')
    return phasePiece(
      c,
      given.name,
      phase,
      before.flatMap(({ statements }) => statements),
    )
  })
  return inOrder(c, pieces)
}
