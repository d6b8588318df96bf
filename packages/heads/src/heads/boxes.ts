/** The head for one box in an image. */
import {
  ArgumentError,
  abs,
  add,
  concatenate,
  mul,
  sigmoid,
  slice,
  sub,
  sum,
  type Tensor,
} from '@rootstock/core'
import { boxGiouLoss } from '../losses/boxes.ts'
import { expectSameShape } from '../losses/expect.ts'
import { hide } from '../losses/reduction.ts'
import type { Head } from './head.ts'
import { type LinearHeadOptions, type LinearHeadParams, linearHead } from './linearHead.ts'
import { maskedMean } from './maskedMean.ts'

/** A head that predicts a box for each row: `[rows, 4]`, left, top, right, bottom as shares of the image. */
export interface Boxes extends Head<'boxes', LinearHeadParams, Tensor> {}

/** Options of `boxes`. */
export interface BoxesOptions extends LinearHeadOptions {
  /** How much the distance of centres and sizes counts. Default 5. */
  readonly distance?: number
  /** How much the overlap counts. Default 2. */
  readonly overlap?: number
}

const columns = (x: Tensor, from: number): Tensor =>
  slice(x, { start: [0, from], stop: [x.shape[0]!, from + 2] })

/** Centre and size as two corners. */
const cornersOf = (boxes: Tensor): Tensor => {
  const centre = columns(boxes, 0)
  const half = mul(columns(boxes, 2), 0.5)
  return concatenate([sub(centre, half), add(centre, half)], { axis: 1 })
}

/** Two corners as centre and size. */
const centredOf = (corners: Tensor): Tensor => {
  const first = columns(corners, 0)
  const second = columns(corners, 2)
  return concatenate([mul(add(first, second), 0.5), sub(second, first)], { axis: 1 })
}

/**
 * A box by a dense layer whose four outputs, through a sigmoid, are its centre and size. Labels are four numbers a row (`width: 4`): left, top,
 * right, bottom as shares of the image. Loss: the mean over labelled rows of `distance |b - b'|_1 + overlap (1 - GIoU)`, b and b' centre and
 * size (Carion et al., End-to-end object detection with transformers, 2020).
 * @example
 * ```ts
 * import { ones, random, tensor } from '@rootstock/core'
 * import { boxes, evaluation } from '@rootstock/heads'
 * const head = boxes()
 * const outputs = head.outputs(head.init(random.key(0), 8), ones([2, 8]), evaluation)
 * console.log(head.predict(outputs).shape) // [2, 4]
 * const target = { values: tensor([[0, 0, 1, 1], [0, 0, 0, 0]]), mask: tensor([true, false]) }
 * console.log(head.loss(outputs, target).shape) // []
 * ```
 */
export const boxes = (options: BoxesOptions = {}): Boxes => {
  const { distance = 5, overlap = 2 } = options
  if (!(distance >= 0 && overlap >= 0 && Number.isFinite(distance + overlap))) {
    throw new ArgumentError({
      operation: 'boxes',
      inputs: { distance, overlap },
      rule: 'distance and overlap must be finite and at least 0',
    })
  }
  return {
    kind: 'boxes',
    ...linearHead(4, options),
    predict: (outputs) => cornersOf(sigmoid(outputs)),
    loss: (outputs, { values, mask }) => {
      expectSameShape('boxes', { outputs, labels: values })
      // hidden before anything is made of them: what a row without a box holds has no influence, not even as NaN
      const predicted = sigmoid(hide('boxes', outputs, { mask }))
      const corners = hide('boxes', values, { mask })
      const away = sum(abs(sub(predicted, centredOf(corners))), { axis: 1 })
      const apart = boxGiouLoss(cornersOf(predicted), corners, { reduction: 'none' })
      return maskedMean(add(mul(away, distance), mul(apart, overlap)), mask)
    },
  }
}
