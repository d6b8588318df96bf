/** A planted table for tests: a hidden cause behind numbers, a class and a coin; some numbers are missing. */
import type { Column, Inputs } from '@rootstock/pretrain'

export const columns: readonly Column[] = [
  { name: 'height', kind: 'numeric', from: 0, to: 1 },
  { name: 'height is missing', kind: 'mask', from: 1, to: 2 },
  { name: 'colour', kind: 'categorical', from: 2, to: 5 },
  { name: 'wine', kind: 'binary', from: 5, to: 6 },
  { name: 'spectrum', kind: 'numeric', from: 6, to: 10 },
]

export const width = 10

const noise = (i: number): number => {
  const x = Math.sin(i * 12.9898) * 43758.5453
  return x - Math.floor(x)
}

/** Rows in which every column says something about the others. */
export const planted = (rows: number): Inputs & { readonly inputs: Float32Array<ArrayBuffer> } => {
  const inputs = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const cause = 3.4 * (noise(row + 0.5) - 0.5)
    const at = row * width
    const isMissing = noise(row * 7 + 3) < 0.1
    inputs[at] = isMissing ? 0 : cause
    inputs[at + 1] = Number(isMissing)
    inputs[at + 2 + (cause < -0.6 ? 0 : cause < 0.6 ? 1 : 2)] = 1
    inputs[at + 5] = Number(cause > 0)
    for (let k = 0; k < 4; k++) inputs[at + 6 + k] = Math.cos(cause + k)
  }
  return { rows, width, inputs }
}
