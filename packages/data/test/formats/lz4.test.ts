import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeHadoopLz4, decodeLz4Block, decodeLz4Frame } from '../../src/formats/lz4.ts'
import { encodeLz4Block, encodeLz4Frame } from './lz4Encoder.ts'

// Few distinct bytes make many matches, long ones and overlapping ones among them.
const repetitive = fc
  .array(fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: 1, max: 400 })), { maxLength: 8 })
  .map((runs) => Uint8Array.from(runs.flatMap(([byte, n]) => Array<number>(n).fill(byte))))
const bytes = fc.oneof(repetitive, fc.uint8Array({ maxLength: 400 }))

const bigEndian = (n: number): number[] => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]

describe('what was compressed comes back', () => {
  test('a block, with and without literals at its end', () => {
    fc.assert(
      fc.property(bytes, fc.boolean(), (plain, endsInMatch) => {
        const packed = encodeLz4Block(plain, { endsInMatch })
        expect(decodeLz4Block(packed, plain.length)).toEqual(plain)
      }),
      { seed: 1 },
    )
  })

  test('a frame of several blocks', () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 300 }), (plain, blockSize) => {
        expect(decodeLz4Frame(encodeLz4Frame(plain, blockSize), plain.length)).toEqual(plain)
      }),
      { seed: 1 },
    )
  })

  test('blocks in the framing of Hadoop', () => {
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 3 }), (parts) => {
        const packed = parts.flatMap((part) => {
          const block = encodeLz4Block(part)
          return [...bigEndian(part.length), ...bigEndian(block.length), ...block]
        })
        const plain = Uint8Array.from(parts.flatMap((part) => [...part]))
        expect(decodeHadoopLz4(Uint8Array.from(packed), plain.length)).toEqual(plain)
      }),
      { seed: 1 },
    )
  })
})

describe('what is damaged throws', () => {
  test('cut off anywhere', () => {
    const plain = new TextEncoder().encode('soup soup soup soup, fish fish fish and more soup')
    const frame = encodeLz4Frame(plain)
    for (let end = 0; end < frame.length; end++) {
      expect(() => decodeLz4Frame(frame.subarray(0, end), plain.length)).toThrow(/LZ4 data/)
    }
  })

  test('of any bytes, or with other lengths than declared', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 2 ** 31 }), (any, length) => {
        for (const decode of [decodeLz4Block, decodeLz4Frame, decodeHadoopLz4]) {
          try {
            expect(decode(any, length).length).toBe(length)
          } catch (thrown) {
            expect(String(thrown)).toMatch(/LZ4 data/)
          }
        }
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  test('a byte that declares gigabytes makes none', () => {
    expect(() => decodeLz4Block(Uint8Array.of(0), 2 ** 31)).toThrowErrorMatchingInlineSnapshot(
      `[CorruptLz4: the LZ4 data cannot hold the 2147483648 bytes that are declared]`,
    )
  })
})
