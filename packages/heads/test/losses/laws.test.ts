import {
  grad,
  isFinite as isFiniteTensor,
  jit,
  mul,
  sum,
  type Tensor,
  take,
  tensor,
  where,
} from '@rootstock/core'
import type { LossOptions } from '@rootstock/heads'
import { describe, expect, it } from 'vitest'
import { everyLoss, type Sample } from './everyLoss.ts'

const rows = 4
const kept = tensor(Int32Array.of(0, 2))
const mask = tensor([true, false, true, false])

const isFloat = ({ dtype }: Tensor): boolean => dtype.startsWith('float')

/** Gradients to every floating input; targets are constants, so that theirs are 0. */
const gradients = ({ loss }: Sample, inputs: readonly Tensor[], options: LossOptions): Tensor[] => {
  const moving = inputs.filter(isFloat)
  const value = (given: readonly Tensor[]): Tensor => {
    const queue = [...given]
    return loss(
      inputs.map((x) => (isFloat(x) ? queue.shift()! : x)),
      options,
    )
  }
  return grad(value)(moving) as Tensor[]
}

const expectClose = (actual: Tensor, expected: Tensor): void => {
  expect(actual.shape).toEqual(expected.shape)
  const found = actual.data()
  expected.data().forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, 10)
  })
}

/** Rows that the mask hides become NaN, or a label out of range. */
const spoil = (x: Tensor): Tensor => {
  const hidden = tensor([true, false, true, false]).reshape([
    rows,
    ...x.shape.slice(1).map(() => 1),
  ])
  return where(hidden, x, isFloat(x) ? Number.NaN : 99)
}

describe.each(Object.entries(everyLoss))('%s', (_, sample) => {
  const inputs = sample.inputs(rows)
  const each = sample.loss(inputs, { reduction: 'none' })

  it('has a finite loss for each row, and its mean and sum', () => {
    expect(each.shape[0]).toBe(rows)
    expect(isFiniteTensor(each).data().every(Boolean)).toBe(true)
    const total = sum(each).item()
    // the mean of a transcript is over its labels
    expect(sample.loss(inputs, { reduction: 'sum' }).item()).toBeCloseTo(total, 10)
    expect(sample.loss(inputs, {}).shape).toEqual([])
    expect(sample.loss(inputs, {}).item()).toBe(sample.loss(inputs, { reduction: 'mean' }).item())
  })

  it('weighs rows', () => {
    const weights = tensor(Float64Array.of(2, 0, 0.5, 1))
    const spread = weights.reshape([rows, ...each.shape.slice(1).map(() => 1)])
    const weighted = sample.loss(inputs, { reduction: 'none', weights })
    expectClose(weighted, mul(each, spread))
    expectClose(sample.loss(inputs, { reduction: 'sum', weights }), sum(weighted))
    const even = {
      reduction: 'weightedMean',
      weights: tensor(Float64Array.of(3, 3, 3, 3)),
    } as const
    expectClose(sample.loss(inputs, even), sample.loss(inputs, {}))
  })

  it('lets masked rows have no influence, not even as NaN', () => {
    const spoiled = inputs.map(spoil)
    const found = gradients(sample, spoiled, { mask })
    const part = inputs.map((x) => take(x, kept))
    expectClose(sample.loss(spoiled, { mask }), sample.loss(part, {}))
    const alone = gradients(sample, part, {})
    found.forEach((gradient, i) => {
      expectClose(take(gradient, kept), alone[i]!)
      const hidden = take(gradient, tensor(Int32Array.of(1, 3)))
      expect(hidden.data().every((value) => value === 0)).toBe(true)
    })
  })

  it('is 0 with gradient 0 where everything is masked', () => {
    const none = { mask: tensor([false, false, false, false]) }
    expect(sample.loss(inputs, none).item()).toBeCloseTo(0, 15)
    for (const gradient of gradients(sample, inputs, none)) {
      expect(gradient.data().every((value) => Object.is(Math.abs(value), 0))).toBe(true)
    }
  })

  it('treats rows alike, whatever their order', () => {
    const order = tensor(Int32Array.of(2, 0, 3, 1))
    const moved = sample.loss(
      inputs.map((x) => take(x, order)),
      { reduction: 'none' },
    )
    expectClose(moved, take(each, order))
  })

  it('is the loss of each row alone, unless rows look at each other', () => {
    const last = tensor(Int32Array.of(rows - 1))
    const alone = sample.loss(
      inputs.map((x) => take(x, last)),
      { reduction: 'none' },
    )
    const isAlike = Math.abs(sum(alone.sub(take(each, last))).item()) < 1e-10
    expect(isAlike).toBe(sample.isTogether !== true)
  })

  it('has the same bits compiled', () => {
    const compiled = jit((given: readonly Tensor[]) => sample.loss(given, { mask }))
    expect(compiled(inputs).item()).toBe(sample.loss(inputs, { mask }).item())
  })
})
