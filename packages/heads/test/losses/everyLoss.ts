/** Every loss under one signature: a function of differentiated inputs and constants, whose first axis is that of the rows. */
import { concatenate, sigmoid, softmax, type Tensor, tensor, transpose } from '@rootstock/core'
import * as heads from '@rootstock/heads'

/** A loss with inputs of a given number of rows. */
export interface Sample {
  readonly loss: (inputs: readonly Tensor[], options: heads.LossOptions) => Tensor
  readonly inputs: (rows: number) => readonly Tensor[]
  /** Whether rows look at each other, so that a row does not have the loss it has alone. */
  readonly isTogether?: boolean
}

// values between -2 and 2 without a pattern that a mistake could hide in
const numbers = (rows: number, width: number, from: number): Tensor =>
  tensor(
    Float64Array.from({ length: rows * width }, (_, i) => 2 * Math.sin(from + 12.9898 * (i + 1))),
    { shape: [rows, width] },
  )
const column = (rows: number, from: number): Tensor => {
  const values = numbers(rows, 1, from).data()
  return tensor(Float64Array.from(values), { shape: [rows] })
}
const signs = (x: Tensor): Tensor =>
  tensor(
    Float64Array.from(x.data(), (value) => (value > 0 ? 1 : -1)),
    { shape: x.shape },
  )
const truths = (x: Tensor): Tensor =>
  tensor(
    Float64Array.from(x.data(), (value) => (value > 0 ? 1 : 0)),
    { shape: x.shape },
  )
const labels = (rows: number, classes: number): Tensor =>
  tensor(Int32Array.from({ length: rows }, (_, i) => (7 * i + 1) % classes))
const boxes = (rows: number, from: number): Tensor => {
  const corner = sigmoid(numbers(rows, 2, from))
  return concatenate([corner, corner.add(sigmoid(numbers(rows, 2, from + 1)))], { axis: 1 })
}

type Pair = (x: Tensor, t: Tensor, options: heads.LossOptions) => Tensor

const ofTwo = (loss: Pair, second: (x: Tensor) => Tensor, first = (x: Tensor) => x): Sample => ({
  loss: ([x, t], options) => loss(x!, t!, options),
  inputs: (rows) => [first(numbers(rows, 3, 1)), second(numbers(rows, 3, 2))],
})

const ofLabels = (loss: Pair): Sample => ({
  loss: ([x, t], options) => loss(x!, t!, options),
  inputs: (rows) => [numbers(rows, 3, 1), labels(rows, 3)],
})

const same = (x: Tensor): Tensor => x

