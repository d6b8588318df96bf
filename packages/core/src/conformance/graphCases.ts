/** Programs as they come from functions: the samples of every primitive, random graphs and random bodies, with their gradients. */

import { readStorage } from '../backends/storage.ts'
import { isFloat, type TypedArray } from '../dtype.ts'
import { lower } from '../graph/lower.ts'
import { tensor } from '../numeric/creation.ts'
import type { Tensor } from '../tensor.ts'
import { traceGraph } from '../trace/graph.ts'
import { vjpFlat } from '../transforms/vjp.ts'
import { type Case, expectAgreement, type Pair } from './agreement.ts'
import { generator } from './generator.ts'
import { randomBody } from './randomBody.ts'
import { randomFunction } from './randomFunction.ts'
import type { Flat } from './samples/sample.ts'
import { samples } from './samples/samples.ts'

const elements = (x: Tensor): TypedArray => readStorage(x.storage('conformance'))

const inFloat32 = (x: Tensor): Tensor =>
  x.dtype === 'float64' ? tensor(elements(x), { shape: x.shape, dtype: 'float32' }) : x

const expectTraced = (pair: Pair, run: Flat, inputs: readonly Tensor[]): void => {
  const { graph, captured } = traceGraph(run, inputs)
  expectAgreement(pair, lower(graph), [...captured, ...inputs].map(elements))
}

/** Cotangents of the float inputs; the cotangents of the float outputs come after the inputs. */
const gradientOf = (run: Flat, inputs: readonly Tensor[]): Flat => {
  const wanted = inputs.map(({ dtype }) => isFloat(dtype))
  return (xs) => {
    const given = xs.slice(0, inputs.length)
    const { outputs, pullback } = vjpFlat(run, given, wanted)
    let next = inputs.length
    return pullback(outputs.map(({ dtype }) => (isFloat(dtype) ? xs[next++]! : null)))
  }
}

const expectBoth = (pair: Pair, run: Flat, inputs: readonly Tensor[]): void => {
  expectTraced(pair, run, inputs)
  if (!inputs.some(({ dtype }) => isFloat(dtype))) return
  const next = generator(9)
  const cotangents = traceGraph(run, inputs)
    .graph.outputs.filter(({ dtype }) => isFloat(dtype))
    .map(({ shape, dtype }) => {
      const size = shape.reduce((a, b) => a * b, 1)
      return tensor(Float64Array.from({ length: size }, next), { shape, dtype })
    })
  expectTraced(pair, gradientOf(run, inputs), [...inputs, ...cotangents])
}

interface Point {
  readonly run: Flat
  readonly inputs: readonly Tensor[]
}

/** One case, and if there is any float64 another in float32; the point is made when a case runs. */
const casesAt = (pair: Pair, name: string, isWide: boolean, point: () => Point): Case[] =>
  (isWide ? [name, `${name}, in float32`] : [name]).map((title) => ({
    name: title,
    run: () => {
      const { run, inputs } = point()
      expectBoth(pair, run, title === name ? inputs : inputs.map(inFloat32))
    },
  }))

/** How many random graphs there are, and how many random bodies of loops. */
export interface GraphOptions {
  readonly graphs: number
}

const makers = { 'random graph': randomFunction, 'random body': randomBody } as const

/** Cases of traced functions. */
export const graphCases = (pair: Pair, { graphs }: GraphOptions): Case[] => [
  ...Object.entries(samples).flatMap(([primitive, list]) =>
    list.flatMap((sample) => {
      const isWide = sample.inputs.some(({ dtype }) => dtype === 'float64')
      return casesAt(pair, `${primitive}, ${sample.name}`, isWide, () => sample)
    }),
  ),
  ...Object.entries(makers).flatMap(([name, make]) =>
    Array.from({ length: graphs }, (_, seed) =>
      casesAt(pair, `${name} ${seed}`, true, () => make(seed)),
    ).flat(),
  ),
]
