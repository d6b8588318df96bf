/** Normalisation layers. */
import { ones, zeros } from '@rootstock/core'
import { evaluation, layerNorm } from '@rootstock/heads'
import { type Adapters, Unsupported } from '../arguments.ts'

export const norms: Adapters = {
  layer_norm: (args) => {
    if (args.number('dims') !== 1) throw new Unsupported('layer_norm over several axes')
    const x = args.tensor('x')
    const [width] = x.shape.slice(-1) as [number]
    const layer = layerNorm({ width, epsilon: args.number('eps') })
    const params = {
      scale: args.optional('weight') ?? ones([width], { dtype: x.dtype }),
      shift: args.optional('bias') ?? zeros([width], { dtype: x.dtype }),
    }
    return layer.apply(params, x, evaluation)
  },
}
