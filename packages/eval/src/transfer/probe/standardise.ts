/**
 * Standardised features, and back: a probe is trained on features of mean 0 and deviation 1, so that one penalty suits all of them, and
 * its weights are then rewritten for the features as the trunk gives them.
 */
import { tensor } from '@rootstock/core'
import type { LinearHeadParams, Rows, TableRows, Trunk } from '@rootstock/heads'
import { remember } from '@rootstock/heads'
import { type Encoded, encode } from '../../features/encode.ts'
import { windows } from '../../features/windows.ts'

/** Of each feature, its mean and one over its deviation; 0 for a feature that does not vary. */
export interface Standardisation {
  readonly mean: Float64Array
  readonly inverse: Float64Array
}

/** Deviations below this share of the feature's size are rounding. */
const leastDeviation = 1e-6

/** Means and deviations of features over rows, all in one pass (Welford, 1962). */
const measure = (
  width: number,
  rows: number,
  part: (from: number, to: number) => Float32Array,
): Standardisation => {
  const mean = new Float64Array(width)
  const squares = new Float64Array(width)
  let count = 0
  for (const { from, to } of windows('linearProbe', rows, 1024)) {
    // the last window may overlap the one before it
    const values = part(Math.max(from, count), to)
    for (let i = 0; i < values.length; i += width) {
      count++
      for (let at = 0; at < width; at++) {
        const difference = values[i + at]! - mean[at]!
        mean[at]! += difference / count
        squares[at]! += difference * (values[i + at]! - mean[at]!)
      }
    }
  }
  const inverse = squares.map((sum, at) => {
    const deviation = Math.sqrt(sum / count)
    return deviation > leastDeviation * Math.max(Math.abs(mean[at]!), leastDeviation)
      ? 1 / deviation
      : 0
  })
  return { mean, inverse }
}

// biome-ignore lint/suspicious/noExplicitAny: one memory serves trunks of all types
type AnyTrunk = Trunk<any>

const ofInputs = remember(
  (trunk: AnyTrunk, params: object, inputs: Float32Array): Standardisation => {
    const rows = inputs.length / trunk.in
    const data = { rows, width: trunk.in, inputs, targets: {} }
    return measure(trunk.out, rows, (from, to) => {
      const indices = Int32Array.from({ length: to - from }, (_, i) => from + i)
      return encode(trunk, params, data, { rows: indices }).inputs
    })
  },
)

/**
 * The standardisation of a trunk's features over all rows of the data, labelled or not: inputs cost no label. It is remembered, since
 * comparisons ask again and again for the same trunk and rows.
 */
export const standardisationOf = <Params>(
  trunk: Trunk<Params>,
  params: Params,
  data: Rows | TableRows,
): Standardisation => ofInputs(trunk, params as object, data.inputs)

/** Standardises features in place. */
export const standardise = (features: Encoded, { mean, inverse }: Standardisation): Encoded => {
  const { inputs, width } = features
  for (let i = 0; i < inputs.length; i++) {
    const at = i % width
    inputs[i] = (inputs[i]! - mean[at]!) * inverse[at]!
  }
  return features
}

/** A linear head for features as they are, from one for standardised features: equal outputs. */
export const unstandardise = (
  { dense }: LinearHeadParams,
  { mean, inverse }: Standardisation,
): LinearHeadParams => {
  const old = dense.weight.data()
  const [width, out] = dense.weight.shape as readonly [number, number]
  const weight = new Float32Array(width * out)
  const bias = Float64Array.from({ length: out }, (_, k) => dense.bias?.data()[k] ?? 0)
  for (let at = 0; at < width; at++) {
    for (let k = 0; k < out; k++) {
      const scaled = old[at * out + k]! * inverse[at]!
      weight[at * out + k] = scaled
      bias[k]! -= mean[at]! * scaled
    }
  }
  return {
    dense: {
      weight: tensor(weight, { shape: [width, out] }),
      bias: tensor(Float32Array.from(bias)),
    },
  }
}
