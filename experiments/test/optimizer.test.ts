import { grad, ones, square, sum, tensor } from '@rootstock/core'
import { expect, test } from 'vitest'
import { cosineRate, optimizerOf } from '../src/optimizer.ts'

const rateAt = (peak: number, steps: number, step: number): number => {
  const rate = cosineRate(peak, steps)
  return typeof rate === 'number' ? rate : rate(tensor(step, { dtype: 'int32' })).item()
}

test('a cosine falls from its peak through half of it to 0 and stays there', () => {
  expect([0, 5, 10, 20].map((step) => rateAt(0.2, 10, step))).toEqual([
    expect.closeTo(0.2, 6),
    expect.closeTo(0.1, 6),
    expect.closeTo(0, 6),
    expect.closeTo(0, 6),
  ])
})

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

test('a cosine reaches the optimiser', () => {
  const first = afterOne({ kind: 'sgd', learningRate: 0.1, weightDecay: 0, schedule: 'cosine' })
  expect(first.weight).toBeCloseTo(-0.4, 4)
})
