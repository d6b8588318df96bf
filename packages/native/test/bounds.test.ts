import type { Scalar } from '@rootstock/core/backend'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitsInt32 } from '../src/bounds.ts'

/** An expression of one unknown and its value as a function of it. */
interface Sample {
  readonly scalar: Scalar
  readonly value: (x: number) => number
}

const dtype = 'float64'
const unknown: Sample = { scalar: { op: 'local', dtype, id: 0 }, value: (x) => x }

const values = {
  neg: (a: number) => -a,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  min: (a: number, b: number) => Math.min(a, b),
  max: (a: number, b: number) => Math.max(a, b),
} as const

const constant = (value: number): Sample => ({
  scalar: { op: 'const', dtype, value },
  value: () => value,
})

const unary = (op: 'neg' | 'floor' | 'ceil' | 'trunc', a: Sample): Sample => ({
  scalar: { op, dtype, args: [a.scalar] },
  value: (x) => values[op](a.value(x)),
})

const binary = (op: 'add' | 'sub' | 'mul' | 'min' | 'max', a: Sample, b: Sample): Sample => ({
  scalar: { op, dtype, args: [a.scalar, b.scalar] },
  value: (x) => values[op](a.value(x), b.value(x)),
})

const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constant(unknown),
    fc.double({ min: -1000, max: 1000, noNaN: true }).map(constant),
    fc
      .tuple(fc.constantFrom('neg', 'floor', 'ceil', 'trunc'), tie('sample'))
      .map(([op, a]) => unary(op, a)),
    fc
      .tuple(fc.constantFrom('add', 'sub', 'mul', 'min', 'max'), tie('sample'), tie('sample'))
      .map(([op, a, b]) => binary(op, a, b)),
  ),
}))

describe('bounds', () => {
  it('never let a value that does not fit pass for one that does', () => {
    let fitting = 0
    fc.assert(
      fc.property(sample, fc.double({ noNaN: true }), ({ scalar, value }, x) => {
        const found = Math.trunc(value(x))
        if (!fitsInt32(scalar) || Number.isNaN(found)) return
        fitting++
        expect(found | 0).toBe(found + 0)
      }),
      { numRuns: 3000, seed: 5 },
    )
    expect(fitting).toBeGreaterThan(500)
  })

  it('tell what fits int32: clamped numbers do, unknown and large ones do not', () => {
    const clamped = binary('max', binary('min', unknown, constant(89)), constant(-104))
    expect(fitsInt32(clamped.scalar)).toBe(true)
    expect(fitsInt32(binary('mul', clamped, constant(1.44)).scalar)).toBe(true)
    expect(fitsInt32(unknown.scalar)).toBe(false)
    expect(fitsInt32(binary('min', unknown, constant(89)).scalar)).toBe(false)
    expect(fitsInt32(binary('mul', clamped, constant(2 ** 30)).scalar)).toBe(false)
    expect(fitsInt32(constant(2 ** 31).scalar)).toBe(false)
  })
})
