/** Positions as rotations of queries and keys, so that their product depends on the distance alone. */
import {
  ArgumentError,
  add,
  mul,
  reshape,
  slice,
  stack,
  sub,
  type Tensor,
  tensor,
} from '@rootstock/core'

/**
 * Turns columns 2i and 2i + 1 of each step of x `[..., steps, width]` as a point of the plane, by the angle (p + offset) / base^(2i / width) at step p
 * (Su et al., RoFormer, 2021). Apply it to queries and keys.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { rotary } from '@rootstock/heads'
 * console.log(rotary(tensor([[1, 0], [1, 0]])).toArray()) // [ [ 1, 0 ], [ 0.54..., 0.84... ] ]
 * ```
 */
export const rotary = (
  x: Tensor,
  { base = 10000, offset = 0 }: { readonly base?: number; readonly offset?: number } = {},
): Tensor => {
  const [steps, width] = [x.shape.at(-2) ?? 0, x.shape.at(-1) ?? 0]
  if (x.rank < 2 || width % 2 !== 0) {
    throw new ArgumentError({
      operation: 'rotary',
      inputs: { x },
      rule: 'x must be [..., steps, width] with an even width',
    })
  }
  const half = width / 2
  const angles = new Float64Array(steps * half)
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < half; i++) {
      angles[step * half + i] = (step + offset) / base ** ((2 * i) / width)
    }
  }
  const table = (f: (angle: number) => number): Tensor =>
    tensor(angles.map(f), { shape: [steps, half], dtype: x.dtype })
  const [c, s] = [table(Math.cos), table(Math.sin)]
  const pairs = reshape(x, [...x.shape.slice(0, -1), half, 2])
  const part = (i: number): Tensor => {
    const before = pairs.shape.slice(0, -1).map(() => null)
    const one = slice(pairs, { start: [...before, i], stop: [...before, i + 1] })
    return reshape(one, [...x.shape.slice(0, -1), half])
  }
  const [a, b] = [part(0), part(1)]
  const turned = stack([sub(mul(a, c), mul(b, s)), add(mul(a, s), mul(b, c))], { axis: -1 })
  return reshape(turned, x.shape)
}
