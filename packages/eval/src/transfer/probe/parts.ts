/** Rows in parts of one size, so that a loss over any number of rows is compiled for few sizes and needs little memory. */
import { type Batch, gather, type Labels } from '@rootstock/heads'
import type { Encoded } from '../../features/encode.ts'

/** Labelled rows of each task. */
export type Counts = Readonly<Record<string, number>>

/** Of each task, the share of its labelled rows that lie in a part. */
export type Shares = Readonly<Record<string, number>>

/** Features and labels of the rows that are trained on. */
export interface ProbeData {
  readonly features: Encoded
  readonly targets: Readonly<Record<string, Labels>>
}

/** Some of the rows. */
export interface Part {
  readonly batch: Batch
  readonly shares: Shares
}

// Parts are filled up to a power of two with rows that have no label, so that few sizes are compiled.
const mostRows = 1024
const partSize = (rows: number): number =>
  Math.min(mostRows, 2 ** Math.max(4, Math.ceil(Math.log2(rows))))

/** Rows with a label of each task. */
export const countsOf = (tasks: readonly string[], { targets }: ProbeData): Counts =>
  Object.fromEntries(
    tasks.map((task) => [
      task,
      targets[task]!.mask.reduce((sum, entry) => sum + (entry === 0 ? 0 : 1), 0),
    ]),
  )

/** The rows in parts of one size. */
export const partsOf = (
  tasks: readonly string[],
  { features, targets }: ProbeData,
  counts: Counts,
): readonly Part[] => {
  const { rows, width } = features
  const size = partSize(rows)
  const filled = Math.ceil(rows / size) * size
  const inputs = new Float32Array(filled * width)
  inputs.set(features.inputs)
  const padded = tasks.map((task) => {
    const { values, mask } = targets[task]!
    const longer = values instanceof Int32Array ? new Int32Array(filled) : new Float32Array(filled)
    longer.set(values)
    const labelled = new Uint8Array(filled)
    labelled.set(mask)
    return [task, { values: longer, mask: labelled }] as const
  })
  const data = { rows: filled, width, inputs, targets: Object.fromEntries(padded) }
  return Array.from({ length: filled / size }, (_, k) => {
    const { batch, labelled } = gather(
      data,
      tasks,
      Int32Array.from({ length: size }, (_, i) => k * size + i),
    )
    const shares = tasks.map((task) => [task, labelled[task]! / Math.max(1, counts[task]!)])
    return { batch, shares: Object.fromEntries(shares) }
  })
}
