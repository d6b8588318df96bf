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
  expectSound,
  longAt,
  longField,
  type Node,
  rootOf,
  tableField,
  vectorField,
} from './flatbuffer.ts'
import { mostRows, verifyBatch } from './verifyBatch.ts'
import { type NodeLayout, verifyMetadata, verifySchema } from './verifySchema.ts'

const schemaHeader = 1
const dictionaryHeader = 2
const batchHeader = 3

class Truncated extends Error {
  override readonly name = 'TruncatedArrow'
}

const enough = (condition: boolean, what: string): void => {
  if (!condition) throw new Truncated(what)
}

const present = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new CorruptFlatbuffer(what)
  return value
}

interface Message {
  readonly header: number
  readonly content: Node
  readonly body: Uint8Array
  /** First byte after the message. */
  readonly next: number
}

// The message at a place; undefined for an end mark.
const messageAt = (bytes: Uint8Array, at: number): Message | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  enough(at + 4 <= bytes.length, 'there is no end mark')
  const continued = view.getUint32(at, true) === 0xffffffff
  const lengthAt = continued ? at + 4 : at
  enough(lengthAt + 4 <= bytes.length, 'a message is cut off')
  const length = view.getInt32(lengthAt, true)
  if (length === 0) return undefined
  expectSound(length > 0, 'a message has a negative length')
  const start = lengthAt + 4
  const end = start + length
  enough(end <= bytes.length, 'a message is cut off')
  const message = rootOf(bytes.subarray(start, end))
  const next = end + longField(message, 3)
  enough(next <= bytes.length, 'the body of a message is cut off')
  const content = present(tableField(message, 2), 'a message has no content')
  verifyMetadata(message, 4)
  return { header: byteField(message, 1), content, body: bytes.subarray(end, next), next }
}

// Rows that a message adds: none if it is a dictionary.
const verifyData = ({ header, content, body }: Message, layout: NodeLayout): number => {
  if (header === batchHeader) return verifyBatch(content, body, layout)
  expectSound(header === dictionaryHeader, `a message is of the unexpected kind ${header}`)
  verifyBatch(present(tableField(content, 1), 'a dictionary has no content'), body)
  return 0
}

const verifyFirst = (message: Message | undefined): NodeLayout => {
  const { header, content } = present(message, 'there is no schema')
  expectSound(header === schemaHeader, 'the schema is not the first message')
  return verifySchema(content)
}

const verifyStream = (bytes: Uint8Array): number => {
  let message = messageAt(bytes, 0)
  const layout = verifyFirst(message)
  let rows = 0
  for (;;) {
    message = messageAt(bytes, message!.next)
    if (message === undefined) return rows
    rows += verifyData(message, layout)
    expectSound(rows <= mostRows, 'there are too many rows')
  }
}

const blockSize = 24

interface Blocks {
  readonly bytes: Uint8Array
  readonly footer: Node
  readonly layout: NodeLayout
}

// Rows of the blocks that a field of the footer lists; each must be a message of the kind that it should be.
const verifyBlocks = ({ bytes, footer, layout }: Blocks, field: number, header: number): number => {
  const { view } = footer
  const blocks = vectorField(footer, field, blockSize)
  let rows = 0
  let total = 0
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks.at + blockSize * i
    const offset = longAt(view, block)
    const metadata = view.getInt32(block + 8, true)
    const size = metadata + longAt(view, block + 16)
    total += size
    const isInside = metadata > 0 && offset + size <= bytes.length && total <= bytes.length
    expectSound(isInside, 'a block lies outside of the file')
    const message = present(messageAt(bytes, offset), 'a block holds nothing')
    expectSound(message.header === header, 'a block is not what the footer says')
    expectSound(message.next <= offset + size, 'a block is longer than the footer says')
    rows += verifyData(message, layout)
    expectSound(rows <= mostRows, 'there are too many rows')
  }
  return rows
}

const verifyFile = (bytes: Uint8Array): number => {
  const { length } = bytes
  const tail = String.fromCharCode(...bytes.subarray(Math.max(8, length - 6)))
  enough(length >= 18 && tail === 'ARROW1', 'it does not end with ARROW1')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = view.getInt32(length - 10, true)
  expectSound(size > 0 && size <= length - 18, 'the footer has an impossible length')
  const footer = rootOf(bytes.subarray(length - 10 - size, length - 10))
  const layout = verifySchema(present(tableField(footer, 1), 'the footer has no schema'))
  verifyMetadata(footer, 4)
  // apache-arrow itself neither writes nor reads a schema at the beginning.
  const blocks = { bytes, footer, layout }
  verifyBlocks(blocks, 2, dictionaryHeader)
  return verifyBlocks(blocks, 3, batchHeader)
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
