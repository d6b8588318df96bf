/** A weight whose largest singular value is 1. */
import { div, matmul, mul, random, reshape, stopGradient, sum, type Tensor } from '@rootstock/core'
import { type Layer, observing } from '../layer.ts'
import { l2Normalize } from './l2Normalize.ts'

/** Parameters of a layer and the estimate of its weight's right singular vector `[out]`, a statistic. */
export type SpectralNormParams<Params> = Params & {
  readonly statistics: { readonly right: Tensor }
}

/**
 * A layer with `weight / sigma` in place of its weight, where sigma is the largest singular value of the weight as a matrix `[rest, out]`, estimated
 * by power iteration: in training each pass makes one iteration, which `observe` keeps. The gradient takes the singular vectors as constants
 * (Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { dense, evaluation, spectralNorm } from '@rootstock/heads'
 * const layer = spectralNorm(dense({ in: 3, out: 2 }))
 * console.log(layer.apply(layer.init(random.key(0)), ones([5, 3]), evaluation).shape) // [5, 2]
 * ```
 */
export const spectralNorm = <Params extends { readonly weight: Tensor }, In, Out>(
  inner: Layer<Params, In, Out>,
  {
    iterations = 15,
  }: {
    /** Made by `init`, so that the first estimate is a good one. */ readonly iterations?: number
  } = {},
): Layer<SpectralNormParams<Params>, In, Out> => {
  const matrix = (weight: Tensor) => reshape(weight, [-1, weight.shape.at(-1)!])
  const iterate = (w: Tensor, right: Tensor): Tensor =>
    l2Normalize(matmul(l2Normalize(matmul(w, right)), w))
  return observing<SpectralNormParams<Params>, In, Out>(
    (key) => {
      const params = inner.init(random.fold(key, 0))
      const w = matrix(params.weight)
      let right = l2Normalize(random.normal(random.fold(key, 1), [w.shape[1]!]))
      for (let i = 0; i < iterations; i++) right = iterate(w, right)
      return { ...params, statistics: { right } }
    },
    (params, x, mode) => {
      const { statistics } = params
      const w = matrix(params.weight)
      const isLearning = mode.training && !mode.frozen?.has(statistics.right)
      const fixed = stopGradient(w)
      const right = stopGradient(isLearning ? iterate(fixed, statistics.right) : statistics.right)
      const left = l2Normalize(matmul(fixed, right))
      const sigma = sum(mul(left, matmul(w, right)))
      const y = inner.apply({ ...params, weight: div(params.weight, sigma) }, x, mode)
      return [y, { ...params, statistics: { right } }]
    },
  )
}
