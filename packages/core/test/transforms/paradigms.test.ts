import { expect, test } from 'vitest'
import {
  jit,
  leaves,
  random,
  referenceBackend,
  type Tensor,
  tensor,
  trace,
  withBackend,
} from '../../src/index.ts'
import { evaluateGraph } from '../../src/trace/graph.ts'
import { type Mlp, type Training, trainingOf, trainingStep } from '../models.ts'

const keys = random.split(random.key(3), 3)
const params = (dtype: 'float32' | 'float64'): Mlp => ({
  first: {
    weight: random.normal(keys[0]!, [20, 16], { dtype, deviation: 0.3 }),
    bias: random.normal(keys[2]!, [16], { dtype, deviation: 0.1 }),
  },
  second: {
    weight: random.normal(keys[1]!, [16, 10], { dtype, deviation: 0.3 }),
    bias: random.normal(keys[2]!, [10], { dtype, deviation: 0.1 }),
  },
})

const bits = (tree: unknown) => (leaves(tree) as Tensor[]).map((x) => Array.from(x.data()))

for (const backend of [undefined, referenceBackend()]) {
  const name = backend?.name ?? 'default'
  const run = <T>(f: () => T): T => (backend === undefined ? f() : withBackend(backend, f))

  test.each(['float32', 'float64'] as const)(
    `three training steps are the same bits eagerly, traced and compiled: %s, ${name} backend`,
    (dtype) =>
      run(() => {
        const x = random.normal(random.key(9), [32, 20], { dtype })
        const labels = tensor(Int32Array.from({ length: 32 }, (_, i) => (7 * i) % 10))
        const traced = (state: Training): readonly [Training, Tensor] => {
          const { graph, captured, inputs, output } = trace(trainingStep)(state, x, labels)
          return output.build(evaluateGraph(graph, [...captured, ...inputs])) as never
        }
        const compiled = jit(trainingStep)
        const states = [trainingStep, traced, (s: Training) => compiled(s, x, labels)].map(
          (step) => {
            let state = trainingOf(params(dtype))
            const losses: Tensor[] = []
            for (let i = 0; i < 3; i++) {
              const [next, loss] = step(state, x, labels)
              state = next
              losses.push(loss)
            }
            return bits([state, losses])
          },
        )
        expect(states[1]).toEqual(states[0])
        expect(states[2]).toEqual(states[0])
      }),
  )
}
