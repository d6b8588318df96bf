import { grad, ones, random, type Tensor, tensor } from '@rootstock/core'
import { classification, evaluation, maskedMean, regression } from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

const none = tensor([false, false, false])
const some = tensor([true, false, true])
const codes = tensor(Int32Array.of(0, -7, 2))

describe('classification', () => {
  const head = classification({ classes: ['a', 'b', 'c'] })
  const logits = tensor([
    [2, 0, 0],
    [Number.NaN, 1, 1],
    [0, 0, 5],
  ])

  it('predicts probabilities and carries the names of the classes', () => {
    const predicted = head.predict(tensor([[0, 0, Math.log(2)]]))
    expect(predicted.classes).toEqual(['a', 'b', 'c'])
    const [row] = predicted.probabilities.toArray() as number[][]
    expect(row![2]).toBeCloseTo(0.5, 6)
  })

  it('has the loss of the labelled rows only', () => {
    const masked = head.loss(logits, { values: codes, mask: some }).item()
    const rows = tensor([
      [2, 0, 0],
      [0, 0, 5],
    ])
    const alone = head.loss(rows, {
      values: tensor(Int32Array.of(0, 2)),
      mask: tensor([true, true]),
    })
    expect(masked).toBe(alone.item())
    const byHand = (Math.log(Math.exp(2) + 2) - 2 + (Math.log(Math.exp(5) + 2) - 5)) / 2
    expect(masked).toBeCloseTo(byHand, 6)
  })

  it('gives an unlabelled row no gradient', () => {
    const rows = tensor([
      [2, 0, 0],
      [1, 1, 1],
      [0, 0, 5],
    ])
    const gradient = grad((x: Tensor) => head.loss(x, { values: codes, mask: some }))(rows)
    const [first, second] = gradient.toArray() as number[][]
    expect(second).toEqual([0, 0, 0])
    expect(first!.every((value) => value !== 0)).toBe(true)
  })

  it('is exactly 0, and so is its gradient, when no row is labelled', () => {
    const loss = (x: Tensor) => head.loss(x, { values: codes, mask: none })
    expect(loss(logits).item()).toBe(0)
    const rows = tensor([
      [2, 0, 0],
      [1, 1, 1],
      [0, 0, 5],
    ])
    expect([...grad(loss)(rows).data()].every((value) => value === 0)).toBe(true)
  })

  it('stays finite for extreme logits', () => {
    const loss = head.loss(tensor([[1e4, -1e4, 0]]), {
      values: tensor(Int32Array.of(1)),
      mask: tensor([true]),
    })
    expect(loss.item()).toBe(2e4)
  })

  it('needs two different classes', () => {
    expect(() => classification({ classes: ['a', 'a'] })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in classification
        classes  [a, a]
        rule     classes must be at least two different names]
    `)
  })
})

describe('regression', () => {
  it('has the mean squared error of the labelled rows, and predicts in original units', () => {
    const head = regression({ mean: 100, deviation: 10 })
    const target = { values: tensor([1, Number.NaN, -1]), mask: some }
    expect(head.loss(tensor([0, 5, 1]), target).item()).toBeCloseTo((1 + 4) / 2, 6)
    expect(head.predict(tensor([0.5])).toArray()).toEqual([105])
  })

  it('is exactly 0, and so is its gradient, when no row is labelled', () => {
    const head = regression()
    const target = { values: tensor([1, Number.NaN, 3]), mask: none }
    const gradient = grad((x: Tensor) => head.loss(x, target))(tensor([1, 2, 3]))
    expect(head.loss(tensor([1, 2, 3]), target).item()).toBe(0)
    expect([...gradient.data()].every((value) => value === 0)).toBe(true)
  })

  it('predicts one number for each row', () => {
    const head = regression()
    const outputs = head.outputs(head.init(random.key(0), 4), ones([3, 4]), evaluation)
    expect(outputs.shape).toEqual([3])
  })

  it('refuses a deviation that is not positive', () => {
    expect(() => regression({ deviation: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in regression
        mean       0
        deviation  0
        rule       mean must be finite and deviation finite and greater than 0]
    `)
  })
})

describe('maskedMean', () => {
  it('averages the rows whose mask is true', () => {
    expect(maskedMean(tensor([1, Number.NaN, 3]), some).item()).toBe(2)
    expect(maskedMean(tensor([1, 2, 3]), none).item()).toBe(0)
  })
})
