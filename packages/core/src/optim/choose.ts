/** Different transforms for different parameters. */
import type { Tensor } from '../tensor.ts'
import { flatten, paths } from '../tree.ts'
import type { Transform } from './transform.ts'

/** The states of both sides. */
export interface ChooseState<Then, Otherwise> {
  readonly then: Then
  readonly otherwise: Otherwise
}

/**
 * `then` for the parameters that `selects` names by path and value, `otherwise` for the rest; each sees a tree with gaps. Other
 * learning rates for a trunk and its heads are `choose` of two optimisers.
 * @example
 * ```ts
 * import { choose, sgd, tensor } from '@rootstock/core'
 * const slow = choose((path) => path.startsWith('trunk'), sgd({ learningRate: 0.5 }), sgd({ learningRate: 1 }))
 * const params = { trunk: tensor([0]), head: tensor([0]) }
 * const gradients = { trunk: tensor([4]), head: tensor([4]) }
 * const [updates] = slow.update(gradients, slow.init(params), params)
 * console.log(updates.trunk.item(), updates.head.item()) // -2 -4
 * ```
 */
export const choose = <Then, Otherwise>(
  selects: (path: string, param: Tensor) => boolean,
  then: Transform<Then>,
  otherwise: Transform<Otherwise>,
): Transform<ChooseState<Then, Otherwise>> => {
  const sides = (params: unknown) => {
    const chosen = paths(params).map(([path, param]) => selects(path, param as Tensor))
    const part = (tree: unknown, side: boolean): unknown => {
      const [values, structure] = flatten(tree)
      return structure.build(values.map((value, i) => (chosen[i] === side ? value : undefined)))
    }
    return { chosen, part }
  }
  return {
    init: (params) => {
      const { part } = sides(params)
      return { then: then.init(part(params, true)), otherwise: otherwise.init(part(params, false)) }
    },
    update: (gradients, state, params) => {
      const { chosen, part } = sides(params)
      const [first, nextThen] = then.update(part(gradients, true), state.then, part(params, true))
      const [second, nextOtherwise] = otherwise.update(
        part(gradients, false),
        state.otherwise,
        part(params, false),
      )
      const [firsts, seconds] = [flatten(first)[0], flatten(second)[0]]
      const [, structure] = flatten(gradients)
      const updates = chosen.map((side) => (side ? firsts : seconds).shift())
      const next = { then: nextThen, otherwise: nextOtherwise }
      return [structure.build(updates) as typeof gradients, next]
    },
  }
}
