import {
  add,
  type DType,
  div,
  exp,
  jit,
  log,
  logSoftmax,
  max,
  min,
  mul,
  prod,
  random,
  referenceBackend,
  softmax,
  sub,
  sum,
  type Tensor,
  tensor,
  withBackend,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { open } from './open.ts'

const native = await open({ threads: 2 })

const alongRows = { axis: 1, keepDims: true } as const

/** Reductions of rows, what is computed from them, and both in one loop. */
const everything = (x: Tensor): readonly Tensor[] => [
  sum(x, { axis: 1 }),
  prod(x, { axis: 1 }),
  max(x, { axis: 1 }),
  min(x, { axis: 1 }),
  sum(exp(x), { axis: 1 }),
  log(add(sum(mul(x, x), { axis: 1 }), 1)),
  exp(sub(x, max(x, alongRows))),
  div(exp(x), sum(exp(x), alongRows)),
  softmax(x),
  logSoftmax(x),
]

const cases = [31, 32, 100].flatMap((rows) =>
  [1, 2, 3, 5, 9, 16, 17].flatMap((columns) =>
    (['float32', 'float64'] as const).map((dtype) => ({ rows, columns, dtype })),
  ),
)

describe.skipIf(native === null)('rows of a few elements', () => {
  const oracle = referenceBackend({ fused: native?.fused ?? false })
  const bitsOf = (x: Tensor) => () => jit(everything)(x).map((y) => Array.from(y.data(), Number))
  const given = (rows: number, columns: number, dtype: DType): Tensor =>
    random.normal(random.key(1), [rows, columns], { dtype: dtype as 'float32' })

  it.each(cases)('have the bits of the reference: $dtype[$rows, $columns]', (shape) => {
    const x = given(shape.rows, shape.columns, shape.dtype)
    expect(withBackend(native!, bitsOf(x))).toEqual(withBackend(oracle, bitsOf(x)))
  })

  it('keep infinities, NaN and the signs of zeros', () => {
    const edges = [-0, 0, Number.NaN, Infinity, -Infinity, 1, -1]
    const rows = edges.flatMap((a) => edges.map((b) => [a, b, a]))
    const x = tensor(rows)
    expect(withBackend(native!, bitsOf(x))).toEqual(withBackend(oracle, bitsOf(x)))
  })
})
