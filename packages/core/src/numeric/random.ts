/**
 * Random tensors from explicit keys. A key and a counter determine every bit (Threefry-2x32 with 20 rounds, Salmon et al.,
 * "Parallel random numbers: as easy as 1, 2, 3", 2011), so a draw is a pure function: it can be jitted, batched and
 * repeated, and is the same on every backend. Use a key once; make others from it by `fold` or `split`.
 */
import { type DType, isFloat } from '../dtype.ts'
import { ArgumentError, DTypeError } from '../errors.ts'
import { broadcast, fullOf } from '../primitives/broadcast.ts'
import * as primitive from '../primitives/elementwise.ts'
import { bitwise } from '../primitives/logic.ts'
import { iota, reshape, slice } from '../primitives/movement.ts'
import { threefry } from '../primitives/random.ts'
import { type Shape, sizeOf } from '../shape.ts'
import { Tensor } from '../tensor.ts'
import { add, mul, sub } from './arithmetic.ts'
import { less } from './comparison.ts'
import { tensor } from './creation.ts'
import { log, sqrt } from './exponential.ts'
import { stack } from './joining.ts'
import { expectCount, expectShape, type Operand } from './operand.ts'
import { floor } from './rounding.ts'
import { argSort } from './sorting.ts'
import { cos } from './trigonometry.ts'

/** Two words that determine a stream of random bits: int32 [2], a leaf of trees like any tensor. */
export type Key = Tensor

/** The second counter word says what a block is for, so that streams of one key never meet. */
const purpose = { bits: 0, fold: 1, split: 2, more: 3 } as const

const scalarInt = { shape: [], dtype: 'int32' } as const

const isWhole = (x: unknown): x is number => typeof x === 'number' && (x | 0) === x

const word = (key: Key, at: 0 | 1): Tensor =>
  reshape(slice(key, { start: [at], shape: [1], step: [1] }), { shape: [] })

const expectKey = (operation: string, key: Key): void => {
  if (key.dtype === 'int32' && key.rank === 1 && key.shape[0] === 2) return
  throw new ArgumentError({
    operation,
    inputs: { key },
    rule: 'key must be int32[2]',
    hint: 'make one with random.key(seed)',
  })
}

/** One word of the blocks at `counter` (int32, any shape). */
const block = (key: Key, counter: Tensor, use: number, which: 0 | 1): Tensor => {
  const full = (x: Tensor) => broadcast(x, { shape: counter.shape, axes: [] })
  const second = fullOf(counter, use)
  return threefry(full(word(key, 0)), full(word(key, 1)), counter, second, { word: which })
}

/** Both words as one new axis, the first or the last. */
const keysAt = (parent: Key, counter: Tensor, use: number): Tensor =>
  stack([block(parent, counter, use, 0), block(parent, counter, use, 1)], { axis: -1 })

const counters = (shape: Shape): Tensor => reshape(iota({ length: sizeOf(shape) }), { shape })

/**
 * A key from a seed, a whole number between 0 and 2^53 - 1.
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * console.log(random.uniform(random.key(0), [3]).shape) // [ 3 ]
 * ```
 */
const key = (seed: number): Key => {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ArgumentError({
      operation: 'random.key',
      inputs: { seed },
      rule: 'seed must be a whole number between 0 and 2^53 - 1',
    })
  }
  return tensor(new Int32Array([Math.floor(seed / 2 ** 32) | 0, seed | 0]))
}

/**
 * The key that belongs to a number, one of 2^32 for each key. `data` is an int32 scalar or a whole number; under `jit` it
 * may be traced, which is how a training step gets a fresh key from its step count.
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * const key = random.key(7)
 * const [first, second] = [random.fold(key, 0), random.fold(key, 1)]
 * console.log(random.uniform(first, []).item() === random.uniform(second, []).item()) // false
 * ```
 */
const fold = (parent: Key, data: Operand): Key => {
  expectKey('random.fold', parent)
  const counter = isWhole(data) ? fullOf(scalarInt, data) : data
  if (!(counter instanceof Tensor) || counter.dtype !== 'int32' || counter.rank !== 0) {
    throw new ArgumentError({
      operation: 'random.fold',
      inputs: { data },
      rule: 'data must be one whole number that fits int32, or an int32[] tensor',
    })
  }
  return keysAt(parent, counter, purpose.fold)
}

/**
 * Several independent keys.
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * console.log(random.split(random.key(0), 3).length) // 3
 * ```
 */
const split = (parent: Key, count = 2): Key[] => {
  expectKey('random.split', parent)
  expectCount('random.split', 'count', count)
  const pairs = keysAt(parent, counters([count]), purpose.split)
  return Array.from({ length: count }, (_, i) =>
    reshape(slice(pairs, { start: [i, 0], shape: [1, 2], step: [1, 1] }), { shape: [2] }),
  )
}

/** 32 random bits per element, int32. */
const bits = (from: Key, shape: Shape): Tensor => {
  expectKey('random.bits', from)
  expectShape('random.bits', shape)
  return block(from, counters(shape), purpose.bits, 0)
}

/** The `count` highest bits as a whole number, converted. */
const highBits = (x: Tensor, count: number, dtype: DType): Tensor =>
  primitive.convert(bitwise(x, fullOf(x, 32 - count), { op: 'shr' }), { dtype })

