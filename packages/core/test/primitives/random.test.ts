import { expect, test } from 'vitest'
import { tensor } from '../../src/index.ts'
import { threefry } from '../../src/primitives/random.ts'

const words = (...values: readonly number[]) => tensor(Int32Array.from(values, (x) => x | 0))
const hex = (x: number): string => (x >>> 0).toString(16).padStart(8, '0')

const encrypt = (key: readonly [number, number], counter: readonly [number, number]): string => {
  const inputs = [...key, ...counter].map((x) => words(x)) as [never, never, never, never]
  return ([0, 1] as const).map((word) => hex(threefry(...inputs, { word }).item())).join(' ')
}

test('Threefry-2x32 with 20 rounds gives the known answers of its authors', () => {
  expect(encrypt([0, 0], [0, 0])).toBe('6b200159 99ba4efe')
  expect(encrypt([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff])).toBe('1cb996fc bb002be7')
  // the digits of pi
  expect(encrypt([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toBe('c4923a9c 483df7a0')
})

test('each element of a batch is encrypted for itself', () => {
  const [k, c] = [words(0, 0x13198a2e, -1), words(0, 0x243f6a88, -1)]
  const [l, d] = [words(0, 0x03707344, -1), words(0, 0x85a308d3, -1)]
  const first = Array.from(threefry(k, l, c, d, { word: 0 }).data(), hex)
  expect(first).toEqual(['6b200159', 'c4923a9c', '1cb996fc'])
})
