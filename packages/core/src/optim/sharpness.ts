/** Sharpness-aware minimisation: the gradient is taken where the neighbourhood is worst, which leads to flat minima. */
import { div, maximum, mul } from '../numeric/arithmetic.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import { globalNorm } from './clip.ts'
import { like } from './moments.ts'
import { applyUpdates } from './transform.ts'

/** Options of `sharpnessAware`. */
export interface SharpnessOptions {
  /** How far away the worst neighbour is looked for. Default 0.05. */
  readonly radius?: number
}

/**
 * Takes what `valueAndGrad` gives, a function of parameters and whatever else, to one whose gradient is that at
 * `x + radius g / |g|`, g the gradient at x; the value stays that at x. Costs two gradients (Foret et al., Sharpness-aware
 * minimization for efficiently improving generalization, 2021).
 * @example
 * ```ts
 * import { sharpnessAware, square, sum, type Tensor, tensor, valueAndGrad } from '@rootstock/core'
 * const aware = sharpnessAware(valueAndGrad((x: Tensor) => sum(square(x))), { radius: 0.5 })
 * const [value, gradient] = aware(tensor([2]))
 * console.log(value.item(), gradient.item()) // 4 5
 * ```
 */
export const sharpnessAware =
  <Params, Rest extends readonly unknown[], Value>(
    valueAndGradient: (params: Params, ...rest: Rest) => readonly [Value, Params],
    { radius = 0.05 }: SharpnessOptions = {},
  ) =>
  (params: Params, ...rest: Rest): readonly [value: Value, gradient: Params] => {
    const [value, gradient] = valueAndGradient(params, ...rest)
    const factor = div(radius, maximum(globalNorm(gradient), 1e-12))
    const worst = map((g: Tensor) => mul(g, like(factor, g)), gradient) as Params
    return [value, valueAndGradient(applyUpdates(params, worst), ...rest)[1]]
  }
