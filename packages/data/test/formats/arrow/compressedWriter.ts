/**
 * Compressed Arrow files. apache-arrow 21.2 writes the compressed length of each buffer where the format wants the length
 * before compression, which no other reader accepts; here that is put right.
 */
import { zstdCompressSync } from 'node:zlib'
import * as arrow from 'apache-arrow'
import { encodeLz4Frame } from '../lz4Encoder.ts'

const { LZ4_FRAME, ZSTD } = arrow.CompressionType

/** Compressions of Arrow files by name. */
export const compressions = { none: null, lz4: LZ4_FRAME, zstd: ZSTD } as const

interface Packed {
  readonly bytes: Uint8Array
  readonly length: number
}

const packed: Packed[] = []

const remembered = (encode: (bytes: Uint8Array) => Uint8Array) => (plain: Uint8Array) => {
  const bytes = encode(plain)
  packed.push({ bytes, length: plain.length })
  return bytes
}

/** Registers compressors, and no decompressors: these are what is tested. */
export const registerEncoders = (): void => {
  const zstd = (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes))
  arrow.compressionRegistry.set(LZ4_FRAME, { encode: remembered((bytes) => encodeLz4Frame(bytes)) })
  arrow.compressionRegistry.set(ZSTD, { encode: remembered(zstd) })
}

const prefixed = (length: number, bytes: Uint8Array): Buffer => {
  const prefix = Buffer.alloc(8)
  prefix.writeBigInt64LE(BigInt(length))
  return Buffer.concat([prefix, bytes])
}

/** The bytes of a table, as a file or a stream, compressed or not. */
export const write = (
  table: arrow.Table,
  kind: 'file' | 'stream',
  compression: keyof typeof compressions,
): Uint8Array => {
  packed.length = 0
  const options = { compressionType: compressions[compression] }
  const writer =
    kind === 'file'
      ? new arrow.RecordBatchFileWriter(options)
      : new arrow.RecordBatchStreamWriter(options)
  const written = Buffer.from(writer.writeAll(table).finish().toUint8Array(true))
  for (const { bytes, length } of packed) {
    const at = written.indexOf(prefixed(bytes.length, bytes))
    // A buffer that does not shrink is written as it is.
    if (at !== -1) written.writeBigInt64LE(BigInt(length), at)
  }
  return new Uint8Array(written)
}
