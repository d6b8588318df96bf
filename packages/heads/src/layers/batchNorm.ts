/**
 * Normalisation over a batch: the layer that behaves differently in training and that learns by looking. What it learns so lies under
 * `statistics` in its parameters: the optimiser never sees it, `observe` gives it anew.
 */
import {
  add,
  cast,
  div,
  greater,
  lerp,
  maximum,
  mean,
  mul,
  ones,
  rsqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  where,
  zeros,
} from '@rootstock/core'
import { type Layer, observing } from '../layer.ts'
import { type ChannelParams, identityScale } from './groupNorm.ts'
import { type Masked, maskedOf, maskPlaces } from './masked.ts'

/** Parameters of `batchNorm`: learned by gradients, and by looking. */
export interface BatchNormParams extends ChannelParams {
  readonly statistics: { readonly mean: Tensor; readonly variance: Tensor }
}

/** Options of `batchNorm`. */
export interface BatchNormOptions {
  readonly channels: number
  /** Share of each batch in the running statistics. Default 0.1. */
  readonly momentum?: number
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
}

/** Mean and variances of a batch by channel; `isSeen` says whether anything is real where not all is. */
interface Moments {
  readonly centre: Tensor
  readonly centred: Tensor
  readonly variance: Tensor
  readonly unbiased: Tensor
  readonly isSeen?: Tensor
}

const momentsOf = (x: Tensor, mask: Tensor | undefined): Moments => {
  const axis = x.shape.map((_, i) => i).slice(0, -1)
  // one number has no unbiased variance: its biased one, 0, is all there is
  if (mask === undefined) {
    const centre = mean(x, { axis })
    const centred = sub(x, centre)
    const variance = mean(square(centred), { axis })
    const count = x.size / x.shape.at(-1)!
    return { centre, centred, variance, unbiased: mul(variance, count / Math.max(1, count - 1)) }
  }
  const count = sum(cast(mask, x.dtype))
  const meanOf = (y: Tensor): Tensor => div(sum(y, { axis }), maximum(count, 1))
  const centre = meanOf(maskPlaces(x, mask))
  const centred = maskPlaces(sub(x, centre), mask)
  const variance = meanOf(square(centred))
  const unbiased = mul(variance, div(count, maximum(sub(count, 1), 1)))
  return { centre, centred, variance, unbiased, isSeen: greater(count, 0) }
}

/**
 * `(x - mean) / sqrt(variance + epsilon) * scale + shift` by channel of x `[n, ...space, channels]`. In training mean and biased variance are
 * those of the batch, and `observe` moves the running ones towards mean and unbiased variance: new = (1 - momentum) old + momentum batch.
 * In evaluation, and while the statistics are frozen, they are the running ones. With a mask, mean and variance are those of the real places,
 * and the others become 0 (Ioffe and Szegedy, Batch Normalization, 2015).
 * @example
 * ```ts
 * import { random, tensor } from '@rootstock/core'
 * import { batchNorm } from '@rootstock/heads'
 * const layer = batchNorm({ channels: 1, epsilon: 0 })
 * const mode = { training: true, key: random.key(1) } as const
 * console.log(layer.apply(layer.init(random.key(0)), tensor([[1], [3]]), mode).toArray()) // [ [ -1 ], [ 1 ] ]
 * ```
 */
export const batchNorm = ({
  channels,
  momentum = 0.1,
  epsilon = 1e-5,
}: BatchNormOptions): Layer<BatchNormParams, Tensor | Masked> =>
  observing<BatchNormParams, Tensor | Masked>(
    () => ({
      ...identityScale(channels),
      statistics: { mean: zeros([channels]), variance: ones([channels]) },
    }),
    (params, input, mode) => {
      const { x, mask } = maskedOf(input)
      const { scale, shift, statistics } = params
      const normalized = (centred: Tensor, variance: Tensor) =>
        maskPlaces(add(mul(mul(centred, rsqrt(add(variance, epsilon))), scale), shift), mask)
      if (!mode.training || mode.frozen?.has(statistics.mean)) {
        const [centre, spread] = [stopGradient(statistics.mean), stopGradient(statistics.variance)]
        return [normalized(sub(maskPlaces(x, mask), centre), spread), params]
      }
      const { centre, centred, variance, unbiased, isSeen } = momentsOf(x, mask)
      const moved = (old: Tensor, seen: Tensor) => {
        const next = stopGradient(lerp(old, seen, momentum))
        return isSeen === undefined ? next : where(isSeen, next, old)
      }
      const after = {
        mean: moved(statistics.mean, centre),
        variance: moved(statistics.variance, unbiased),
      }
      return [normalized(centred, variance), { ...params, statistics: after }]
    },
  )
