/**
 * Just enough of FlatBuffers to walk the metadata of an Arrow file with every offset and length checked before it is used.
 * Reading beyond the metadata throws `CorruptFlatbuffer`; nothing else can go wrong.
 */

/** An offset or a length that leaves the buffer. */
export class CorruptFlatbuffer extends Error {
  override readonly name = 'CorruptFlatbuffer'
}

/** A table of a flatbuffer. */
export interface Node {
  readonly view: DataView
  readonly at: number
}

/** Throws `CorruptFlatbuffer` unless the condition holds. */
export const expectSound = (condition: boolean, what: string): void => {
  if (!condition) throw new CorruptFlatbuffer(what)
}

const need = (condition: boolean, what: string): void =>
  expectSound(condition, `the metadata has ${what}`)

const inside = (view: DataView, at: number, size: number): void =>
  need(at >= 0 && size >= 0 && at + size <= view.byteLength, 'an offset beyond its end')

const node = (view: DataView, at: number): Node => {
  inside(view, at, 4)
  const vtable = at - view.getInt32(at, true)
  inside(view, vtable, 4)
  const size = view.getUint16(vtable, true)
  need(size >= 4 && size % 2 === 0, 'a damaged table')
  inside(view, vtable, size)
  inside(view, at, view.getUint16(vtable + 2, true))
  return { view, at }
}

/** The root table of a flatbuffer. */
export const rootOf = (bytes: Uint8Array): Node => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  inside(view, 0, 4)
  return node(view, view.getUint32(0, true))
}

// Where the value of a field is, or undefined when the field is absent.
const fieldAt = ({ view, at }: Node, field: number, size: number): number | undefined => {
  const vtable = at - view.getInt32(at, true)
  const slot = 4 + 2 * field
  if (slot >= view.getUint16(vtable, true)) return undefined
  const offset = view.getUint16(vtable + slot, true)
  if (offset === 0) return undefined
  inside(view, at + offset, size)
  return at + offset
}

/** A byte field. */
export const byteField = (from: Node, field: number): number => {
  const at = fieldAt(from, field, 1)
  return at === undefined ? 0 : from.view.getUint8(at)
}

/** A 64-bit field as a number; lengths beyond 2^53 are corrupt. */
export const longField = (from: Node, field: number): number => {
  const at = fieldAt(from, field, 8)
  return at === undefined ? 0 : longAt(from.view, at)
}

/** The 64-bit integer at a place that is known to be inside. */
export const longAt = (view: DataView, at: number): number => {
  const value = Number(view.getBigInt64(at, true))
  need(Number.isSafeInteger(value) && value >= 0, 'an impossible length')
  return value
}

/** A table field. */
export const tableField = (from: Node, field: number): Node | undefined => {
  const at = fieldAt(from, field, 4)
  return at === undefined ? undefined : node(from.view, at + from.view.getUint32(at, true))
}

/** A vector field: where its elements begin, and how many there are; all lie inside. */
export const vectorField = (
  from: Node,
  field: number,
  elementSize: number,
): { readonly at: number; readonly length: number } => {
  const at = fieldAt(from, field, 4)
  if (at === undefined) return { at: 0, length: 0 }
  const start = at + from.view.getUint32(at, true)
  inside(from.view, start, 4)
  const length = from.view.getUint32(start, true)
  inside(from.view, start + 4, length * elementSize)
  return { at: start + 4, length }
}

/** The tables of a vector field. */
export const tablesField = (from: Node, field: number): Node[] => {
  const { at, length } = vectorField(from, field, 4)
  return Array.from({ length }, (_, i) => {
    const slot = at + 4 * i
    return node(from.view, slot + from.view.getUint32(slot, true))
  })
}
