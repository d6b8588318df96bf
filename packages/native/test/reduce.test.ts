import {
  type DType,
  greater,
  jit,
  max,
  maximum,
  mean,
  min,
  prod,
  random,
  referenceBackend,
  sum,
  type Tensor,
  where,
  withBackend,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { open } from './open.ts'

const native = await open({ threads: 2 })

const values: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
  'of one side or zero': (x, y) => where(greater(x, mean(x)), y, 0),
  'of one side or one': (x, y) => where(greater(x, mean(x)), y, 1),
  'of either side': (x, y) => where(greater(x, mean(x)), y, x),
  'of the larger': (x, y) => maximum(x, y),
}

const reductions = { sum, prod, max, min } as const

describe.skipIf(native === null)('reductions of conditional values', () => {
  const oracle = referenceBackend({ fused: native?.fused ?? false })
  const cases = Object.entries(values).flatMap(([name, value]) =>
    (['float32', 'float64'] as const).map((dtype: DType) => ({ name, value, dtype })),
  )
  it.each(cases)('have the bits of the reference: $name, $dtype', ({ value, dtype }) => {
    // lengths around multiples of the 16 lanes: a compiler unrolls and merges each differently
    const lengths = [15, 16, 32, 48, 64, 80, 100, 128, 250, 512]
    const inputs = lengths.map((length) =>
      [1, 2].map((seed) => random.normal(random.key(seed), [length], { dtype })),
    )
    const f = jit((pairs: readonly Tensor[][]) =>
      pairs.flatMap(([x, y]) => Object.values(reductions).map((reduce) => reduce(value(x!, y!)))),
    )
    const run = () => f(inputs).map((x) => Array.from(x.data()))
    expect(withBackend(native!, run)).toEqual(withBackend(oracle, run))
  })
})
