/** A trunk seen through its taps: the features of several stages side by side, for heads that want more than the last. */
import { ArgumentError, concatenate, type Tensor } from '@rootstock/core'
import type { Mode } from '../layer.ts'
import { type TapName, type Trunk, tapIndex } from './trunk.ts'

/**
 * The same trunk with the same parameters, whose output is what it gives at these taps, concatenated in their order: features
 * from all hidden stages often serve a linear head better than the last alone.
 * @example
 * ```ts
 * import { mlp, tapped } from '@rootstock/heads'
 * const trunk = mlp({ in: 4, hidden: [16, 8] })
 * console.log(tapped(trunk, ['layers/0', -1]).out) // 24
 * ```
 */
export const tapped = <Params>(
  trunk: Trunk<Params>,
  names: TapName | readonly TapName[],
): Trunk<Params> => {
  const list = typeof names === 'object' ? names : [names]
  const indices = list.map((name) => tapIndex(trunk.taps, name))
  if (indices.length === 0 || new Set(indices).size < indices.length) {
    throw new ArgumentError({
      operation: 'tapped',
      inputs: { taps: list },
      rule: 'there must be at least one tap, and no tap twice',
    })
  }
  const [only] = indices
  const joined = (outputs: readonly Tensor[]): Tensor =>
    concatenate(
      indices.map((index) => outputs[index]!),
      { axis: -1 },
    )
  const several = (params: Params, x: Tensor, mode: Mode): Tensor =>
    joined(trunk.outputs(params, x, mode))
  return {
    ...trunk,
    out: indices.reduce((sum, index) => sum + trunk.taps[index]!.width, 0),
    apply:
      indices.length > 1
        ? several
        : (params, x, mode) => trunk.tap(params, x, mode, only as number),
    observe: (params, x, mode) => {
      const [outputs, after] = trunk.observeOutputs(params, x, mode)
      return [joined(outputs), after]
    },
  }
}
