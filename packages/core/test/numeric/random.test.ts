import { describe, expect, test } from 'vitest'
import { type DType, jit, type Key, random, type Tensor, tensor, vmap } from '../../src/index.ts'

const count = 10_000
const numbers = (x: Tensor): number[] => Array.from(x.data())

/** Mean of the k-th powers. */
const moment = (xs: readonly number[], k: number): number =>
  xs.reduce((sum, x) => sum + x ** k, 0) / xs.length

const correlation = (a: readonly number[], b: readonly number[]): number => {
  const [ma, mb] = [moment(a, 1), moment(b, 1)]
  const dot = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0)
  return dot(a, ma, b, mb) / Math.sqrt(dot(a, ma, a, ma) * dot(b, mb, b, mb))
}

/** Bounds of about five standard errors of a mean over `count` draws. */
const near = (deviation: number): number => (5 * deviation) / Math.sqrt(count)

const floats: readonly DType[] = ['float32', 'float64']

describe.each(floats)('in %s', (dtype) => {
  test('uniform numbers have the moments of a uniform distribution and stay below the upper end', () => {
    const xs = numbers(random.uniform(random.key(1), [count], { dtype }))
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...xs)).toBeLessThan(1)
    expect(Math.abs(moment(xs, 1) - 1 / 2)).toBeLessThan(near(Math.sqrt(1 / 12)))
    expect(Math.abs(moment(xs, 2) - 1 / 3)).toBeLessThan(near(Math.sqrt(4 / 45)))
    const bins = new Array<number>(20).fill(0)
    for (const x of xs) bins[Math.floor(20 * x)]!++
    // chi squared with 19 degrees of freedom: 43.8 is exceeded once in a thousand
    const expected = count / 20
    expect(bins.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)).toBeLessThan(43.8)
  })

  test('normal numbers have the moments of a normal distribution', () => {
    const xs = numbers(random.normal(random.key(2), [count], { dtype }))
    expect(Math.abs(moment(xs, 1))).toBeLessThan(near(1))
    expect(Math.abs(moment(xs, 2) - 1)).toBeLessThan(near(Math.sqrt(2)))
    expect(Math.abs(moment(xs, 3))).toBeLessThan(near(Math.sqrt(15)))
    expect(Math.abs(moment(xs, 4) - 3)).toBeLessThan(near(Math.sqrt(96)))
    expect(xs.every(Number.isFinite)).toBe(true)
  })

  test('draws of different keys and neighbours in one draw are uncorrelated', () => {
    const key = random.key(3)
    const draw = (from: Key) => numbers(random.normal(from, [count], { dtype }))
    const own = draw(key)
    const streams = [
      draw(random.key(4)),
      draw(random.fold(key, 0)),
      draw(random.fold(key, 1)),
      ...random.split(key, 2).map(draw),
      own.slice(1).concat(own[0]!),
    ]
    for (const other of streams) expect(Math.abs(correlation(own, other))).toBeLessThan(near(1))
  })
})

test('mean, deviation, low and high shift and stretch', () => {
  const normal = random.normal(random.key(0), [5])
  const scaled = random.normal(random.key(0), [5], { mean: 3, deviation: 2 })
  expect(numbers(scaled)).toEqual(numbers(normal.mul(2).add(3)))
  const unit = random.uniform(random.key(0), [5])
  const wide = random.uniform(random.key(0), [5], { low: -1, high: 3 })
  expect(numbers(wide)).toEqual(numbers(unit.mul(4).add(-1)))
})

test('keys made by fold and split are all different', () => {
  const key = random.key(11)
  const made = [
    key,
    random.key(12),
    random.key(2 ** 40 + 11),
    ...random.split(key, 500),
    ...Array.from({ length: 500 }, (_, i) => random.fold(key, i)),
    random.fold(key, -1),
  ]
  expect(new Set(made.map((each) => numbers(each).join())).size).toBe(made.length)
})

