import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostStorage, type Program, readStorage } from '../../src/backend.ts'
import * as written from '../../src/conformance/programs.ts'
import type { TypedArray } from '../../src/dtype.ts'
import {
  adam,
  add,
  applyUpdates,
  cumSum,
  exp,
  grad,
  lower,
  matmul,
  mul,
  placeholder,
  random,
  referenceBackend,
  softmax,
  sub,
  sum,
  type Tensor,
  trace,
} from '../../src/index.ts'
import type { Address } from '../../src/loop/loop.ts'
import * as s from '../../src/loop/scalar.ts'
import { takeoversOf } from '../../src/loop/takeover.ts'
import { instructions, run } from '../graph/randomFunction.ts'

const backend = referenceBackend()

const outputsOf = (program: Program, inputs: readonly TypedArray[]): TypedArray[] =>
  backend
    .compile(program)
    .run(
      inputs.map((x, i) => hostStorage(program.buffers[i]!.dtype, x)),
      inputs.map(() => false),
    )
    .map((cell) => readStorage(cell))

/** The program that keeps an input in the memory of an output from the start: right only if it may be overwritten. */
const overwriting = (program: Program, input: number, output: number): Program => {
  const from = program.buffers.findIndex(
    ({ place }) => place.kind === 'input' && place.position === input,
  )
  const to = program.outputs[output]!
  const names = new Set(['buffer', 'source', 'from', 'to', 'predicate'])
  const done = new Map<object, unknown>()
  const renamed = (x: unknown): unknown => {
    if (typeof x !== 'object' || x === null) return x
    const known = done.get(x)
    if (known !== undefined) return known
    const result = Array.isArray(x)
      ? x.map(renamed)
      : Object.fromEntries(
          Object.entries(x).map(([key, value]) => [
            key,
            names.has(key) && value === from ? to : renamed(value),
          ]),
        )
    done.set(x, result)
    return result
  }
  const steps = renamed(program.steps) as Program['steps']
  return { ...program, steps: [{ kind: 'copy', from, to }, ...steps] }
}

const programOf = (f: (...args: never[]) => unknown, ...shapes: readonly (readonly number[])[]) =>
  lower(trace(f as (...args: Tensor[]) => unknown)(...shapes.map((x) => placeholder(x))).graph)

describe('an input may be taken over', () => {
  it('by what is computed from it element by element, or after it was last read', () => {
    expect(takeoversOf(programOf((x: Tensor) => exp(x), [4, 5]))).toEqual([[0]])
    expect(takeoversOf(programOf((x: Tensor, y: Tensor) => add(mul(x, 2), y), [9], [9]))).toEqual([
      [0, 1],
    ])
    const later = (x: Tensor, y: Tensor) => matmul(matmul(x, y), y)
    expect(takeoversOf(programOf(later, [3, 3], [3, 3]))).toEqual([[0]])
  })

  it('not where other elements of it are read when the output is written, or later', () => {
    const turned = (x: Tensor) => add(x.transpose(), x)
    expect(takeoversOf(programOf(turned, [5, 5]))).toEqual([[]])
    expect(takeoversOf(programOf((x: Tensor) => matmul(x, x), [5, 5]))).toEqual([[]])
    expect(takeoversOf(programOf((x: Tensor) => cumSum(x, { axis: 0 }), [5]))).toEqual([[]])
    expect(takeoversOf(programOf((x: Tensor) => sub(x, sum(x)), [5]))).not.toEqual([[]])
    expect(takeoversOf(programOf((x: Tensor) => [exp(x), x.transpose()], [5, 5]))[0]).toEqual([])
    expect(takeoversOf(programOf((x: Tensor) => softmax(x), [40, 64]))).toEqual([[]])
  })

  it('not where an address differs only in its base, or in what data adds to it', () => {
    const copying = (from: Address, extent: number): Program => {
      const body = [written.store(1, written.along(0), s.load('float32', 0, from))]
      return written.programOf({
        inputs: [new Float32Array(9)],
        outputs: [{ dtype: 'float32', length: 9 }],
        steps: [written.kernel(written.loop(0, extent, body))],
      })
    }
    const named = { ...written.along(0), offset: s.constant('int32', 0) }
    expect(takeoversOf(copying(written.along(0), 9))).toEqual([[0]])
    expect(takeoversOf(copying(written.along(0, 1, 1), 8))).toEqual([[]])
    expect(takeoversOf(copying(named, 9))).toEqual([[]])
  })

  it('only by an output of its size and dtype', () => {
    expect(takeoversOf(programOf((x: Tensor) => sum(x), [5]))).toEqual([[]])
  })

  it('by every part of the state of a training step', () => {
    const optimizer = adam()
    const start = { w: random.normal(random.key(1), [6, 7]), b: random.normal(random.key(2), [7]) }
    const step = (p: typeof start, state: ReturnType<typeof optimizer.init>, x: Tensor) => {
      const loss = ({ w, b }: typeof start) => sum(add(matmul(x, w), b))
      const [updates, next] = optimizer.update(grad(loss)(p), state, p)
      return [applyUpdates(p, updates), next]
    }
    const { graph } = trace(step)(start, optimizer.init(start), placeholder([3, 6]))
    const program = lower(graph)
    expect(program.outputs.length).toBeGreaterThan(5)
    for (const inputs of takeoversOf(program)) expect(inputs).not.toEqual([])
  })
})

describe('taking over', () => {
  it('leaves the bits of random functions and their gradients', () => {
    let takeovers = 0
    fc.assert(
      fc.property(instructions(20), (program) => {
        const f = run(program)
        const shapes = [[3, 4], [4], [2, 1, 4]]
        const values = shapes.map((shape, i) => random.normal(random.key(i), shape))
        const lowered = lower(trace(f)(...values).graph)
        const inputs = values.map((x) => x.data())
        const wanted = outputsOf(lowered, inputs)
        takeoversOf(lowered).forEach((candidates, output) => {
          for (const input of candidates) {
            takeovers++
            expect(outputsOf(overwriting(lowered, input, output), inputs)).toEqual(wanted)
          }
        })
      }),
      { numRuns: 150, seed: 3 },
    )
    expect(takeovers).toBeGreaterThan(20)
  })
})
