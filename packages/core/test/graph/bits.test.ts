import fc from 'fast-check'
import { expect, test } from 'vitest'
import { passes } from '../../src/graph/optimize.ts'
import {
  type Graph,
  grad,
  jit,
  lower,
  mean,
  placeholder,
  random,
  referenceBackend,
  type Tensor,
  trace,
  verify,
  verifyProgram,
  withBackend,
} from '../../src/index.ts'
import { evaluateGraph } from '../../src/trace/graph.ts'
import { instructions, run } from './randomFunction.ts'

const backend = referenceBackend()
const inputs = [
  random.normal(random.key(1), [3, 4]),
  random.normal(random.key(2), [4]),
  random.normal(random.key(3), [2, 1, 4]),
]

/** Elements, with all NaNs alike. */
const bits = (tensors: readonly Tensor[]): string[] =>
  tensors.map(
    (x) =>
      `${x.shape.join()}: ${Array.from(x.data(), (v) => (Object.is(v, -0) ? '-0' : v)).join()}`,
  )

const options = { numRuns: 100, seed: 7 } as const

test('every pass keeps the bits of a random graph and leaves it well formed', () => {
  fc.assert(
    fc.property(instructions(20), (program) => {
      withBackend(backend, () => {
        let graph: Graph = trace(run(program))(...inputs.map((x) => placeholder(x.shape))).graph
        const wanted = bits(evaluateGraph(graph, inputs))
        for (const pass of passes) {
          graph = pass(graph)
          verify(graph)
          expect(bits(evaluateGraph(graph, inputs))).toEqual(wanted)
        }
      })
    }),
    options,
  )
})

test('a random function has the same bits eagerly and compiled, where its loops are fused', () => {
  fc.assert(
    fc.property(instructions(30), (program) => {
      withBackend(backend, () => {
        const f = run(program)
        verifyProgram(lower(trace(f)(...inputs).graph))
        expect(bits(jit(f)(...inputs))).toEqual(bits(f(...inputs)))
      })
    }),
    options,
  )
})

test('so has its gradient', () => {
  fc.assert(
    fc.property(instructions(12), (program) => {
      withBackend(backend, () => {
        const loss = (...xs: readonly Tensor[]) =>
          run(program)(...xs)
            .map((x) => mean(x))
            .reduce((a, b) => a.add(b))
        const gradient = grad(loss, { argument: [0, 1, 2] })
        verifyProgram(lower(trace(gradient)(...inputs).graph))
        expect(bits([...jit(gradient)(...inputs)])).toEqual(bits([...gradient(...inputs)]))
      })
    }),
    options,
  )
})
