/** Whether every parameter gets a gradient it can learn from. */
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../tensor.ts'
import { paths, tensors } from '../tree.ts'

/** Limits of `gradientHealth`. */
export interface HealthLimits {
  /** A gradient vanishes below this share of the largest one that does not explode. Default 1e-5. */
  readonly vanishing?: number
  /** A gradient explodes above this many times the parameters it belongs to. Default 1000. */
  readonly exploding?: number
  /** A parameter whose units get no gradient at all from this share on is dead. Default 0.25. */
  readonly dead?: number
}

/** What is the matter with a gradient, the worst first; or nothing. */
export type GradientVerdict =
  | 'not finite'
  | 'exploding'
  | 'none'
  | 'vanishing'
  | 'dead units'
  | 'healthy'

/** The health of one parameter. */
export interface ParameterHealth {
  readonly path: string
  /** Root mean square of the gradient. */
  readonly gradient: number
  /** Root mean square of the parameter. */
  readonly parameter: number
  /** How many numbers it has. */
  readonly size: number
  /** Units, which the last axis counts. */
  readonly units: number
  /** Units of whose gradient every entry is exactly 0. */
  readonly deadUnits: number
  readonly verdict: GradientVerdict
}

const rootMeanSquare = (values: ArrayLike<number>): number => {
  // scaled, so that squares of large gradients do not overflow
  let most = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    if (Number.isNaN(size)) return Number.NaN
    most = Math.max(most, size)
  }
  if (most === 0 || most === Infinity || values.length === 0) return most
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i]! / most) ** 2
  return most * Math.sqrt(sum / values.length)
}

const deadOf = (gradient: Tensor, units: number): number => {
  const data = gradient.data()
  const alive = new Uint8Array(units)
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) alive[i % units] = 1
  return units - alive.reduce((sum, one) => sum + one, 0)
}

type Measured = Omit<ParameterHealth, 'verdict'>

const measure = (path: string, parameter: Tensor, gradient: Tensor): Measured => {
  const units = gradient.shape.at(-1) ?? 1
  return {
    path,
    size: parameter.size,
    gradient: rootMeanSquare(gradient.data()),
    parameter: rootMeanSquare(parameter.data()),
    units,
    deadUnits: deadOf(gradient, units),
  }
}

/**
 * The health of each parameter's gradient, taken over a batch, in the order of the tree: `exploding` with a root mean square above
 * `exploding` times that of the parameter (of all parameters, where they are larger: biases begin at 0); `vanishing` below a share of the
 * largest gradient that does not explode, since at a minimum all are small; `none` where all of it is exactly 0; `dead units` where that
 * holds for a share of the units, which is what a ReLU leaves that is negative for every row (Glorot and Bengio, Understanding the
 * difficulty of training deep feedforward neural networks, 2010; Lu et al., Dying ReLU and initialization, 2019).
 * @example
 * ```ts
 * import { grad, gradientHealth, matmul, mean, relu, tensor } from '@rootstock/core'
 * const params = { weight: tensor([[1, -1]]), bias: tensor([0, -5]) }
 * const loss = (p: typeof params) => mean(relu(matmul(tensor([[1], [2]]), p.weight).add(p.bias)))
 * const [weight] = gradientHealth(params, grad(loss)(params))
 * console.log(weight!.path, weight!.deadUnits, weight!.verdict) // weight 1 dead units
 * ```
 */
export const gradientHealth = <Params>(
  params: Params,
  gradients: Params,
  { vanishing = 1e-5, exploding = 1e3, dead = 0.25 }: HealthLimits = {},
): readonly ParameterHealth[] => {
  const parts = tensors(params, 'gradientHealth')
  const slopes = tensors(gradients, 'gradientHealth')
  const fits = (part: Tensor, i: number) => part.shape.join() === slopes[i]?.shape.join()
  if (parts.length !== slopes.length || !parts.every(fits))
    throw new ShapeError({
      operation: 'gradientHealth',
      inputs: { params: parts, gradients: slopes },
      rule: 'gradients must have the structure and shapes of the parameters',
    })
  const names = paths(params).map(([path]) => path)
  const rows = parts.flatMap((part, i) =>
    part.size === 0 ? [] : [measure(names[i]!, part, slopes[i]!)],
  )
  const total = parts.reduce((sum, { size }) => sum + size, 0)
  const energy = rows.reduce((sum, row) => sum + (row.parameter ** 2 * row.size) / total, 0)
  const explodes = ({ gradient, parameter }: Measured) =>
    gradient > exploding * Math.max(parameter, Math.sqrt(energy))
  const largest = Math.max(
    0,
    ...rows.filter((row) => Number.isFinite(row.gradient) && !explodes(row)).map((r) => r.gradient),
  )
  const verdictOf = (row: Measured): GradientVerdict => {
    if (!Number.isFinite(row.gradient)) return 'not finite'
    if (explodes(row)) return 'exploding'
    if (row.gradient === 0) return 'none'
    if (row.gradient < vanishing * largest) return 'vanishing'
    return row.deadUnits >= dead * row.units ? 'dead units' : 'healthy'
  }
  return rows.map((row) => ({ ...row, verdict: verdictOf(row) }))
}
