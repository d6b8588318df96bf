/** The small network of the higher-order family, whose parameters lie in one vector. */

import type { Tensor } from '@rootstock/core'
import * as core from '@rootstock/core'

/** Sizes that the vector of parameters does not tell. */
export interface NetworkOptions {
  readonly classes: number
  readonly activation: (x: Tensor) => Tensor
}

const hidden = 3

/** activation(x W1^T + b1) W2^T + b2 with W1 [3, d], b1, W2 [classes, 3] and b2 one after another in `params`. */
export const network = (
  params: Tensor,
  x: Tensor,
  { classes, activation }: NetworkOptions,
): Tensor => {
  const inputs = x.shape.at(-1)!
  const sizes = [hidden * inputs, hidden, classes * hidden, classes]
  const [first, shift, second, bias] = core.split(params, { sizes }) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ]
  const weights = core.transpose(core.reshape(first, [hidden, inputs]))
  const outer = core.transpose(core.reshape(second, [classes, hidden]))
  const features = activation(core.add(core.matmul(x, weights), shift))
  return core.add(core.matmul(features, outer), bias)
}

/** Mean of -log softmax(logits)[label] over rows; of the only row for a vector. */
export const crossEntropy = (logits: Tensor, labels: Tensor): Tensor => {
  const picked = core.takeAlongAxis(core.logSoftmax(logits), core.expandDims(labels, -1), {
    axis: -1,
  })
  return core.neg(core.mean(picked))
}
