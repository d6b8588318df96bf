/**
 * Walks an Arrow IPC file or stream without decoding it: every message, every buffer inside its body, every vector inside
 * its metadata, the end mark. What passes can be handed to apache-arrow, which checks none of this and on damaged files
 * may loop for ever (its issue 315) or drop rows in silence.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../../error.ts'
import {
  byteField,
  CorruptFlatbuffer,
  longAt,
  longField,
  type Node,
  rootOf,
  tableField,
  tablesField,
  vectorField,
} from './flatbuffer.ts'

const schemaHeader = 1
const dictionaryHeader = 2
const batchHeader = 3

// More rows than fit into the columns of a table.
const mostRows = 0x7fffffff
const mostFields = 100_000

class Truncated extends Error {
  override readonly name = 'TruncatedArrow'
}

const need = (condition: boolean, what: string): void => {
  if (!condition) throw new CorruptFlatbuffer(what)
}

const enough = (condition: boolean, what: string): void => {
  if (!condition) throw new Truncated(what)
}

const verifyFields = (fields: readonly Node[], budget: { fields: number }, depth: number): void => {
  need(depth < 64, 'the schema is nested too deeply')
  for (const field of fields) {
    need(--budget.fields > 0, 'the schema has too many fields')
    vectorField(field, 0, 1)
    tableField(field, 3)
    tableField(field, 4)
    tablesField(field, 6)
    verifyFields(tablesField(field, 5), budget, depth + 1)
  }
}

const verifySchema = (schema: Node): void => {
  need(byteField(schema, 0) === 0, 'the numbers are big-endian')
  verifyFields(tablesField(schema, 1), { fields: mostFields }, 0)
}

// Rows of a record batch whose nodes and buffers are possible for a body of this length.
const verifyBatch = (batch: Node, bodyLength: number): number => {
  const rows = longField(batch, 0)
  const nodes = vectorField(batch, 1, 16)
  const buffers = vectorField(batch, 2, 16)
  const compressed = tableField(batch, 3) !== undefined
  // A value takes at least a bit. Compressed bodies and columns of nulls take less, and have the limit of a table.
  const most = compressed || buffers.length === 0 ? mostRows : Math.min(mostRows, 8 * bodyLength)
  need(rows <= Math.max(most, 0), `a batch of ${rows} rows cannot lie in ${bodyLength} bytes`)
  for (let i = 0; i < nodes.length; i++) {
    const length = longAt(batch.view, nodes.at + 16 * i)
    const nulls = longAt(batch.view, nodes.at + 16 * i + 8)
    need(length <= mostRows && nulls <= length, 'a column has an impossible length')
  }
  for (let i = 0; i < buffers.length; i++) {
    const offset = longAt(batch.view, buffers.at + 16 * i)
    const length = longAt(batch.view, buffers.at + 16 * i + 8)
    need(offset + length <= bodyLength, 'a buffer lies outside of its batch')
  }
  return rows
}

interface Message {
  readonly header: number
  readonly rows: number
  /** First byte after the message; -1 for an end mark. */
  readonly next: number
}

const endMark: Message = { header: 0, rows: 0, next: -1 }

const verifyMessage = (bytes: Uint8Array, at: number): Message => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  enough(at + 4 <= bytes.length, 'there is no end mark')
  const continued = view.getUint32(at, true) === 0xffffffff
  const lengthAt = continued ? at + 4 : at
  enough(lengthAt + 4 <= bytes.length, 'a message is cut off')
  const length = view.getInt32(lengthAt, true)
  if (length === 0) return endMark
  const start = lengthAt + 4
  need(length > 0, 'a message has a negative length')
  enough(start + length <= bytes.length, 'a message is cut off')
  const message = rootOf(bytes.subarray(start, start + length))
  const bodyLength = longField(message, 3)
  const body = start + length
  enough(body + bodyLength <= bytes.length, 'the body of a message is cut off')
  const header = byteField(message, 1)
  const content = tableField(message, 2)
  const next = body + bodyLength
  if (content === undefined) throw new CorruptFlatbuffer('a message has no content')
  if (header === schemaHeader) {
    verifySchema(content)
    return { header, rows: 0, next }
  }
  if (header === batchHeader) return { header, rows: verifyBatch(content, bodyLength), next }
  need(header === dictionaryHeader, `a message is of the unknown kind ${header}`)
  const dictionary = tableField(content, 1)
  if (dictionary === undefined) throw new CorruptFlatbuffer('a dictionary has no content')
  verifyBatch(dictionary, bodyLength)
  return { header, rows: 0, next }
}

const verifyStream = (bytes: Uint8Array): number => {
  let at = 0
  let rows = 0
  for (let first = true; ; first = false) {
    const message = verifyMessage(bytes, at)
    if (message.next === -1) {
      need(!first, 'there is no schema')
      return rows
    }
    need((message.header === schemaHeader) === first, 'the schema is not the first message')
    rows += message.rows
    need(rows <= mostRows, 'there are too many rows')
    at = message.next
  }
}

const blockSize = 24

// Rows of the blocks that a field of the footer lists; each must be a message of the kind that it should be.
const verifyBlocks = (bytes: Uint8Array, footer: Node, field: number, header: number): number => {
  const { view } = footer
  const blocks = vectorField(footer, field, blockSize)
  let rows = 0
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks.at + blockSize * i
    const offset = longAt(view, block)
    const metadata = view.getInt32(block + 8, true)
    const body = longAt(view, block + 16)
    need(
      metadata > 0 && offset + metadata + body <= bytes.length,
      'a block lies outside of the file',
    )
    const message = verifyMessage(bytes, offset)
    need(message.header === header, 'a block is not what the footer says')
    need(message.next <= offset + metadata + body, 'a block is longer than the footer says')
    rows += message.rows
    need(rows <= mostRows, 'there are too many rows')
  }
  return rows
}

const verifyFile = (bytes: Uint8Array): number => {
  const { length } = bytes
  const tail = String.fromCharCode(...bytes.subarray(Math.max(8, length - 6)))
  enough(length >= 18 && tail === 'ARROW1', 'it does not end with ARROW1')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = view.getInt32(length - 10, true)
  need(size > 0 && size <= length - 18, 'the footer has an impossible length')
  const footer = rootOf(bytes.subarray(length - 10 - size, length - 10))
  const schema = tableField(footer, 1)
  if (schema === undefined) throw new CorruptFlatbuffer('the footer has no schema')
  verifySchema(schema)
  // The schema message at the start is read too.
  const first = verifyMessage(bytes, 8)
  need(first.header === schemaHeader, 'the schema is not the first message')
  verifyBlocks(bytes, footer, 2, dictionaryHeader)
  return verifyBlocks(bytes, footer, 3, batchHeader)
}

/** Number of rows of an Arrow file or stream. Left: `FileTruncated`, `FileCorrupt`. */
export const verifyArrow = (bytes: Uint8Array, file: string): E.Either<DataError, number> => {
  try {
    const isFile = String.fromCharCode(...bytes.subarray(0, 6)) === 'ARROW1'
    return E.right(isFile ? verifyFile(bytes) : verifyStream(bytes))
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    return thrown instanceof Truncated
      ? E.left({ _tag: 'FileTruncated', file, reason })
      : E.left({ _tag: 'FileCorrupt', file, reason })
  }
}
