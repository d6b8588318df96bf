/** A function of a tree of parameters seen as one of a vector: its values, slopes and curvature, each compiled once. */
import { ArgumentError } from '../errors.ts'
import type { Tensor } from '../tensor.ts'
import { valueAndGrad } from '../transforms/grad.ts'
import { jit } from '../transforms/jit.ts'
import { hvp } from '../transforms/jvp.ts'
import { tensors } from '../tree.ts'
import { type LanczosOptions, lanczos, type Spectrum } from './lanczos.ts'
import { type Packing, packing } from './packing.ts'
import type { Evaluated } from './vector.ts'

/** A function around a place. */
export interface Landscape<Params> extends Packing<Params> {
  /** The place. */
  readonly x: Float64Array
  readonly evaluate: (x: Float64Array) => Evaluated
  /** The Hessian at the place times a vector. */
  readonly bend: (v: Float64Array) => Float64Array
  /** The share of a value that its number type cannot tell from rounding, with room for sums. */
  readonly rounding: number
}

/** The value and gradient of f as those of a function of a vector, compiled once. */
export const evaluatorOf = <Params>(
  f: (params: Params) => Tensor,
  { pack, unpack }: Packing<Params>,
): ((x: Float64Array) => Evaluated) => {
  const compiled = jit(valueAndGrad(f))
  return (x) => {
    const [value, gradient] = compiled(unpack(x))
    return { value: value.item(), gradient: pack(gradient) }
  }
}

/** The landscape of f around `params`. */
export const landscapeOf = <Params>(
  operation: string,
  f: (params: Params) => Tensor,
  params: Params,
): Landscape<Params> => {
  const parts = tensors(params, operation)
  if (parts.every(({ size }) => size === 0))
    throw new ArgumentError({ operation, rule: 'params must have at least one number' })
  const { pack, unpack } = packing(params)
  const evaluate = evaluatorOf(f, { pack, unpack })
  const product = jit((at: Params, v: Params) => hvp(f, [at], [v])[0])
  return {
    pack,
    unpack,
    x: pack(params),
    evaluate,
    bend: (v) => pack(product(params, unpack(v))),
    rounding: parts.every(({ dtype }) => dtype === 'float64') ? 1e-12 : 1e-6,
  }
}

/** The spectrum of the Hessian at the place. */
export const spectrumOf = <Params>(
  { bend, x, rounding }: Landscape<Params>,
  options: Pick<LanczosOptions, 'steps' | 'seed'>,
): Spectrum => lanczos(bend, x.length, { ...options, tolerance: 10 * rounding })

/** The largest eigenvalue without its sign: what others are small beside. */
export const strengthOf = ({ values }: Spectrum): number =>
  Math.max(Math.abs(values[0]!), Math.abs(values.at(-1)!))
