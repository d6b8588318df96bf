/** Opening loops: blocks to write into, one per depth, and what moves each axis. */
import type { Statement } from '../loop/loop.ts'
import type { Run } from './collapse.ts'
import type { Emitter } from './emitter.ts'
import type { Coordinate, Position } from './evaluate.ts'

/** Nested loops under construction; `close` puts each into the next outer one. */
export interface OpenLoops {
  readonly position: Position
  readonly close: () => Statement[]
}

/** Loops over runs, outermost first, inside an optional outer position. */
export const openLoops = (
  emitter: Emitter,
  runs: readonly Run[],
  parallel: boolean,
  outside: Position = { blocks: [[]], coordinates: [], origin: [] },
): OpenLoops => {
  const depth = outside.blocks.length
  const coordinates = runs.map(
    ({ axis }, i): Coordinate => ({ axis, index: emitter.fresh(), scale: 1, level: depth + i }),
  )
  const bodies = runs.map((): Statement[] => [])
  const blocks = [...outside.blocks, ...bodies]
  const close = (): Statement[] => {
    for (let i = runs.length - 1; i >= 0; i--) {
      const { index } = coordinates[i]!
      const body = bodies[i]!
      blocks[depth + i - 1]!.push({ kind: 'for', index, extent: runs[i]!.size, parallel, body })
    }
    return blocks[0]!
  }
  return {
    position: {
      blocks,
      coordinates: [...outside.coordinates, ...coordinates],
      origin: outside.origin,
    },
    close,
  }
}
