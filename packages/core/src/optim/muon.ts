/** Muon: momentum whose matrices are made orthogonal, so that every direction of a layer moves alike. */
import { add, div, mul } from '../numeric/arithmetic.ts'
import { matmul } from '../numeric/linear.ts'
import { transpose } from '../numeric/movement.ts'
import { norm } from '../numeric/reductions.ts'
import type { Tensor } from '../tensor.ts'
import { type AdamState, adamW } from './adam.ts'
import { chain } from './chain.ts'
import { type ChooseState, choose } from './choose.ts'
import { addDecayedWeights, type DecayMask } from './decay.ts'
import { descend, type RateState, type Stateless, stateless } from './scale.ts'
import { type MomentumState, withMomentum } from './sgd.ts'
import type { Rate, Transform } from './transform.ts'

// Coefficients of the quintic that pulls all singular values into about [0.7, 1.2] in few steps (Jordan, 2024).
const [linear, cubic, quintic] = [3.4445, -4.775, 2.0315] as const

/**
 * The matrix with the singular vectors of x and singular values near 1, by Newton-Schulz iterations
 * `x <- a x + b (x x^T) x + c (x x^T)^2 x` (Jordan et al., Muon, 2024; Bernstein and Newhouse, Old optimizer, new norm, 2024).
 * @example
 * ```ts
 * import { orthogonalize, tensor } from '@rootstock/core'
 * const [[a], [, b]] = orthogonalize(tensor([[100, 0], [0, 100]])).toArray() as [[number], [number, number]]
 * console.log(Math.abs(a - 1) < 0.3, Math.abs(b - 1) < 0.3) // true true
 * ```
 */
export const orthogonalize = (
  x: Tensor,
  { iterations = 5 }: { readonly iterations?: number } = {},
): Tensor => {
  const isTall = x.shape[0]! > x.shape[1]!
  // the smaller side makes the smaller products
  let y = isTall ? transpose(x) : x
  y = div(y, add(norm(y), 1e-7))
  for (let i = 0; i < iterations; i++) {
    const gram = matmul(y, transpose(y))
    const factor = add(mul(gram, cubic), mul(matmul(gram, gram), quintic))
    y = add(mul(y, linear), matmul(factor, y))
  }
  return isTall ? transpose(y) : y
}

/** Options of `muon`. */
export interface MuonOptions extends DecayMask {
  /** Of the matrices. Default 0.02. */
  readonly learningRate?: Rate
  /** Default 0.95, with Nesterov's look ahead. */
  readonly momentum?: number
  /** Share of each parameter removed per unit of learning rate. Default 0. */
  readonly weightDecay?: number
  /** Which parameters are such matrices; default those of two axes. Embeddings and output layers are better left to Adam. */
  readonly selects?: (path: string, param: Tensor) => boolean
  /** Learning rate of AdamW for all the others. Default 1e-3. */
  readonly otherRate?: Rate
}

/** The state of `muon`. */
export type MuonState = ChooseState<
  readonly [MomentumState, Stateless, Stateless, RateState],
  readonly [AdamState, Stateless, RateState]
>

/**
 * Muon (Jordan et al., 2024): matrices `[in, out]` step along their orthogonalised momentum times `sqrt(max(1, out / in))`, everything
 * else by AdamW.
 * @example
 * ```ts
 * import { muon } from '@rootstock/core'
 * const optimizer = muon({ selects: (path, { rank }) => rank === 2 && path.startsWith('trunk') })
 * console.log(typeof optimizer.update) // function
 * ```
 */
export const muon = ({
  learningRate = 0.02,
  momentum = 0.95,
  weightDecay = 0,
  selects = (_, { rank }) => rank === 2,
  otherRate = 1e-3,
  decays,
}: MuonOptions = {}): Transform<MuonState> => {
  const step = stateless((x) => {
    const [inputs, outputs] = x.shape as readonly [number, number]
    return mul(orthogonalize(x), Math.sqrt(Math.max(1, outputs / inputs)))
  })
  const matrices = chain(
    withMomentum({ momentum, nesterov: true }),
    step,
    addDecayedWeights({ rate: weightDecay, decays }),
    descend(learningRate),
  )
  return choose(selects, matrices, adamW({ learningRate: otherRate, weightDecay, decays }))
}
