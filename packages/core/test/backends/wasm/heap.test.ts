import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Block, Heap } from '../../../src/backends/wasm/heap.ts'

describe('the heap', () => {
  it('never hands out overlapping blocks and gets all of its memory back', () => {
    const request = fc.record({ bytes: fc.nat(20_000), keep: fc.nat(30) })
    fc.assert(
      fc.property(fc.array(request, { maxLength: 200 }), (requests) => {
        const heap = new Heap(64)
        heap.extend(2 ** 20)
        const held: { block: Block; bytes: number }[] = []
        for (const { bytes, keep } of requests) {
          const block = heap.take(bytes)
          if (block !== null) held.push({ block, bytes })
          const spans = held
            .map((x) => [x.block.address, x.block.address + Math.max(1, x.bytes)] as const)
            .toSorted((a, b) => a[0] - b[0])
          spans.forEach(([start, end], i) => {
            expect(start % 64).toBe(0)
            expect(end).toBeLessThanOrEqual(spans[i + 1]?.[0] ?? 64 + 2 ** 20)
          })
          while (held.length > keep) heap.give(held.splice((bytes * 7) % held.length, 1)[0]!.block)
        }
        for (const { block } of held) heap.give(block)
        expect(heap.take(2 ** 20)?.address).toBe(64)
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  it('hands a freed block out again for the same size', () => {
    const heap = new Heap(0)
    heap.extend(2 ** 24)
    const first = heap.take(802_816)!
    heap.take(64)
    heap.give(first)
    expect(heap.take(802_816)!.address).toBe(first.address)
  })

  it('grows at its end, joining what was free there', () => {
    const heap = new Heap(0)
    heap.extend(1024)
    expect(heap.take(2048)).toBe(null)
    heap.extend(1024)
    expect(heap.take(2048)?.address).toBe(0)
  })
})
