/** A law that cannot fail proves nothing: each one must notice a record that is deliberately wrong. */
import {
  customVjp,
  mul,
  referenceBackend,
  setBackend,
  stopGradient,
  type Tensor,
} from '@rootstock/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { sample, samplesOf, spread } from '../../src/conformance/samples/sample.ts'
import * as s from '../../src/loop/scalar.ts'
import { fullOf, reduceSumPrimitive } from '../../src/primitives/broadcast.ts'
import { customPrimitive } from '../../src/primitives/custom.ts'
import { type Derivative, define, type Primitive } from '../../src/primitives/define.ts'
import { add, exp, expPrimitive, negPrimitive } from '../../src/primitives/elementwise.ts'
import { gatherPrimitive } from '../../src/primitives/index.ts'
import { reducePrimitive } from '../../src/primitives/reduction.ts'
import { bind1 } from '../../src/trace/interpreter.ts'
import { lawsOf } from './laws.ts'

beforeAll(() => {
  setBackend(referenceBackend())
})

/** Names of the laws that a sample breaks. */
const broken = (point: ReturnType<typeof sample>, derivative: Derivative<never>): string[] =>
  lawsOf(point, derivative).flatMap(({ name, check }) => {
    try {
      check()
      return []
    } catch {
      return [name]
    }
  })

const brokenBy = <P>(primitive: Primitive<P>, params: P): string[] =>
  broken(
    samplesOf(primitive)('a wrong record', [spread([2, 3], 1)], params),
    (primitive as Primitive).derivative,
  )

let count = 0

/** A record with some entries exchanged; its name is new, since programs are kept by name. */
const changed = <P>(primitive: Primitive<P>, entries: Partial<Primitive<P>>): Primitive<P> =>
  define<P>({ ...primitive, ...entries, name: `wrong ${count++}` })

/** The exponential with another derivative. */
const withDerivative = (derivative: Derivative<null>): Primitive<null> =>
  changed(expPrimitive, { derivative })

describe('a wrong shape rule is noticed', () => {
  it('when the loops give another shape', () => {
    const wrong = changed(reduceSumPrimitive, {
      shape: ([x]) => [{ shape: [x!.shape[1]!], dtype: x!.dtype }],
    })
    expect(brokenBy(wrong, { axes: [1] })).toContain('shape')
  })

  it('when the loops leave elements unwritten', () => {
    const wrong = changed(gatherPrimitive, {
      shape: ([x]) => [{ shape: x!.shape.with(0, 5), dtype: x!.dtype }],
      lower: { kind: 'loops', build: () => [] },
    })
    expect(brokenBy(wrong, null)).toContain('shape')
  })

  it('when the scalar has another dtype', () => {
    const wrong = changed(negPrimitive, {
      lower: { kind: 'map', scalar: ([x]) => s.eq(x!, x!) },
    })
    expect(brokenBy(wrong, null)).toContain('shape')
  })
})

describe('a wrong derivative is noticed', () => {
  it('when it is off by a hundredth of a per cent', () => {
    const wrong = withDerivative({
      kind: 'smooth',
      partials: [(t, _, [y]) => mul(t, mul(y!, 1.0001))],
    })
    expect(brokenBy(wrong, null)).toContain('tangents in 0')
  })

  it('when only the second one is wrong', () => {
    const wrong = withDerivative({
      kind: 'smooth',
      partials: [(t, _, [y]) => mul(t, stopGradient(y!))],
    })
    const found = brokenBy(wrong, null)
    expect(found).not.toContain('tangents in 0')
    expect(found).toContain('tangents of the forward derivative in 0')
    expect(found).toContain('tangents of the reverse derivative in 0')
  })

  it('when what moves is called constant', () => {
    const wrong = changed(reducePrimitive, {
      derivative: { kind: 'constant', because: 'it is wrong' },
    })
    expect(brokenBy(wrong, { op: 'mul', axes: [1] })).toContain('tangents in 0')
  })

  it('when the transpose of a linear operation is another one', () => {
    const wrong = changed(negPrimitive, {
      derivative: { kind: 'linear', transpose: ([ct]) => [ct!] },
    })
    const found = brokenBy(wrong, null)
    expect(found).not.toContain('tangents in 0')
    expect(found).toContain('adjoint in 0')
  })

  it('when a cotangent has the shape of the output instead of the input', () => {
    const wrong = changed(reduceSumPrimitive, {
      derivative: { kind: 'linear', transpose: ([ct]) => [ct!] },
    })
    expect(brokenBy(wrong, { axes: [1] })).toContain('adjoint in 0')
  })

  it('when what is called linear is not', () => {
    const wrong = withDerivative({ kind: 'linear', transpose: ([ct]) => [ct!] })
    expect(brokenBy(wrong, null)).toContain('linear in 0')
  })

  it('when a reverse rule written by hand is wrong', () => {
    const rule = customVjp((x: Tensor) => exp(x), {
      forward: (x) => [exp(x), null],
      backward: (_: null, ct: Tensor): [Tensor] => [ct],
    })
    const wrong = sample('wrong', [spread([2], 1)], ([x]) => [rule(x!)], { forward: false })
    expect(broken(wrong, customPrimitive.derivative)).toContain('cotangents in 0')
  })
})

describe('a wrong way of running is noticed', () => {
  it('when batching mixes the examples', () => {
    const wrong = changed(reduceSumPrimitive, {
      batch: ([x]) => [bind1(reduceSumPrimitive, [x!], { axes: [2] })],
    })
    expect(brokenBy(wrong, { axes: [0] })).toContain('batch of 0')
  })

  it('when compiled and eager runs differ', () => {
    let calls = 0
    const wrong = sample('wrong', [spread([2], 1)], ([x]) => [add(x!, fullOf(x!, ++calls))])
    expect(broken(wrong, negPrimitive.derivative)).toContain('modes')
  })

  it('when float32 computes something else', () => {
    const wrong = sample('wrong', [spread([2], 1)], ([x]) => [
      mul(x!, x!.dtype === 'float32' ? 1.001 : 1),
    ])
    expect(broken(wrong, negPrimitive.derivative)).toContain('float32 as float64')
  })
})

it('a right record breaks no law', () => {
  expect(brokenBy(expPrimitive, null)).toEqual([])
})