/** Uniform in [0, 1): multiples of 2^-24 from one word, or of 2^-53 from two. */
const unit = (draw: (which: 0 | 1) => Tensor, dtype: 'float32' | 'float64'): Tensor =>
  dtype === 'float32'
    ? mul(highBits(draw(0), 24, dtype), 2 ** -24)
    : mul(add(mul(highBits(draw(0), 27, dtype), 2 ** 26), highBits(draw(1), 26, dtype)), 2 ** -53)

const floatOf = (operation: string, dtype: DType): 'float32' | 'float64' => {
  if (isFloat(dtype)) return dtype
  throw new DTypeError({ operation, inputs: { dtype }, rule: 'dtype must be float32 or float64' })
}

/** Range of `uniform`. */
export interface UniformOptions {
  /** Smallest value, 0 by default. */
  readonly low?: Operand
  /** Upper end, not reached except by rounding; 1 by default. */
  readonly high?: Operand
  readonly dtype?: DType
}

/** Parameters of `normal`. */
export interface NormalOptions {
  readonly mean?: Operand
  /** Standard deviation, 1 by default. */
  readonly deviation?: Operand
  readonly dtype?: DType
}

/**
 * Uniform on [low, high).
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * const x = random.uniform(random.key(1), [1000], { low: -1, high: 1 })
 * console.log(Math.abs(x.mean().item()) < 0.1) // true
 * ```
 */
const uniform = (from: Key, shape: Shape, options: UniformOptions = {}): Tensor => {
  const { low = 0, high = 1 } = options
  const dtype = floatOf('random.uniform', options.dtype ?? 'float32')
  expectKey('random.uniform', from)
  expectShape('random.uniform', shape)
  const counter = counters(shape)
  const u = unit((which) => block(from, counter, purpose.bits, which), dtype)
  const stretched = high === 1 && low === 0 ? u : mul(u, sub(high, low))
  return low === 0 ? stretched : add(stretched, low)
}

/**
 * Normal with the given mean and deviation, by sqrt(-2 ln u) cos(2 pi v) (Box and Muller, "A note on the generation of
 * random normal deviates", 1958).
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * console.log(Math.abs(random.normal(random.key(2), [1000]).mean().item()) < 0.1) // true
 * ```
 */
const normal = (from: Key, shape: Shape, options: NormalOptions = {}): Tensor => {
  const { mean = 0, deviation = 1 } = options
  const dtype = floatOf('random.normal', options.dtype ?? 'float32')
  expectKey('random.normal', from)
  expectShape('random.normal', shape)
  const counter = counters(shape)
  const draw = (which: 0 | 1) => block(from, counter, purpose.bits, which)
  const u = unit(draw, dtype)
  // in float32 the block's second word is still unused; float64 takes another block
  const v =
    dtype === 'float32'
      ? unit(() => draw(1), dtype)
      : unit((which) => block(from, counter, purpose.more, which), dtype)
  const z = mul(sqrt(mul(log(sub(1, u)), -2)), cos(mul(v, 2 * Math.PI)))
  const scaled = deviation === 1 ? z : mul(z, deviation)
  return mean === 0 ? scaled : add(scaled, mean)
}

/**
 * True with the given probability, a number or a tensor that broadcasts to `shape`; 0.5 by default.
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * console.log(random.bernoulli(random.key(3), [4], { probability: 1 }).toArray()) // [ true, true, true, true ]
 * ```
 */
const bernoulli = (
  from: Key,
  shape: Shape,
  { probability = 0.5 }: { readonly probability?: Operand } = {},
): Tensor => less(uniform(from, shape), probability)

/**
 * Whole numbers, each of low, ..., high - 1 equally likely (to within 2^-53); int32.
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * console.log(random.integers(random.key(4), [3], { low: 5, high: 6 }).toArray()) // [ 5, 5, 5 ]
 * ```
 */
const integers = (
  from: Key,
  shape: Shape,
  { low = 0, high }: { readonly low?: number; readonly high: number },
): Tensor => {
  const fits = (x: number) => Number.isInteger(x) && x >= -(2 ** 31) && x <= 2 ** 31
  if (!fits(low) || !fits(high) || low >= high) {
    throw new ArgumentError({
      operation: 'random.integers',
      inputs: { low, high },
      rule: 'low and high must be whole int32 numbers with low below high',
    })
  }
  const u = uniform(from, shape, { dtype: 'float64' })
  return primitive.convert(add(floor(mul(u, high - low)), low), { dtype: 'int32' })
}

/**
 * The numbers 0, ..., length - 1 in random order, int32.
 * @example
 * ```ts
 * import { random, sort } from '@rootstock/core'
 * console.log(sort(random.permutation(random.key(5), 4)).toArray()) // [ 0, 1, 2, 3 ]
 * ```
 */
const permutation = (from: Key, length: number): Tensor => {
  expectCount('random.permutation', 'length', length)
  return argSort(uniform(from, [length], { dtype: 'float64' }))
}

/** Random tensors and the keys that determine them. */
export const random = {
  key,
  fold,
  split,
  bits,
  uniform,
  normal,
  bernoulli,
  integers,
  permutation,
} as const
