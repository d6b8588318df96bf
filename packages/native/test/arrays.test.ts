import { hostStorage, type Storage } from '@rootstock/core/backend'
import { describe, expect, it } from 'vitest'
import { arraysOf } from '../src/arrays.ts'
import { openCache } from '../src/cache.ts'
import { findCompiler } from '../src/compiler.ts'
import { loadKoffi, openLibrary } from '../src/library.ts'

const opened = await (async () => {
  const [compiler, cache, koffi] = [findCompiler(), openCache(), await loadKoffi()]
  if (compiler._tag === 'Left' || cache._tag === 'Left' || koffi._tag === 'Left') return null
  const library = openLibrary(koffi.right, cache.right, compiler.right)
  return library._tag === 'Right' ? library.right : null
})()
const arrays = opened && arraysOf(opened)

describe.skipIf(opened === null)('arrays', () => {
  it.each(['bool', 'int32', 'float32', 'float64'] as const)(
    'are zeros that start at a cache line: %s',
    (dtype) => {
      for (const length of [4096, 5001, 2 ** 21 + 3]) {
        const array = arrays!.allocate(dtype, length)
        expect(opened!.address(array) % 64n).toBe(0n)
        expect([array.length, Number(array[0]), Number(array.at(-1))]).toEqual([length, 0, 0])
        expect(array.every((x: number) => x === 0)).toBe(true)
      }
    },
  )

  it('are placed where they are made here or small', () => {
    expect(arrays!.isPlaced(arrays!.allocate('float32', 100_000))).toBe(true)
    expect(arrays!.isPlaced(new Float32Array(10))).toBe(true)
    expect(arrays!.isPlaced(new Float32Array(100_000))).toBe(false)
  })

  it('take in what is used again and again, and let be what is used once or is small', () => {
    const long = Float64Array.from({ length: 2 ** 20 + 5 }, (_, i) => i)
    const cells = [long, long, new Int32Array(10)].map((array) =>
      hostStorage(array instanceof Int32Array ? 'int32' : 'float64', array),
    )
    const [often, once, small] = cells as [Storage, Storage, Storage]
    for (let i = 0; i < 10; i++) for (const cell of [often, small]) arrays!.settle(cell)
    arrays!.settle(once)
    expect(once.host).toBe(long)
    expect(small.host).toHaveLength(10)
    expect([often.host === long, arrays!.isPlaced(often.host!)]).toEqual([false, true])
    expect(often.host).toEqual(long)
  })
})
