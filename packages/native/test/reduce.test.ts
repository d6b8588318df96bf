import {
  add,
  div,
  greater,
  jit,
  max,
  min,
  mul,
  prod,
  random,
  referenceBackend,
  stack,
  sum,
  type Tensor,
  tensor,
  where,
  withBackend,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { open } from './open.ts'

const native = await open({ threads: 2 })

const reductions: Readonly<Record<string, (x: Tensor, y: Tensor, limit: Tensor) => Tensor>> = {
  'a sum of some': (x, y, limit) => sum(where(greater(x, limit), y, 0)),
  'a product of some': (x, y, limit) => prod(where(greater(x, limit), y, 1)),
  'a sum of one or the other': (x, y, limit) => sum(where(greater(x, limit), y, x)),
}

describe.skipIf(native === null)('a reduction of conditional values', () => {
  const oracle = referenceBackend({ fused: native?.fused ?? false })
  const cases = Object.keys(reductions).flatMap((name) =>
    [32, 64, 100].flatMap((length) =>
      (['float32', 'float64'] as const).map((dtype) => ({ name, length, dtype })),
    ),
  )
  // GCC 12 vectorises loops over lanes wrongly where it may: each case is a program and a kernel of its own
  it.each(cases)(
    'has the bits of the reference: $name, $dtype[$length]',
    ({ name, length, dtype }) => {
      const [x, y] = [1, 2].map((seed) => random.normal(random.key(seed), [length], { dtype }))
      const reduce = jit(reductions[name]!)
      const run = () => reduce(x!, y!, tensor(0.1, { dtype })).item()
      expect(withBackend(native!, run)).toBe(withBackend(oracle, run))
    },
  )
})

const edges: Readonly<Record<string, readonly number[]>> = {
  'ordinary numbers': [1.5, -2, 3.25, -100],
  'negative ones': [-1.5, -2, -3.25, -Infinity],
  'zeros of both signs': [-0, 0],
  'negative zeros and less': [-0, -1],
  'zero and less': [0, -1],
  infinities: [Infinity, -Infinity, 1],
  'a NaN': [1, NaN, -1],
}

describe.skipIf(native === null)('the extremum of many', () => {
  const oracle = referenceBackend()
  const cases = (['float32', 'float64'] as const).flatMap((dtype) =>
    [128, 205].map((length) => ({ dtype, length })),
  )
  it.each(cases)('has the bits of the reference: $dtype[$length]', ({ dtype, length }) => {
    // zero by zero is a NaN with a sign on some processors
    const ofRows = { axis: -1 }
    const extrema = jit((x: Tensor) =>
      stack([max(x, ofRows), min(x, ofRows), max(div(x, x), ofRows)]),
    )
    const rows = Object.values(edges)
    const values = rows.flatMap((row) =>
      Array.from({ length }, (_, i) => row[(i * 7 + (i >> 4)) % row.length]!),
    )
    const run = () => extrema(tensor(values, { dtype, shape: [rows.length, length] })).toArray()
    expect(withBackend(native!, run)).toEqual(withBackend(oracle, run))
  })
})

describe.skipIf(native === null)('sums and products of long rows', () => {
  const oracle = referenceBackend({ fused: native?.fused ?? false })
  const cases = [256, 270, 1024].flatMap((columns) =>
    (['float32', 'float64', 'int32'] as const).map((dtype) => ({ columns, dtype })),
  )
  it.each(cases)('have the bits of the reference: $dtype[rows, $columns]', (shape) => {
    const reduced = jit((x: Tensor) => [
      sum(x, { axis: 1 }),
      add(mul(sum(x, { axis: 1 }), 3), 1),
      prod(x, { axis: 1 }),
    ])
    for (const rows of [1, 2, 3, 4, 5, 90, 131]) {
      // products of these neither vanish nor overflow; odd integers never make 0, whatever wraps around
      const values = Array.from({ length: rows * shape.columns }, (_, i) => ((i * 37) % 101) - 50)
      const near = values.map((k) => (shape.dtype === 'int32' ? 2 * k + 1 : 1 + k / 400))
      const x = tensor(near, { dtype: shape.dtype, shape: [rows, shape.columns] })
      const run = () => reduced(x).map((y) => Array.from(y.data(), Number))
      const found = withBackend(native!, run)
      expect(found).toEqual(withBackend(oracle, run))
      expect(found[2]!.every((product) => product !== 0 && Number.isFinite(product))).toBe(true)
    }
  })
})

describe.skipIf(native === null)('a sum of more than caches hold', () => {
  it.each(['float32', 'float64'] as const)('has the bits of the reference: %s', (dtype) => {
    const x = random.normal(random.key(3), [300_000], { dtype })
    const run = () => sum(x).item()
    expect(withBackend(native!, run)).toBe(withBackend(referenceBackend(), run))
  })
})
