/**
 * A sample: a primitive applied at one point. The laws of the test suite and the conformance suite of the backends are
 * generated from the same samples, so whoever adds a primitive writes them once.
 */

import { tensor } from '../../numeric/creation.ts'
import type { Primitive } from '../../primitives/define.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import { bind } from '../../trace/interpreter.ts'
import { generator } from '../generator.ts'

/** A function of tensors as flat lists. */
export type Flat = (inputs: readonly Tensor[]) => readonly Tensor[]

/** A function and a point to look at it. Floats are float64; the function must work for float32 as well. */
export interface Sample {
  /** What the point shows: `ties`, `size 0`. */
  readonly name: string
  readonly run: Flat
  readonly inputs: readonly Tensor[]
  /** False where differences cannot tell the derivative: at kinks, steps, ties and the ends of the number range. */
  readonly smooth: boolean
  /** False where only a reverse rule exists. */
  readonly forward: boolean
  /** False where the function exists in the given dtypes only. */
  readonly anyFloat: boolean
}

/** What is unusual about a sample. */
export type Traits = Partial<Pick<Sample, 'smooth' | 'forward' | 'anyFloat'>>

/** A sample of any function. */
export const sample = (
  name: string,
  inputs: readonly Tensor[],
  run: Flat,
  traits: Traits = {},
): Sample => ({ name, inputs, run, smooth: true, forward: true, anyFloat: true, ...traits })

/** Samples of one primitive. */
export const samplesOf =
  <P>(primitive: Primitive<P>) =>
  (name: string, inputs: readonly Tensor[], params: P, traits: Traits = {}): Sample =>
    sample(name, inputs, (xs) => bind(primitive, xs, params), traits)

/** A float64 tensor of the given elements; one row of them unless a shape is given. */
export const floats = (elements: readonly number[], shape: Shape = [elements.length]): Tensor =>
  tensor(Float64Array.from(elements), { shape })

/** An int32 tensor of the given elements. */
export const ints = (elements: readonly number[], shape: Shape = [elements.length]): Tensor =>
  tensor(Int32Array.from(elements), { shape })

/** A bool tensor of the given elements, written as 0 and 1. */
export const bools = (elements: readonly number[], shape: Shape = [elements.length]): Tensor =>
  tensor(Uint8Array.from(elements), { shape })

/** A range of numbers. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Elements spread over a range; other seeds give others. */
export const spread = (
  shape: Shape,
  seed: number,
  { from, to }: Span = { from: -2, to: 2 },
): Tensor => {
  const next = generator(seed)
  const elements = Array.from(
    { length: sizeOf(shape) },
    () => from + ((next() + 1) / 2) * (to - from),
  )
  return floats(elements, shape)
}

/** Whole numbers from `from` up to but without `to`. */
export const spreadInts = (shape: Shape, seed: number, { from, to }: Span): Tensor => {
  const drawn = spread(shape, seed, { from, to })
  return ints(
    Array.from(drawn.data(), (value) => Math.floor(value)),
    shape,
  )
}
