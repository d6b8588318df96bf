/**
 * Random bits: Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011). The bits
 * are a function of key and counter alone, so they are the same on every backend, in any order and under any
 * transformation.
 */
import type { Scalar } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import type { Tensor } from '../tensor.ts'
import { bind1 } from '../trace/interpreter.ts'
import { define } from './define.ts'
import { expectDType, expectPair, integers } from './rules.ts'

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const

const parity = 0x1bd11bda

const rotate = (x: Scalar, by: number): Scalar =>
  s.or(s.shl(x, s.int(by)), s.shr(x, s.int(32 - by)))

/** Both words of the block cipher. */
const encrypt = (k0: Scalar, k1: Scalar, c0: Scalar, c1: Scalar): readonly [Scalar, Scalar] => {
  const keys = [k0, k1, s.xor(s.xor(k0, k1), s.int(parity))]
  let [x, y] = [s.add(c0, k0), s.add(c1, k1)]
  for (let round = 1; round <= 5; round++) {
    for (const by of rotations[(round - 1) % 2]!) {
      x = s.add(x, y)
      y = s.xor(rotate(y, by), x)
    }
    x = s.add(x, keys[round % 3]!)
    y = s.add(s.add(y, keys[(round + 1) % 3]!), s.int(round))
  }
  return [x, y]
}

/** Which of the two words of a block. */
export interface Word {
  readonly word: 0 | 1
}

export const threefryPrimitive = define<Word>({
  name: 'threefry',
  shape: ([key0, key1, counter0, counter1]) => {
    expectDType('threefry', 'key0', key0!, integers)
    for (const other of [key1, counter0, counter1]) expectPair('threefry', key0!, other!)
    return [{ shape: key0!.shape, dtype: 'int32' }]
  },
  derivative: { kind: 'constant', because: 'random bits have no derivative' },
  batch: 'elementwise',
  lower: {
    kind: 'map',
    scalar: ([k0, k1, c0, c1], { word }) => encrypt(k0!, k1!, c0!, c1!)[word],
  },
})

/** One word of Threefry-2x32-20 for each element: key words and counter words are int32 tensors of one shape. */
export const threefry = (
  key0: Tensor,
  key1: Tensor,
  counter0: Tensor,
  counter1: Tensor,
  params: Word,
): Tensor => bind1(threefryPrimitive, [key0, key1, counter0, counter1], params)
