/** Labels as Arrow columns: nulls where there is none, names for classes, original units for numbers. */
import type { Labels } from '@rootstock/heads'
import {
  type Data,
  Dictionary,
  Float32,
  Float64,
  Int32,
  makeData,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow'

/** Labels that may say what they are, as those of a data set do. */
export type DescribedLabels = Labels & {
  readonly kind?: 'classification' | 'regression'
  readonly classes?: readonly string[]
  readonly mean?: number
  readonly deviation?: number
}

/** One bit for each row, least first: what Arrow calls validity. */
const bitsOf = (mask: Uint8Array): { readonly bits: Uint8Array; readonly missing: number } => {
  const bits = new Uint8Array(Math.ceil(mask.length / 8))
  let missing = 0
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === 0) missing++
    else bits[row >> 3]! |= 1 << (row & 7)
  }
  return { bits, missing }
}

/** The column of a task. Labels without a description are written as they are. */
export const labelColumn = (labels: DescribedLabels): Vector => {
  const { values, mask, classes, mean = 0, deviation = 1 } = labels
  const { bits, missing } = bitsOf(mask)
  const shared = { length: mask.length, nullCount: missing, nullBitmap: bits }
  const made = (): Data => {
    if (classes !== undefined) {
      const type = new Dictionary(new Utf8(), new Int32())
      const dictionary = vectorFromArray([...classes], new Utf8())
      return makeData({ type, ...shared, data: Int32Array.from(values), dictionary })
    }
    if (labels.kind === 'regression') {
      const original = Float64Array.from(values, (value) => value * deviation + mean)
      return makeData({ type: new Float64(), ...shared, data: original })
    }
    return values instanceof Int32Array
      ? makeData({ type: new Int32(), ...shared, data: values })
      : makeData({ type: new Float32(), ...shared, data: values })
  }
  return new Vector([made()])
}
