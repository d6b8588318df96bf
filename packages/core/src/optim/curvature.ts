/** What the Hessian says of a loss at some parameters: how sharp, how ill-conditioned, whether it bends down anywhere. */
import { ArgumentError } from '../errors.ts'
import type { Tensor } from '../tensor.ts'
import { randomVector } from './lanczos.ts'
import { type Landscape, landscapeOf, spectrumOf, strengthOf } from './landscape.ts'
import { dot } from './vector.ts'

/** Options of `curvature`. */
export interface CurvatureOptions {
  /** Hessian-vector products for the spectrum. Default: one per parameter up to 500, 100 beyond. */
  readonly steps?: number
  /** Products for the trace, where not all eigenvalues are known. Default 32. */
  readonly probes?: number
  /** An eigenvalue below `-tolerance` times the largest without sign is negative. Default 1e-4. */
  readonly tolerance?: number
  readonly seed?: number
}

/** An estimate and its standard error, 0 where it is no estimate. */
export interface Estimate {
  readonly mean: number
  readonly error: number
}

/** The Hessian in a few numbers. */
export interface Curvature {
  /** Eigenvalues in increasing order: all of them where `isComplete`, else both ends and estimates between. */
  readonly values: Float64Array
  readonly isComplete: boolean
  /** How many of `values` are negative. */
  readonly index: number
  /** The sum of all eigenvalues. */
  readonly trace: Estimate
  /** The largest of `values` by the smallest, both without sign: a lower bound unless `isComplete`. */
  readonly condition: number
}

/** The mean of z^T H z over vectors z of random signs, whose expectation is the trace. */
const hutchinson = <Params>(
  { bend, x }: Landscape<Params>,
  probes: number,
  seed: number,
): Estimate => {
  const samples = Array.from({ length: probes }, (_, i) => {
    // counts below are those of the vectors that Lanczos draws
    const signs = randomVector(x.length, seed, 2 ** 30 + i).map((z) => (z < 0 ? -1 : 1))
    return dot(signs, bend(signs))
  })
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / probes
  const spread = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / (probes - 1)
  return { mean, error: Math.sqrt(spread / probes) }
}

/**
 * The spectrum, trace and condition of the Hessian of a scalar function at `params`, from Hessian-vector products alone: eigenvalues by
 * `lanczos`, the trace their sum, or beyond what they cover the estimate of Hutchinson (A stochastic estimator of the trace of the
 * influence matrix, 1990). Plain gradient descent is stable for rates below 2 / the largest eigenvalue, and needs a number of steps in
 * proportion to the condition.
 * @example
 * ```ts
 * import { curvature, square, sum, type Tensor, tensor } from '@rootstock/core'
 * const bowl = (x: Tensor) => sum(square(x).mul(tensor([0.5, 50])))
 * const { values, trace, condition } = curvature(bowl, tensor([1, 1]))
 * console.log(Array.from(values, Math.round), Math.round(trace.mean), Math.round(condition)) // [1, 100] 101 100
 * ```
 */
export const curvature = <Params>(
  f: (params: Params) => Tensor,
  params: Params,
  { probes = 32, tolerance = 1e-4, seed = 0, ...options }: CurvatureOptions = {},
): Curvature => {
  if (!Number.isInteger(probes) || probes < 2)
    throw new ArgumentError({
      operation: 'curvature',
      inputs: { probes },
      rule: 'probes must be a whole number of at least 2, or the estimate has no error',
    })
  const landscape = landscapeOf('curvature', f, params)
  const spectrum = spectrumOf(landscape, { ...options, seed })
  const { values, isComplete } = spectrum
  const most = strengthOf(spectrum)
  return {
    values,
    isComplete,
    index: values.filter((value) => value < -tolerance * most).length,
    trace: isComplete
      ? { mean: values.reduce((sum, value) => sum + value, 0), error: 0 }
      : hutchinson(landscape, probes, seed),
    condition: most / values.reduce((least, value) => Math.min(least, Math.abs(value)), Infinity),
  }
}