/** All of them, by name. */
export const everyLoss: Readonly<Record<string, Sample>> = {
  squaredError: ofTwo(heads.squaredError, same),
  absoluteError: ofTwo(heads.absoluteError, same),
  huberLoss: ofTwo(heads.huberLoss, same),
  smoothL1Loss: ofTwo(heads.smoothL1Loss, same),
  logCoshLoss: ofTwo(heads.logCoshLoss, same),
  quantileLoss: ofTwo((x, t, o) => heads.quantileLoss(x, t, { ...o, quantile: 0.75 }), same),
  squaredLogError: ofTwo(heads.squaredLogError, sigmoid, sigmoid),
  binaryCrossEntropy: ofTwo(heads.binaryCrossEntropy, truths, sigmoid),
  binaryCrossEntropyWithLogits: ofTwo(heads.binaryCrossEntropyWithLogits, truths),
  sigmoidFocalLoss: ofTwo(heads.sigmoidFocalLoss, truths),
  poissonLoss: ofTwo((x, t, o) => heads.poissonLoss(x, t, { ...o, full: true }), truths),
  gaussianLoss: {
    loss: ([x, v, t], options) => heads.gaussianLoss(x!, v!, t!, options),
    inputs: (rows) => [numbers(rows, 3, 1), sigmoid(numbers(rows, 3, 2)), numbers(rows, 3, 3)],
  },
  kullbackLeibler: ofTwo(heads.kullbackLeibler, softmax),
  gaussianDivergence: ofTwo(heads.gaussianDivergence, same),
  hingeLoss: ofTwo(heads.hingeLoss, signs),
  squaredHingeLoss: ofTwo(heads.squaredHingeLoss, signs),
  logisticLoss: ofTwo(heads.logisticLoss, signs),
  hingeEmbeddingLoss: ofTwo(heads.hingeEmbeddingLoss, signs),
  multiMarginLoss: ofLabels(heads.multiMarginLoss),
  crossEntropy: ofLabels((x, t, o) => heads.crossEntropy(x, t, { ...o, labelSmoothing: 0.25 })),
  negativeLogLikelihood: ofLabels(heads.negativeLogLikelihood),
  softCrossEntropy: ofTwo(heads.softCrossEntropy, softmax),
  focalLoss: ofLabels(heads.focalLoss),
  ordinalLoss: {
    loss: ([x, t], options) => heads.ordinalLoss(x!, tensor(Float64Array.of(1, -1)), t!, options),
    inputs: (rows) => [column(rows, 1), labels(rows, 3)],
  },
  marginRankingLoss: {
    loss: ([a, b, t], options) => heads.marginRankingLoss(a!, b!, t!, options),
    inputs: (rows) => [column(rows, 1), column(rows, 2), signs(column(rows, 3))],
  },
  tripletLoss: {
    loss: ([a, p, n], options) => heads.tripletLoss(a!, p!, n!, options),
    inputs: (rows) => [numbers(rows, 3, 1), numbers(rows, 3, 2), numbers(rows, 3, 3)],
  },
  contrastiveLoss: {
    loss: ([a, b, t], options) => heads.contrastiveLoss(a!, b!, t!, { ...options, margin: 3 }),
    inputs: (rows) => [numbers(rows, 3, 1), numbers(rows, 3, 2), truths(column(rows, 3))],
  },
  cosineEmbeddingLoss: {
    loss: ([a, b, t], options) => heads.cosineEmbeddingLoss(a!, b!, t!, options),
    inputs: (rows) => [numbers(rows, 3, 1), numbers(rows, 3, 2), signs(column(rows, 3))],
  },
  infoNce: {
    ...ofTwo((a, b, o) => heads.infoNce(a, b, { ...o, symmetric: true }), same),
    isTogether: true,
  },
  ntXent: { ...ofTwo(heads.ntXent, same), isTogether: true },
  boxIouLoss: {
    loss: ([x, t], options) => heads.boxIouLoss(x!, t!, options),
    inputs: (rows) => [boxes(rows, 1), boxes(rows, 2)],
  },
  boxGiouLoss: {
    loss: ([x, t], options) => heads.boxGiouLoss(x!, t!, options),
    inputs: (rows) => [boxes(rows, 1), boxes(rows, 2)],
  },
  diceLoss: ofTwo(heads.diceLoss, truths),
  multiclassDiceLoss: {
    loss: ([x, t], options) => heads.multiclassDiceLoss(x!, t!, options),
    inputs: (rows) => [
      tensor(Float64Array.from(numbers(rows, 6, 1).data()), { shape: [rows, 2, 3] }),
      tensor(
        Int32Array.from({ length: 2 * rows }, (_, i) => (7 * i + 1) % 3),
        {
          shape: [rows, 2],
        },
      ),
    ],
  },
  ctcLoss: {
    loss: ([x, t, steps, lengths], options) =>
      heads.ctcLoss(transpose(x!, [1, 0, 2]), t!, { inputs: steps!, targets: lengths! }, options),
    inputs: (rows) => [
      tensor(Float64Array.from(numbers(rows, 15, 1).data()), { shape: [rows, 5, 3] }),
      tensor(
        Int32Array.from({ length: 2 * rows }, (_, i) => 1 + (i % 2)),
        { shape: [rows, 2] },
      ),
      tensor(Int32Array.from({ length: rows }, (_, i) => 5 - (i % 2))),
      tensor(Int32Array.from({ length: rows }, (_, i) => 2 - (i % 3 === 2 ? 1 : 0))),
    ],
  },
  distillationLoss: ofTwo(
    (x, t, o) => heads.distillationLoss(x, t, { ...o, temperature: 2 }),
    same,
  ),
}
