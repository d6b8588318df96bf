import type { TypedArray } from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { arraysOf } from '../src/arrays.ts'
import { openCache } from '../src/cache.ts'
import { findCompiler } from '../src/compiler.ts'
import { loadKoffi, openLibrary } from '../src/library.ts'

const arrays = await (async () => {
  const [compiler, cache, koffi] = [findCompiler(), openCache(), await loadKoffi()]
  if (compiler._tag === 'Left' || cache._tag === 'Left' || koffi._tag === 'Left') return null
  const opened = openLibrary(koffi.right, cache.right, compiler.right)
  return opened._tag === 'Right' ? arraysOf(opened.right) : null
})()

describe.skipIf(arrays === null)('arrays', () => {
  it.each(['bool', 'int32', 'float32', 'float64'] as const)(
    'are zeros that start at a cache line: %s',
    (dtype) => {
      for (const length of [4096, 5001, 2 ** 21 + 3]) {
        const array = arrays!.allocate(dtype, length)
        expect(arrays!.use(array) % 64n).toBe(0n)
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

  it('keep their place and their elements when they move to large pages', () => {
    const given: TypedArray = Float32Array.from({ length: 3 * 2 ** 20 }, (_, i) => i)
    const places = new Set(Array.from({ length: 10 }, () => arrays!.use(given)))
    expect(places.size).toBe(1)
    expect(given.every((x: number, i: number) => x === i)).toBe(true)
  })
})
