/**
 * Stores whose elements are gathered in local arrays first. The compiler knows that nothing else reaches those, so a loop that
 * fills them runs on vectors whatever its buffers may share.
 */
import type { Statement } from '@rootstock/core/backend'
import { elementType } from './literal.ts'
import { scalarWriter } from './scalar.ts'
import { type Block, type Of, scoped, type Writer } from './writer.ts'

/** A store, the local array that has its elements for a while, and where the first of them goes. */
export interface Gathered {
  readonly store: Of<'store'>
  readonly local: string
  readonly target: string
}

/** True for a store to one element after the other. */
export const storesNeighbours = (index: number, { at }: Of<'store'>): boolean =>
  at.offset === undefined &&
  at.terms.every((term) => term.index !== index || term.stride === 1) &&
  at.terms.some((term) => term.index === index)

/**
 * The body of a loop over `index` with its stores gathered, all of which store neighbours; `place` is the text of the place
 * in the local arrays. `write` writes other statements.
 */
export const gatherStores = (
  writer: Writer,
  body: readonly Statement[],
  place: string,
  write: Block,
): { readonly gathered: readonly Gathered[]; readonly lines: readonly string[] } => {
  const gathered: Gathered[] = []
  const lines = body.flatMap((statement): readonly string[] => {
    if (statement.kind !== 'store') return write([statement])
    const { buffer, at, value } = statement
    const local = writer.fresh()
    const target = `${writer.buffer(buffer)} + ${scalarWriter([], writer).address(at)}`
    gathered.push({ store: statement, local, target })
    return scoped(writer, [value], (scalars) => `${local}[${place}] = ${scalars.write(value)};`)
  })
  return { gathered, lines }
}

/** The declarations of the local arrays, which begin at a cache line. */
export const declareGathered = (gathered: readonly Gathered[], count: number): string[] =>
  gathered.map(
    ({ store, local }) => `_Alignas(64) ${elementType[store.value.dtype]} ${local}[${count}];`,
  )
