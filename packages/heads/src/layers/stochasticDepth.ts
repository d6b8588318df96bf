/** Residual branches that are left out at random. */
import { ArgumentError, add, div, random, where } from '@rootstock/core'
import { type Layer, modeOf, observe, observing } from '../layer.ts'

/**
 * `x + inner(x)` whose branch is left out for each example with the given probability in training, and divided by what remains else, so that the mean is
 * kept; in evaluation always there (Huang et al., Deep Networks with Stochastic Depth, 2016).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { dense, evaluation, stochasticDepth } from '@rootstock/heads'
 * const layer = stochasticDepth(dense({ in: 3, out: 3 }), { probability: 0.2 })
 * console.log(layer.apply(layer.init(random.key(0)), ones([2, 3]), evaluation).shape) // [2, 3]
 * ```
 */
export const stochasticDepth = <Params>(
  inner: Layer<Params>,
  { probability }: { readonly probability: number },
): Layer<Params> => {
  if (!(probability >= 0 && probability < 1)) {
    throw new ArgumentError({
      operation: 'stochasticDepth',
      inputs: { probability },
      rule: 'probability must be at least 0 and less than 1',
    })
  }
  const keep = 1 - probability
  return observing(inner.init, (params, x, mode) => {
    const [y, after] = observe(inner, params, x, modeOf(mode, 0))
    if (!mode.training || probability === 0) return [add(x, y), after]
    const each = [x.shape[0]!, ...x.shape.slice(1).map(() => 1)]
    const isKept = random.bernoulli(random.fold(mode.key, 1), each, { probability: keep })
    return [add(x, where(isKept, div(y, keep), 0)), after]
  })
}
