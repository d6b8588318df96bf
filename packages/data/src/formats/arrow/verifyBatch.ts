/**
 * One record batch of an Arrow file: that its buffers lie inside its body, that its columns are as long as it says, and that it
 * does not promise more than its bytes can hold, before anything of that size is made.
 */
import { expectSound, longAt, longField, type Node, tableField, vectorField } from './flatbuffer.ts'
import type { NodeLayout } from './verifySchema.ts'

/** More rows, and more bytes of one batch, than fit into the columns of a table. */
export const mostRows = 0x7fffffff

interface Span {
  readonly offset: number
  readonly length: number
}

const spansOf = (batch: Node): readonly Span[] => {
  const { at, length } = vectorField(batch, 2, 16)
  return Array.from({ length }, (_, i) => ({
    offset: longAt(batch.view, at + 16 * i),
    length: longAt(batch.view, at + 16 * i + 8),
  }))
}

// Bytes of a buffer after decompression, which it declares in its first eight; -1 there means that it is not compressed.
const unpackedLength = (body: DataView, { offset, length }: Span): number => {
  if (length === 0) return 0
  expectSound(length >= 8, 'a compressed buffer has no length')
  const declared = Number(body.getBigInt64(offset, true))
  expectSound(
    declared >= -1 && declared <= mostRows,
    'a compressed buffer has an impossible length',
  )
  return declared === -1 ? length - 8 : declared
}

// Columns of views say how many buffers each has; together they cannot have more than there are.
const verifyViews = (batch: Node, buffers: number): void => {
  const counts = vectorField(batch, 4, 8)
  let total = 0
  for (let i = 0; i < counts.length; i++) total += longAt(batch.view, counts.at + 8 * i)
  expectSound(total <= buffers, 'a batch has fewer buffers than its columns')
}

/** Verifies a batch and gives its rows. Without `layout` it is one column, a dictionary. Throws `CorruptFlatbuffer`. */
export const verifyBatch = (batch: Node, body: Uint8Array, layout?: NodeLayout): number => {
  const rows = longField(batch, 0)
  const nodes = vectorField(batch, 1, 16)
  const lengths = Array.from({ length: nodes.length }, (_, i) => {
    const length = longAt(batch.view, nodes.at + 16 * i)
    const nulls = longAt(batch.view, nodes.at + 16 * i + 8)
    expectSound(length <= mostRows && nulls <= length, 'a column has an impossible length')
    return length
  })
  if (layout !== undefined) {
    expectSound(layout.nodes === nodes.length, 'a batch has other columns than the schema')
  }
  for (const column of layout?.columns ?? [0]) {
    expectSound(lengths[column] === rows, 'a column is not as long as its batch')
  }
  const isCompressed = tableField(batch, 3) !== undefined
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const spans = spansOf(batch)
  verifyViews(batch, spans.length)
  let bytes = 0
  for (const span of spans) {
    expectSound(span.offset + span.length <= body.length, 'a buffer lies outside of its batch')
    bytes += isCompressed ? unpackedLength(view, span) : span.length
  }
  expectSound(bytes <= mostRows, 'a batch unpacks to more than 2 GiB')
  // A value takes at least a bit, but columns that are missing altogether take nothing.
  const most = spans.length === 0 ? mostRows : 8 * bytes
  expectSound(rows <= most, `a batch of ${rows} rows cannot lie in ${bytes} bytes`)
  return rows
}
