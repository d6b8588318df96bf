import { expect, test } from 'vitest'
import { passes } from '../../src/graph/optimize.ts'
import {
  checkpoint,
  exp,
  type Graph,
  grad,
  jit,
  lower,
  matmul,
  placeholder,
  print,
  random,
  sum,
  type Tensor,
  tanh,
  trace,
  verify,
} from '../../src/index.ts'
import { models } from '../models.ts'

/** Every state of a graph on its way through the passes, verified. */
const throughPasses = (graph: Graph): Graph[] => {
  verify(graph)
  return passes.map((_, last) => {
    const result = passes.slice(0, last + 1).reduce((before, pass) => pass(before), graph)
    verify(result)
    return result
  })
}

test.each(Object.keys(models))('every pass leaves a well-formed graph of %s', (name) => {
  const { graph } = models[name]!()
  for (const after of throughPasses(graph)) {
    expect(after.inputs).toEqual(graph.inputs)
    expect(after.outputs.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
      graph.outputs.map(({ shape, dtype }) => ({ shape, dtype })),
    )
  }
})

test('passes are finished after one round', () => {
  const again = Object.entries(models).filter(([, model]) => {
    const once = throughPasses(model().graph).at(-1)!
    return print(throughPasses(once).at(-1)!) !== print(once)
  })
  expect(again.map(([name]) => name)).toEqual([])
})

const count = (graph: Graph, name: string): number =>
  graph.equations.filter(({ primitive }) => primitive.name === name).length

test('a checkpointed function is computed again, also when compiled', () => {
  const shape = placeholder([4])
  const twice = (x: Tensor) => sum(tanh(exp(x)))
  const plain = throughPasses(trace(grad(twice))(shape).graph).at(-1)!
  const kept = throughPasses(trace(grad((x: Tensor) => checkpoint(twice)(x)))(shape).graph).at(-1)!
  expect([count(plain, 'exp'), count(kept, 'exp')]).toEqual([1, 1])
  const both = (x: Tensor) => {
    const y = checkpoint(twice)(x)
    return y.mul(y)
  }
  const used = throughPasses(trace(grad(both))(shape).graph).at(-1)!
  expect(count(used, 'exp')).toBe(2)
})

type Block = (x: Tensor, weights: readonly Tensor[]) => Tensor

const block: Block = (x, weights) => weights.reduce((y, w) => tanh(matmul(y, w)), x)

/** Twelve blocks of three layers. */
const deep =
  (layers: Block) =>
  (weights: readonly (readonly Tensor[])[], x: Tensor): Tensor =>
    sum(weights.reduce(layers, x))

const draws = random
  .split(random.key(0), 36)
  .map((key) => random.normal(key, [8, 8], { deviation: 0.4 }))
const weights = Array.from({ length: 12 }, (_, i) => draws.slice(3 * i, 3 * i + 3))

test('checkpoints shrink the arena of a deep network and keep the bits of its gradient', () => {
  const x = random.normal(random.key(1), [64, 8])
  const bytes = (layers: Block) => lower(trace(grad(deep(layers)))(weights, x).graph).arenaBytes
  expect(bytes(checkpoint(block))).toBeLessThan(0.6 * bytes(block))
  const gradient = (layers: Block) =>
    jit(grad(deep(layers)))(weights, x).flatMap((each) => each.map((w) => w.data()))
  expect(gradient(checkpoint(block))).toEqual(gradient(block))
})
