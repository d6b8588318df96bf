import {
  add,
  exp,
  flip,
  gelu,
  grad,
  jit,
  logSoftmax,
  lower,
  max,
  mean,
  mul,
  placeholder,
  random,
  referenceBackend,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  trace,
  withBackend,
} from '@rootstock/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadsOf, storesOf } from '../../src/loop/access.ts'
import type { Step } from '../../src/loop/loop.ts'
import { verifyProgram } from '../../src/loop/verify.ts'

const programOf = (f: (x: Tensor) => Tensor, shape: readonly number[]) => {
  const program = lower(trace(f)(placeholder(shape)).graph)
  verifyProgram(program)
  return program
}

const namesOf = (steps: readonly Step[]): string[] =>
  steps.map((step) => (step.kind === 'kernel' ? step.kernel.name : step.kind))

const normalize = (x: Tensor): Tensor => {
  const centred = sub(x, mean(x, { axis: -1, keepDims: true }))
  const variance = mean(square(centred), { axis: -1, keepDims: true })
  return centred.div(sqrt(add(variance, 1e-5)))
}

const whole = (f: (x: Tensor) => Tensor) => grad((x: Tensor) => sum(mul(f(x), x)))

describe('row-wise kernels', () => {
  it('compute softmax, normalisation and their derivatives in one pass over the rows', () => {
    for (const f of [softmax, logSoftmax, normalize, whole(softmax), whole(normalize)]) {
      expect(programOf((x) => f(x), [64, 100]).steps).toHaveLength(1)
    }
    expect(namesOf(programOf((x) => softmax(x), [64, 100]).steps)).toMatchInlineSnapshot(`
      [
        "reduce_max_exp_reduce_add_mul",
      ]
    `)
  })

  it('keep whole rows only where the result goes', () => {
    // 256 bytes for each of the rows' maxima and sums; the exponentials lie in the output
    expect(programOf((x) => softmax(x), [64, 100]).arenaBytes).toBe(512)
  })

  it('are not made for few rows, short rows or sums over columns', () => {
    expect(programOf((x) => softmax(x), [4, 100]).steps.length).toBeGreaterThan(1)
    expect(programOf((x) => softmax(x), [64, 8]).steps.length).toBeGreaterThan(1)
    expect(programOf((x) => softmax(x, { axis: 0 }), [64, 100]).steps.length).toBeGreaterThan(1)
  })

  it('do not join what would read another row', () => {
    const shifted = (x: Tensor): Tensor => {
      const y = exp(x)
      const rows = sum(y, { axis: -1, keepDims: true })
      return sub(y.transpose(), rows.reshape([1, 64]))
    }
    const program = programOf(shifted, [64, 64])
    expect(program.steps.length).toBeGreaterThan(1)
  })
})

/** Sums what lies in a row against it, in the row's own order or in the other one. */
const against = (order: (y: Tensor) => Tensor) => (x: Tensor) => {
  const y = tanh(x)
  return mul(y, sum(mul(order(y), x), { axis: -1, keepDims: true }))
}

const backwards = against((y) => flip(y, [1]))

describe('a reduction of a row', () => {
  const storesIn = (f: (x: Tensor) => Tensor): number[] =>
    programOf(f, [64, 100]).steps.flatMap((step) =>
      step.kind === 'kernel'
        ? step.kernel.body.flatMap((row) =>
            row.kind === 'for'
              ? row.body.flatMap((x) => (x.kind === 'reduce' ? [storesOf(x.body).length] : []))
              : [],
          )
        : [],
    )

  it('happens in the loop that makes the row', () => {
    // the largest is found first; then exponentials are stored and summed
    expect(storesIn((x) => softmax(x))).toEqual([0, 1])
    expect(storesIn(against((y) => y))).toEqual([1])
  })

  it('waits for the whole row where it reads that in another order', () => {
    expect(storesIn(backwards)).toEqual([0])
  })
})

describe('a result that is one number everywhere', () => {
  it('is stored, and read by nobody', () => {
    const chain = (x: Tensor, y: Tensor, z: Tensor): Tensor =>
      sum(add(mul(gelu(x, { approximate: 'tanh' }), y), z))
    const gradient = grad(chain, { argument: [0, 1, 2] })
    const [x, y, z] = [1, 2, 3].map(() => placeholder([4096])) as [Tensor, Tensor, Tensor]
    const program = lower(trace(gradient)(x, y, z).graph)
    const constant = program.outputs[2]!
    const bodies = program.steps.flatMap((step) => (step.kind === 'kernel' ? step.kernel.body : []))
    expect(storesOf(bodies).filter(({ buffer }) => buffer === constant)).toHaveLength(1)
    expect(loadsOf(bodies).filter(({ buffer }) => buffer === constant)).toEqual([])
  })
})

type Piece = (x: Tensor) => Tensor

const pieces: readonly Piece[] = [
  (x) => sub(x, max(x, { axis: -1, keepDims: true })),
  (x) => sub(x, mean(x, { axis: -1, keepDims: true })),
  (x) => x.div(add(sum(square(x), { axis: -1, keepDims: true }), 1)),
  (x) => mul(x, sum(x, { axis: -1, keepDims: true })),
  (x) => tanh(x),
  (x) => add(x, mul(x, 0.5)),
  (x) => softmax(x),
  (x) => sub(x, sum(x, { axis: 0, keepDims: true })),
  (x) => x.reshape([32, 20]).transpose().reshape([20, 32]),
  backwards,
]

describe('fusion by rows and shared memory', () => {
  it('leave the bits of random row-wise functions and their gradients as they are eagerly', () => {
    const chain = fc.array(fc.nat(pieces.length - 1), { minLength: 2, maxLength: 7 })
    fc.assert(
      fc.property(chain, fc.nat(1000), (which, seed) => {
        withBackend(referenceBackend(), () => {
          const f = (x: Tensor): Tensor =>
            which.reduce((y, i) => add(pieces[i]!(y), mul(y, 0.25)), x)
          const x = random.normal(random.key(seed), [20, 32])
          const both = (y: Tensor): readonly Tensor[] => [f(y), whole(f)(y)]
          const eager = both(x).map((y) => y.data())
          const compiled = jit(both)(x).map((y) => y.data())
          expect(compiled).toEqual(eager)
          verifyProgram(lower(trace(both)(x).graph))
        })
      }),
      { numRuns: 25 },
    )
  })
})
