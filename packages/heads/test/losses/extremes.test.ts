import { grad, log, type Tensor, tensor, zeros } from '@rootstock/core'
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  boxGiouLoss,
  cosineEmbeddingLoss,
  crossEntropy,
  ctcLoss,
  focalLoss,
  kullbackLeibler,
  logCoshLoss,
  logisticLoss,
  quantileLoss,
  sigmoidFocalLoss,
  softCrossEntropy,
  squaredError,
} from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

const one = (value: number): Tensor => tensor([value])
const labels = (...codes: number[]): Tensor => tensor(Int32Array.from(codes))

describe('losses at extremes', () => {
  it('keep all digits of a tiny loss of a confident right answer', () => {
    const tiny = Math.exp(-20)
    const losses = [
      binaryCrossEntropyWithLogits(one(20), one(1)),
      binaryCrossEntropyWithLogits(one(-20), one(0)),
      logisticLoss(one(20), one(1)),
    ]
    for (const loss of losses) expect(loss.item() / tiny).toBeCloseTo(1, 6)
    const focal = focalLoss(tensor([[20, 0]]), labels(0), { gamma: 1 })
    expect(focal.item() / tiny ** 2).toBeCloseTo(1, 5)
    expect(logCoshLoss(one(1e-4), one(0)).item() / 5e-9).toBeCloseTo(1, 5)
  })

  it('grow in a line where the answer is wrong without bounds', () => {
    expect(binaryCrossEntropyWithLogits(one(-1e4), one(1)).item()).toBe(1e4)
    expect(crossEntropy(tensor([[0, 1e4]]), labels(0)).item()).toBe(1e4)
    expect(focalLoss(tensor([[0, 1e4]]), labels(0)).item()).toBe(1e4)
    expect(sigmoidFocalLoss(one(-1e4), one(1), { alpha: null }).item()).toBe(1e4)
    expect(grad((x: Tensor) => logisticLoss(x, one(1)))(one(-1e4)).item()).toBe(-1)
  })

  it('are finite with a finite gradient where a probability is 0 or 1', () => {
    const slope = grad((p: Tensor) => binaryCrossEntropy(p, tensor([0, 1, 0, 1])))
    expect(slope(tensor([0, 1, 1, 0])).toArray()).toEqual([0.25, -0.25, 0, 0])
    const target = tensor([[1, 0]])
    const impossible = log(tensor([[1, 0]]))
    expect(kullbackLeibler(impossible, target).item()).toBe(0)
    expect(softCrossEntropy(tensor([[0, Number.NEGATIVE_INFINITY]]), target).item()).toBe(0)
  })

  it('have a gradient of 0 at rows and boxes of no size', () => {
    const cosine = grad((x: Tensor) => cosineEmbeddingLoss(x, tensor([[1, 0]]), one(1)))
    expect(
      cosine(zeros([1, 2]))
        .data()
        .every(Number.isFinite),
    ).toBe(true)
    const box = grad((x: Tensor) => boxGiouLoss(x, zeros([1, 4])))
    expect(
      box(zeros([1, 4]))
        .data()
        .every(Number.isFinite),
    ).toBe(true)
  })

  it('say that no alignment fits, and give it no gradient', () => {
    const lengths = { inputs: labels(2), targets: labels(2) }
    // two equal labels need a blank between them
    const loss = (x: Tensor) => ctcLoss(x, tensor([[1, 1]], { dtype: 'int32' }), lengths)
    expect(loss(zeros([2, 1, 3])).item()).toBe(Number.POSITIVE_INFINITY)
    expect(
      grad(loss)(zeros([2, 1, 3]))
        .data()
        .every((value) => Math.abs(value) === 0),
    ).toBe(true)
  })
})

describe('mistakes', () => {
  it('never broadcast outputs against targets', () => {
    expect(() => squaredError(zeros([3, 1]), zeros([3]))).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in squaredError
        outputs  float32[3, 1]
        targets  float32[3]
        rule     outputs, targets must have the same shape]
    `)
  })

  it('name the mask that does not fit', () => {
    const mask = tensor([true, false])
    expect(() =>
      squaredError(zeros([3]), zeros([3]), { mask }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in squaredError
        mask    bool[2]
        losses  float32[3]
        rule    the axes of mask must be the first axes of the losses]
    `)
  })

  it('name labels that do not fit the classes', () => {
    expect(() => crossEntropy(zeros([3, 2]), labels(0, 1))).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in crossEntropy
        outputs  float32[3, 2]
        labels   int32[2]
        rule     outputs must have the axes of labels and one of classes]
    `)
  })

  it('name labels that are no codes', () => {
    expect(() => focalLoss(zeros([2, 2]), zeros([2]))).toThrowErrorMatchingInlineSnapshot(`
      [DTypeError: DTypeError in focalLoss
        outputs  float32[2, 2]
        labels   float32[2]
        rule     labels must be int32 codes of classes, not float32]
    `)
  })

  it('name options out of range and class weights of another number', () => {
    const options = { quantile: 1.5 }
    expect(() => quantileLoss(zeros([2]), zeros([2]), options)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in quantileLoss
        quantile  1.5
        rule      quantile must be between 0 and 1]
    `)
    const classWeights = zeros([3])
    expect(() =>
      crossEntropy(zeros([1, 2]), labels(0), { classWeights }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in crossEntropy
        outputs        float32[1, 2]
        class weights  float32[3]
        rule           there must be one class weight for each class]
    `)
  })

  it('name a reduction that is none', () => {
    const reduction = 'average' as 'mean'
    expect(() =>
      squaredError(zeros([2]), zeros([2]), { reduction }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in squaredError
        reduction  average
        rule       reduction must be one of mean, weightedMean, sum, none]
    `)
  })

  it('name the lengths of sequences', () => {
    const lengths = { inputs: labels(2, 2), targets: labels(1) }
    expect(() =>
      ctcLoss(zeros([2, 1, 3]), tensor([[1]], { dtype: 'int32' }), lengths),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in ctcLoss
        logits          float32[2, 1, 3]
        targets         int32[1, 1]
        input lengths   int32[2]
        target lengths  int32[1]
        rule            logits must be [steps, rows, classes], targets [rows, labels] and both lengths [rows]]
    `)
  })
})

describe('class weights and labels of none', () => {
  it('divide by the weights of the labels that count', () => {
    const logits = tensor([
      [0, 0],
      [0, 0],
      [9, 9],
    ])
    const options = { classWeights: tensor([1, 3]), ignore: -1 }
    const loss = crossEntropy(logits, labels(0, 1, -1), options)
    expect(loss.item()).toBeCloseTo(Math.LN2, 6)
    const each = crossEntropy(logits, labels(0, 1, -1), { ...options, reduction: 'none' })
    expect(each.data()[1]! / each.data()[0]!).toBeCloseTo(3, 6)
    expect(each.data()[2]).toBe(0)
  })

  it('take masks of rows for labels of more axes', () => {
    const mask = tensor([true, false])
    const codes = tensor(
      [
        [0, -1],
        [1, 1],
      ],
      { dtype: 'int32' },
    )
    const loss = crossEntropy(zeros([2, 2, 4]), codes, { mask, ignore: -1 })
    expect(loss.item()).toBeCloseTo(Math.log(4), 6)
  })
})
