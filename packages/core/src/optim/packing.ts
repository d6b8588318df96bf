/** Trees of tensors as one vector, for methods that run beside the tensors. */
import { tensor } from '../numeric/creation.ts'
import { cast } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { flatten, tensors } from '../tree.ts'

/** The way of a tree into a vector and back. */
export interface Packing<Params> {
  readonly pack: (tree: Params) => Float64Array
  readonly unpack: (x: Float64Array) => Params
}

/** The packing of trees like this one. */
export const packing = <Params>(like: Params): Packing<Params> => {
  const leaves = tensors(like, 'packing')
  const [, structure] = flatten(like)
  const size = leaves.reduce((sum, leaf) => sum + leaf.size, 0)
  return {
    pack: (tree) => {
      const x = new Float64Array(size)
      let from = 0
      for (const leaf of tensors(tree, 'packing')) {
        x.set(leaf.data(), from)
        from += leaf.size
      }
      return x
    },
    unpack: (x) => {
      let from = 0
      const parts = leaves.map((leaf): Tensor => {
        const part = x.subarray(from, from + leaf.size)
        from += leaf.size
        return cast(tensor(part, { shape: leaf.shape }), leaf.dtype)
      })
      return structure.build(parts) as Params
    },
  }
}
