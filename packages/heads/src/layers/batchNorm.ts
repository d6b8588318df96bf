/**
 * Normalisation over a batch: the layer that behaves differently in training and that learns by looking. What it learns so lies under
 * `statistics` in its parameters: the optimiser never sees it, `observe` gives it anew.
 */
import {
  add,
  lerp,
  mean,
  mul,
  ones,
  rsqrt,
  square,
  stopGradient,
  sub,
  type Tensor,
  zeros,
} from '@rootstock/core'
import { type Layer, observing } from '../layer.ts'
import { type ChannelParams, identityScale } from './groupNorm.ts'

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

/**
 * `(x - mean) / sqrt(variance + epsilon) * scale + shift` by channel of x `[n, ...space, channels]`. In training mean and biased variance are
 * those of the batch, and `observe` moves the running ones towards mean and unbiased variance: new = (1 - momentum) old + momentum batch.
 * In evaluation, and while the statistics are frozen, they are the running ones (Ioffe and Szegedy, Batch Normalization, 2015).
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
}: BatchNormOptions): Layer<BatchNormParams> =>
  observing<BatchNormParams>(
    () => ({
      ...identityScale(channels),
      statistics: { mean: zeros([channels]), variance: ones([channels]) },
    }),
    (params, x, mode) => {
      const { scale, shift, statistics } = params
      const normalized = (centred: Tensor, variance: Tensor) =>
        add(mul(mul(centred, rsqrt(add(variance, epsilon))), scale), shift)
      if (!mode.training || mode.frozen?.has(statistics.mean)) {
        const [centre, spread] = [stopGradient(statistics.mean), stopGradient(statistics.variance)]
        return [normalized(sub(x, centre), spread), params]
      }
      const axis = x.shape.map((_, i) => i).slice(0, -1)
      const centre = mean(x, { axis })
      const centred = sub(x, centre)
      const variance = mean(square(centred), { axis })
      const count = x.size / channels
      // one number has no unbiased variance: its biased one, 0, is all there is
      const unbiased = mul(variance, count / Math.max(1, count - 1))
      const moved = (old: Tensor, seen: Tensor) => stopGradient(lerp(old, seen, momentum))
      const after = {
        mean: moved(statistics.mean, centre),
        variance: moved(statistics.variance, unbiased),
      }
      return [normalized(centred, variance), { ...params, statistics: after }]
    },
  )
