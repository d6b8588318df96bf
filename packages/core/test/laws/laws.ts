/** Which laws hold for a sample of a primitive. */
import type { Sample } from '../../src/conformance/samples/sample.ts'
import { isFloat } from '../../src/dtype.ts'
import type { Derivative } from '../../src/primitives/define.ts'
import { adjointLaw, cotangentLaw, linearLaw, tangentLaw } from './derivatives.ts'
import { batchedOf, floatPart, floatPositions, forwardOf, type Point, reverseOf } from './flat.ts'
import { shapeLaw } from './shapes.ts'
import { batchLaw, inFloat32, modesLaw, precisionLaw } from './values.ts'

/** One thing to check: throws when the law does not hold. */
export interface Law {
  readonly name: string
  readonly check: () => void
}

type Modes = Pick<Sample, 'smooth' | 'forward'>

/** All choices of inputs but the empty one. */
const subsets = (count: number): boolean[][] =>
  Array.from({ length: 2 ** count - 1 }, (_, k) =>
    Array.from({ length: count }, (__, i) => ((k + 1) >> i) % 2 === 1),
  )

/** The laws of a function's derivative. */
const firstOrder = (
  make: () => Point,
  { smooth, forward }: Modes,
  of: string,
  seed: number,
): Law[] => {
  const law = (name: string, check: (point: Point, seed: number) => void): Law => ({
    name: `${name}${of}`,
    check: () => {
      check(make(), seed)
    },
  })
  const compared = forward ? law('tangents', tangentLaw) : law('cotangents', cotangentLaw)
  return [...(smooth ? [compared] : []), ...(forward ? [law('adjoint', adjointLaw)] : [])]
}

/** The laws of the derivative in some inputs, of its derivatives' derivatives in all four combinations, and of its batch's. */
const derivativesIn = (point: Point, modes: Modes, positions: readonly number[]): Law[] => {
  const part = floatPart(point, positions)
  const all = (of: Point): boolean[] => of.inputs.map(() => true)
  const reverse = () => reverseOf(part, 2)
  const ahead = () => forwardOf(part, 1)
  const batch = () => batchedOf(part, all(part))
  const { forward } = modes
  const laws = [
    ...firstOrder(() => part, modes, '', 3),
    ...firstOrder(reverse, { ...modes, forward: true }, ' of the reverse derivative', 4),
    ...(forward ? firstOrder(ahead, modes, ' of the forward derivative', 5) : []),
    ...firstOrder(batch, modes, ' of a batch', 6),
    { name: 'modes of the reverse derivative', check: () => modesLaw(reverse()) },
    {
      name: 'batch of the reverse derivative',
      check: () => {
        const derived = reverse()
        batchLaw(derived, all(derived))
      },
    },
  ]
  return laws.map(({ name, check }) => ({ name: `${name} in ${positions.join()}`, check }))
}

/** The laws of derivatives in each float input alone, and in all of them. */
const derivatives = (point: Point, modes: Modes): Law[] => {
  const positions = floatPositions(point.inputs)
  const alone = positions.map((i) => [i])
  const choices = positions.length > 1 ? [...alone, positions] : alone
  return choices.flatMap((chosen) => derivativesIn(point, modes, chosen))
}

/** Inputs in which a primitive promises to be linear, together. */
const linearPositions = (derivative: Derivative<never>, inputs: Point['inputs']): number[][] => {
  const floats = floatPositions(inputs)
  // with an infinite factor no difference can be told
  if (inputs.some((x) => isFloat(x.dtype) && !x.data().every(Number.isFinite))) return []
  if (derivative.kind === 'bilinear') return floats.map((i) => [i])
  if (derivative.kind !== 'linear') return []
  return [floats.filter((i) => derivative.of?.includes(i) ?? true)]
}

const linearity = (derivative: Derivative<never>, point: Point): Law[] =>
  linearPositions(derivative, point.inputs)
    .filter((positions) => positions.length > 0)
    .map((positions) => ({
      name: `linear in ${positions.join()}`,
      check: () => linearLaw(floatOutputs(point), positions, 7),
    }))

const floatOutputs = ({ run, inputs }: Point): Point => ({
  inputs,
  run: (xs) => run(xs).filter((y) => isFloat(y.dtype)),
})

/** Every law that a sample of a primitive with this derivative keeps. */
export const lawsOf = (point: Sample, derivative: Derivative<never>): Law[] => {
  const narrow = inFloat32(point)
  const all = point.inputs.map(() => true)
  const hasFloats = point.inputs.some((x) => x.dtype === 'float64')
  const inBoth = (name: string, check: (at: Point) => void): Law[] => [
    { name, check: () => check(point) },
    ...(hasFloats ? [{ name: `${name} in float32`, check: () => check(narrow) }] : []),
  ]
  return [
    ...inBoth('shape', shapeLaw),
    ...inBoth('modes', modesLaw),
    ...subsets(point.inputs.length).map((batched) => ({
      name: `batch of ${batched.flatMap((flag, i) => (flag ? [i] : [])).join()}`,
      check: () => batchLaw(point, batched),
    })),
    ...(all.length > 0
      ? [{ name: 'batch of a batch', check: () => batchLaw(batchedOf(point, all), all) }]
      : []),
    ...linearity(derivative, point),
    ...derivatives(point, point),
    ...(point.smooth ? [{ name: 'float32 as float64', check: () => precisionLaw(point) }] : []),
  ]
}
