/** What optimisers remember about past gradients: running means, and how far those still are from their start at 0. */
import { type DType, promote } from '../dtype.ts'
import { add, mul } from '../numeric/arithmetic.ts'
import { zeros, zerosLike } from '../numeric/creation.ts'
import { expm1 } from '../numeric/exponential.ts'
import { cast, neg } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import type { Tensors } from './transform.ts'

/** Constants of the moments of Adam and its kin. */
export interface MomentOptions {
  /** Decay of the running mean. Default 0.9. */
  readonly beta1?: number
  /** Decay of the running mean of squares. Default 0.999. */
  readonly beta2?: number
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number
}

/** No steps taken: an int32 scalar. */
export const noSteps = (): Tensor => zeros([], { dtype: 'int32' })

/** A tree of zeros like the parameters. */
export const zerosOf = (params: unknown): Tensors => map(zerosLike, params) as Tensors

/** The parameters in memory of their own, so that a step may overwrite either. */
export const copyOf = (params: unknown): Tensors => map((x: Tensor) => mul(x, 1), params) as Tensors

/** `decay running + (1 - decay) fresh`, leaf by leaf, of the gradients or of what `of` makes of them. */
export const blend = (
  decay: number,
  running: Tensors,
  gradients: unknown,
  of: (gradient: Tensor) => Tensor = (gradient) => gradient,
): Tensors =>
  map(
    (m: Tensor, g: Tensor) => add(mul(m, decay), mul(of(g), 1 - decay)),
    running,
    gradients,
  ) as Tensors

// 1 - beta^t by expm1: in float32 1 - 0.999^1 keeps four digits, -expm1(ln 0.999) keeps all.
/** `1 - beta^step`, by which a running mean that started at 0 falls short. */
export const debias = (beta: number, step: Tensor): Tensor => neg(expm1(mul(step, Math.log(beta))))

/** A scalar of high precision in the dtype of a leaf, which must keep its own. */
export const like = (factor: Tensor, leaf: Tensor): Tensor =>
  cast(factor, promote(leaf.dtype, 'float32'))

/** What depends on the dtype only, made once for each. */
export const memoByDtype = <T>(f: (dtype: DType) => T): ((dtype: DType) => T) => {
  const made = new Map<DType, T>()
  return (dtype) => {
    const found = made.get(dtype) ?? f(dtype)
    made.set(dtype, found)
    return found
  }
}
