/** A weight as length and direction, learned apart. */
import { div, mul, norm, type Tensor } from '@rootstock/core'
import type { Layer } from '../layer.ts'

/** Parameters of a layer whose `weight` is given by direction `[..., in, out]` and gain `[out]`. */
export type WeightNormParams<Params> = Omit<Params, 'weight'> & {
  readonly direction: Tensor
  readonly gain: Tensor
}

const lengths = (direction: Tensor): Tensor =>
  norm(direction, { axis: direction.shape.map((_, i) => i).slice(0, -1) })

/**
 * The weight `gain * direction / |direction|`, one length for each output (the last axis).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { normedWeight } from '@rootstock/heads'
 * console.log(normedWeight(tensor([[3], [4]]), tensor([10])).toArray()) // [ [ 6 ], [ 8 ] ]
 * ```
 */
export const normedWeight = (direction: Tensor, gain: Tensor): Tensor =>
  mul(direction, div(gain, lengths(direction)))

/**
 * A layer with `weight = gain * direction / |direction|` in place of its weight; it starts as the same function
 * (Salimans and Kingma, Weight Normalization, 2016).
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * import { dense, weightNorm } from '@rootstock/heads'
 * const layer = weightNorm(dense({ in: 3, out: 2 }))
 * console.log(Object.keys(layer.init(random.key(0)))) // [ 'bias', 'direction', 'gain' ]
 * ```
 */
export const weightNorm = <Params extends { readonly weight: Tensor }, In, Out>(
  inner: Layer<Params, In, Out>,
): Layer<WeightNormParams<Params>, In, Out> => ({
  init: (key) => {
    const { weight, ...rest } = inner.init(key)
    return { ...rest, direction: weight, gain: lengths(weight) }
  },
  apply: ({ direction, gain, ...rest }, x, mode) => {
    const params = { ...rest, weight: normedWeight(direction, gain) } as unknown as Params
    return inner.apply(params, x, mode)
  },
})
