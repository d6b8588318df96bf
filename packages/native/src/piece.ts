/** Pieces of a program's text, and how threads come to run them. */
import { indented } from './writer.ts'

/** Lines, and whether they are for one thread, do one part of the work, or are for all and make phases of their own. */
export interface Piece {
  readonly lines: readonly string[]
  readonly by: 'one' | 'parts' | 'all'
}

/** Lines for each of the parts of a phase. */
export const phase = (lines: readonly string[], parts: string): string[] =>
  lines.length === 1
    ? [`while (runtime->take(worker, ${parts})) ${lines[0]}`]
    : [`while (runtime->take(worker, ${parts})) {`, ...indented(lines), '}']

/** A piece as lines for all threads. */
export const byAll = ({ lines, by }: Piece): readonly string[] => {
  if (by === 'all' || lines.length === 0) return lines
  return phase(lines, by === 'one' ? '1' : 'worker->threads')
}

/** Pieces one after another: neighbours for one thread are one phase. */
export const join = (pieces: readonly Piece[]): Piece => {
  if (pieces.every(({ by }) => by === 'one')) {
    return { lines: pieces.flatMap(({ lines }) => lines), by: 'one' }
  }
  const lines: string[] = []
  let own: string[] = []
  for (const piece of pieces) {
    if (piece.by === 'one') own.push(...piece.lines)
    else {
      lines.push(...byAll({ lines: own, by: 'one' }), ...byAll(piece))
      own = []
    }
  }
  return { lines: [...lines, ...byAll({ lines: own, by: 'one' })], by: 'all' }
}
