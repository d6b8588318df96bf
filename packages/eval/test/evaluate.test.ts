import { random, type Tensor, tensor } from '@rootstock/core'
import { evaluate, scoreClassification, scoreRegression } from '@rootstock/eval'
import {
  boxes,
  classification,
  evaluation,
  type Head,
  type Heads,
  type Labels,
  type LinearHeadParams,
  mlp,
  multitask,
  regression,
} from '@rootstock/heads'
import { describe, expect, test } from 'vitest'
import { menu } from './menu.ts'

const { train, test: unseen } = menu()
const { price: prices } = train.targets
if (prices.kind !== 'regression') throw new Error('prices must be numbers')
const trunk = mlp({ in: train.width, hidden: [8] })
const model = multitask(trunk, {
  kind: classification({ classes: ['bar', 'diner', 'palace'] }),
  price: regression({ mean: prices.mean, deviation: prices.deviation }),
})
const params = model.init(random.key(3))

const present = (labels: Labels) => [...labels.mask.keys()].filter((row) => labels.mask[row] === 1)

describe('evaluate', () => {
  test('scores the predictions of labelled rows, each task by its own metrics', () => {
    const { rows, width, inputs, targets } = unseen
    const predicted = model.apply(
      params,
      tensor(inputs.slice(), { shape: [rows, width] }),
      evaluation,
    )
    const scores = evaluate(model, params, unseen, { batchSize: 7 })
    const { kind, price } = targets
    const kindRows = present(kind)
    const probabilities = predicted.kind.probabilities.toArray() as number[][]
    expect(scores.kind).toEqual(
      scoreClassification(
        kindRows.map((row) => kind.values[row]!),
        kindRows.flatMap((row) => probabilities[row]!),
        { classes: 3 },
      ),
    )
    const priceRows = present(price)
    const dollars = predicted.price.toArray() as number[]
    const byHand = scoreRegression(
      priceRows.map((row) => price.values[row]! * prices.deviation + prices.mean),
      priceRows.map((row) => dollars[row]!),
    )
    expect(scores.price).toEqual(byHand)
    // dollars, not deviations: an untrained model is off by about the spread of prices
    expect(byHand.rmse).toBeGreaterThan(5)
  })

  test('scores boxes by their overlap', () => {
    const values = Float32Array.of(0, 0, 0.5, 1, 0.25, 0.25, 0.5, 0.5, Number.NaN, 0, 0, 0)
    const box = { values, mask: Uint8Array.of(1, 1, 0), width: 4 }
    const data = { rows: 3, width: 1, inputs: new Float32Array(3), targets: { box } }
    const finder = multitask(mlp({ in: 1, hidden: [2] }), { box: boxes() })
    const start = finder.init(random.key(1))
    // biases of 0 make the middle half of the image the box of an input of 0
    expect(finder.apply(start, tensor([[0]]), evaluation).box.toArray()).toEqual([
      [0.25, 0.25, 0.75, 0.75],
    ])
    const shared = 0.25 * 0.5
    const iou = (shared / (0.5 + 0.25 - shared) + 0.25) / 2
    expect(evaluate(finder, start, data, { batchSize: 2 }).box.iou).toBeCloseTo(iou, 6)
  })

  test('is NaN for a task without any label', () => {
    const { kind, price } = unseen.targets
    const blind = {
      ...unseen,
      targets: { kind, price: { ...price, mask: new Uint8Array(unseen.rows) } },
    }
    const scores = evaluate(model, params, blind)
    expect(scores.price).toEqual({ rmse: Number.NaN, mae: Number.NaN, r2: Number.NaN })
    expect(scores.kind).toEqual(evaluate(model, params, unseen).kind)
  })

  test('refuses labels that the heads were not made for', () => {
    const scored = (heads: Heads) => {
      const other = multitask(trunk, heads)
      return evaluate(other, other.init(random.key(0)), unseen)
    }
    expect(() => scored({ price: regression() })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in evaluate
        task       price
        mean       0
        deviation  1
        rule       a regression head must undo the standardisation of its labels
        hint       regression({ mean: 40.852488995644535, deviation: 17.139064989598907 })]
    `)
    expect(() => scored({ kind: regression() })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in evaluate
        task    kind
        head    regression
        labels  classification
        rule    a head must be of the kind of its labels
        hint    headsOf(data.targets) makes heads that fit]
    `)
    expect(() =>
      scored({ kind: classification({ classes: ['palace', 'diner', 'bar'] }) }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in evaluate
        task                   kind
        classes of the head    [palace, diner, bar]
        classes of the labels  [bar, diner, palace]
        rule                   the classes of a head must be those of its labels, in their order
        hint                   headsOf(data.targets) makes heads that fit]
    `)
    expect(() => scored({ stars: regression() })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in evaluate
        task     stars
        targets  [kind, price]
        rule     the data must hold targets for every task of the model]
    `)
    const odd: Head<'ranking', LinearHeadParams, Tensor> = { ...regression(), kind: 'ranking' }
    expect(() => scored({ price: odd })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in evaluate
        task  price
        kind  ranking
        rule  scores are known for classification, regression and boxes heads]
    `)
    expect(() =>
      evaluate(model, params, { ...unseen, width: 3 }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in evaluate
        trunk.in    6
        data.width  3
        rule        rows must be as wide as the input of the trunk]
    `)
  })
})