test('a key with the same number gives the same draw, eagerly, jitted and batched', () => {
  const draw = (step: Tensor) => random.normal(random.fold(random.key(5), step), [3])
  const steps = tensor(new Int32Array([7, 8]))
  const eager = [7, 8].flatMap((i) => numbers(random.normal(random.fold(random.key(5), i), [3])))
  expect([7, 8].flatMap((i) => numbers(jit(draw)(tensor(i, { dtype: 'int32' }))))).toEqual(eager)
  expect(numbers(vmap(draw)(steps))).toEqual(eager)
})

test('the elements of a draw do not depend on how many there are', () => {
  const long = numbers(random.uniform(random.key(6), [100]))
  expect(numbers(random.uniform(random.key(6), [10]))).toEqual(long.slice(0, 10))
  expect(numbers(random.uniform(random.key(6), [2, 5]))).toEqual(long.slice(0, 10))
})

test('bernoulli draws have their probability, also one per element', () => {
  const share = (x: Tensor) => moment(numbers(x), 1)
  const deviation = Math.sqrt(0.3 * 0.7)
  const draws = random.bernoulli(random.key(7), [count], { probability: 0.3 })
  expect(draws.dtype).toBe('bool')
  expect(Math.abs(share(draws) - 0.3)).toBeLessThan(near(deviation))
  const each = random.bernoulli(random.key(7), [3], { probability: tensor([0, 1, 0]) })
  expect(each.toArray()).toEqual([false, true, false])
})

test('integers reach both ends of their range equally often', () => {
  const xs = numbers(random.integers(random.key(8), [count], { low: -2, high: 3 }))
  for (const value of [-2, -1, 0, 1, 2]) {
    const share = xs.filter((x) => x === value).length / count
    expect(Math.abs(share - 0.2)).toBeLessThan(near(Math.sqrt(0.16)))
  }
  const all = { low: -(2 ** 31), high: 2 ** 31 }
  const whole = numbers(random.integers(random.key(9), [count], all))
  expect(Math.abs(moment(whole, 1) / 2 ** 31)).toBeLessThan(near(Math.sqrt(1 / 3)))
})

test('a permutation holds every number once, and each place is equally likely', () => {
  const length = 5
  const places = new Array<number>(length).fill(0)
  const draws = 2000
  const shuffle = jit((step: Tensor) =>
    random.permutation(random.fold(random.key(10), step), length),
  )
  for (let i = 0; i < draws; i++) {
    const order = numbers(shuffle(tensor(i, { dtype: 'int32' })))
    expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
    places[order.indexOf(0)]!++
  }
  for (const n of places)
    expect(Math.abs(n / draws - 0.2)).toBeLessThan(5 * Math.sqrt(0.16 / draws))
})

test('mistakes are told', () => {
  expect(() => random.key(-1)).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in random.key
      seed  -1
      rule  seed must be a whole number between 0 and 2^53 - 1]
  `)
  expect(() => random.uniform(tensor([1, 2]), [3])).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in random.uniform
      key   float32[2]
      rule  key must be int32[2]
      hint  make one with random.key(seed)]
  `)
  expect(() =>
    random.normal(random.key(0), [3], { dtype: 'int32' }),
  ).toThrowErrorMatchingInlineSnapshot(`
    [DTypeError: DTypeError in random.normal
      dtype  int32
      rule   dtype must be float32 or float64]
  `)
  expect(() =>
    random.integers(random.key(0), [3], { low: 2, high: 2 }),
  ).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in random.integers
      low   2
      high  2
      rule  low and high must be whole int32 numbers with low below high]
  `)
  expect(() => random.fold(random.key(0), 0.5)).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in random.fold
      data  0.5
      rule  data must be one whole number that fits int32, or an int32[] tensor]
  `)
  expect(() => random.bits(random.key(0), [-1])).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in random.bits
      shape  [-1]
      rule   axis sizes must be whole numbers of at least 0]
  `)
})
