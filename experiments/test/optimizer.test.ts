import { grad, ones, square, sum } from '@rootstock/core'
import { expect, test } from 'vitest'
import { optimizerOf } from '../src/optimizer.ts'

const afterOne = (config: Parameters<typeof optimizerOf>[0]) => {
  const optimizer = optimizerOf(config, 10)
  const params = { dense: { weight: ones([1]), bias: ones([1]) } }
  const loss = ({ dense }: typeof params) => sum(square(dense.weight.add(dense.bias)))
  const [updates] = optimizer.update(grad(loss)(params), optimizer.init(params), params)
  return { weight: updates.dense.weight.item(), bias: updates.dense.bias.item() }
}

test('the first step of Adam has the size of the learning rate', () => {
  const { weight, bias } = afterOne({ kind: 'adam', learningRate: 0.1, weightDecay: 0 })
  expect(weight).toBeCloseTo(-0.1, 5)
  expect(bias).toBeCloseTo(-0.1, 5)
})

test('decay pulls weights and leaves biases alone', () => {
  const decoupled = afterOne({ kind: 'adamW', learningRate: 0.1, weightDecay: 0.5 })
  expect(decoupled.weight).toBeCloseTo(-0.15, 5)
  expect(decoupled.bias).toBeCloseTo(-0.1, 5)
  const penalty = afterOne({ kind: 'sgd', learningRate: 0.1, weightDecay: 0.5 })
  expect(penalty.weight - penalty.bias).toBeCloseTo(-0.05, 5)
})

test('a clip limits the norm of the gradient before anything else', () => {
  const { weight, bias } = afterOne({ kind: 'sgd', learningRate: 1, weightDecay: 0, clip: 0.5 })
  expect(Math.hypot(weight, bias)).toBeCloseTo(0.5, 4)
})

test('a cosine takes the rate from its peak to nothing over the steps of the run', () => {
  const optimizer = optimizerOf(
    { kind: 'sgd', learningRate: 0.1, weightDecay: 0, schedule: 'cosine' },
    4,
  )
  const params = ones([1])
  let state: unknown = optimizer.init(params)
  const updates = Array.from({ length: 5 }, () => {
    const [update, next] = optimizer.update(params, state, params)
    state = next
    return update.item()
  })
  expect(updates[0]).toBeCloseTo(-0.1, 5)
  expect(updates[2]).toBeCloseTo(-0.05, 5)
  expect(updates[4]).toBeCloseTo(0, 5)
})
