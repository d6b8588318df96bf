/** Functions made from a function: its float part, its derivatives in both modes, and itself over a batch. */
import { jvp, type Tensor, tensor, vjp, vmap } from '@rootstock/core'
import { generator } from '../../src/conformance/generator.ts'
import type { Flat } from '../../src/conformance/samples/sample.ts'
import { isFloat } from '../../src/dtype.ts'

/** A function at a point. */
export interface Point {
  readonly run: Flat
  readonly inputs: readonly Tensor[]
}

/** Elements as numbers. */
export const elementsOf = (x: Tensor): number[] => Array.from(x.data(), Number)

/** A tensor of the type of another, with the elements that `element` gives. */
export const filled = (like: Tensor, element: (i: number) => number): Tensor =>
  tensor(
    Float64Array.from({ length: like.size }, (_, i) => element(i)),
    {
      shape: like.shape,
      dtype: like.dtype,
    },
  )

/** A random tensor of the type of another. */
export const drawn = (like: Tensor, next: () => number): Tensor => filled(like, next)

/** Positions of the inputs that have derivatives. */
export const floatPositions = (inputs: readonly Tensor[]): number[] =>
  inputs.flatMap((x, i) => (isFloat(x.dtype) ? [i] : []))

/** The function of the float inputs at `positions` alone, to the float outputs. */
export const floatPart = (
  { run, inputs }: Point,
  positions: readonly number[] = floatPositions(inputs),
): Point => ({
  inputs: positions.map((i) => inputs[i]!),
  run: (floats) => {
    const all = inputs.map((x, i) => floats[positions.indexOf(i)] ?? x)
    return run(all).filter((y) => isFloat(y.dtype))
  },
})

/** (x, t) -> J(x) t, of a function of floats. */
export const forwardOf = ({ run, inputs }: Point, seed: number): Point => {
  const next = generator(seed)
  const count = inputs.length
  return {
    inputs: [...inputs, ...inputs.map((x) => drawn(x, next))],
    run: (xs) => jvp((...ys: Tensor[]) => [...run(ys)], xs.slice(0, count), xs.slice(count))[1],
  }
}

/** (x, u) -> J(x)' u, of a function of floats. */
export const reverseOf = ({ run, inputs }: Point, seed: number): Point => {
  const next = generator(seed)
  const count = inputs.length
  return {
    inputs: [...inputs, ...run(inputs).map((y) => drawn(y, next))],
    run: (xs) => vjp((...ys: Tensor[]) => [...run(ys)], ...xs.slice(0, count))[1](xs.slice(count)),
  }
}

/** Three points near each other as one tensor with a new first axis; what is not a float stays as it is. */
export const variations = (x: Tensor, next: () => number): Tensor[] => {
  const elements = elementsOf(x)
  const near = () => filled(x, (i) => elements[i]! + 1e-3 * next())
  return isFloat(x.dtype) ? [x, near(), near()] : [x, x, x]
}

/** Tensors of one type along a new first axis. */
const stacked = (xs: readonly Tensor[]): Tensor => {
  const { shape, dtype } = xs[0]!
  return tensor(Float64Array.from(xs.flatMap(elementsOf)), { shape: [xs.length, ...shape], dtype })
}

/** The function of a batch of three, in the inputs marked. */
export const batchedOf = ({ run, inputs }: Point, batched: readonly boolean[]): Point => {
  const next = generator(1)
  const axes = { in: batched.map((flag) => (flag ? 0 : null)) }
  return {
    inputs: inputs.map((x, i) => (batched[i] === true ? stacked(variations(x, next)) : x)),
    run: (xs) => vmap((...ys: Tensor[]) => [...run(ys)], axes)(...xs),
  }
}
