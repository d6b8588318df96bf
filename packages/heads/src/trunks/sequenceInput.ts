/**
 * Rows as sequences: a table's row holds a text of token codes, a series of numbers or an image's patches, one step after another. What comes out is the same
 * for all: steps, and which of them are real.
 */
import {
  ArgumentError,
  any,
  cast,
  expandDims,
  notEqual,
  reshape,
  slice,
  type Tensor,
  transpose,
  where,
} from '@rootstock/core'
import type { Layer } from '../layer.ts'
import { belonging, countFeatures, type FeatureRange } from '../layers/columnEmbedding.ts'
import { type DenseParams, dense } from '../layers/dense.ts'
import { type EmbeddingParams, embedding } from '../layers/embedding.ts'
import { globalAveragePool } from '../layers/globalAveragePool.ts'
import { maskPlaces } from '../layers/masked.ts'

/** What goes from stage to stage: steps `[n, steps, width]`, bool `[n, steps]`, and what stands for the whole, `[n, width]`. */
export interface Flow {
  readonly x: Tensor
  readonly mask?: Tensor
  readonly summary: Tensor
}

/** Parameters of what makes steps of a width out of a row: a table of tokens, or a dense layer on the numbers of a step. */
export type EntryParams = EmbeddingParams | DenseParams

/** How rows are read. */
export interface SequenceInput {
  /** Columns of a row. */
  readonly columns: number
  readonly steps: number
  /** Numbers of a step; null where steps are codes, which need a table first. */
  readonly features: number | null
  /** Steps as they stand in a row: codes `[n, steps]` or numbers `[n, steps, features]`, and which are real. */
  readonly read: (rows: Tensor) => { readonly x: Tensor; readonly mask?: Tensor }
  /** Makes steps of a width out of what `read` gives. */
  readonly entry: (width: number) => Layer<EntryParams>
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1

const expectCounts = (operation: string, counts: Readonly<Record<string, number>>): void => {
  if (Object.values(counts).every(isCount)) return
  throw new ArgumentError({
    operation,
    inputs: counts,
    rule: 'all of these must be whole numbers of at least 1',
  })
}

/** Steps with their mean as what stands for the whole. */
export const averaged = (x: Tensor, mask: Tensor | undefined): Flow => ({
  x,
  ...(mask === undefined ? {} : { mask }),
  summary: globalAveragePool(x, mask),
})

/**
 * Rows of `length` token codes from 0 to `count` - 1; those equal to `padding` are not real.
 * @example
 * ```ts
 * import { rnn, tokens } from '@rootstock/heads'
 * console.log(rnn({ in: tokens({ length: 20, count: 1000, padding: 0 }) }).in) // 20
 * ```
 */
export const tokens = ({
  length,
  count,
  padding,
}: {
  readonly length: number
  readonly count: number
  readonly padding?: number
}): SequenceInput => {
  expectCounts('tokens', { length, count })
  return {
    columns: length,
    steps: length,
    features: null,
    read: (rows) => {
      const x = cast(rows, 'int32')
      return padding === undefined ? { x } : { x, mask: notEqual(x, padding) }
    },
    entry: (width) => embedding({ count, width, ...(padding === undefined ? {} : { padding }) }),
  }
}

/** Numbers of each step through a dense layer. */
const denseEntry = (features: number) => (width: number) =>
  dense({ in: features, out: width }) as Layer<EntryParams>

/**
 * Rows of `length` steps of `features` numbers each. With `masked` the last number of a step says whether it is real: 1 or 0. With `patch` so many steps are taken
 * together as one; it is real if any of them is.
 * @example
 * ```ts
 * import { series, transformer } from '@rootstock/heads'
 * console.log(transformer({ in: series({ length: 96, features: 7, patch: 8 }) }).in) // 672
 * ```
 */
export const series = ({
  length,
  features,
  patch = 1,
  masked = false,
}: {
  readonly length: number
  readonly features: number
  readonly patch?: number
  readonly masked?: boolean
}): SequenceInput => {
  expectCounts('series', { length, features, patch })
  if (length % patch !== 0) {
    throw new ArgumentError({
      operation: 'series',
      inputs: { length, patch },
      rule: 'patch must divide length',
    })
  }
  const steps = length / patch
  return {
    columns: length * features,
    steps,
    features: features * patch,
    read: (rows) => {
      const each = reshape(rows, [rows.shape[0]!, length, features])
      const together = (x: Tensor) => reshape(x, [rows.shape[0]!, steps, features * patch])
      if (!masked) return { x: together(each) }
      const flags = reshape(slice(each, { start: [null, null, -1] }), [rows.shape[0]!, length])
      const isReal = notEqual(flags, 0)
      const mask = patch === 1 ? isReal : any(reshape(isReal, [-1, steps, patch]), { axis: -1 })
      return { x: together(maskPlaces(each, isReal)), mask }
    },
    entry: denseEntry(features * patch),
  }
}

/**
 * Rows that hold an image `[height, width, channels]`, cut into square patches of `size` entries, in row-major order (Dosovitskiy et al., An Image is Worth 16x16
 * Words, 2021).
 * @example
 * ```ts
 * import { patches, transformer } from '@rootstock/heads'
 * console.log(transformer({ in: patches({ image: [28, 28, 1], size: 7 }) }).in) // 784
 * ```
 */
export const patches = ({
  image: [height, width, channels],
  size,
}: {
  readonly image: readonly [height: number, width: number, channels: number]
  readonly size: number
}): SequenceInput => {
  expectCounts('patches', { height, width, channels, size })
  if (height % size !== 0 || width % size !== 0) {
    throw new ArgumentError({
      operation: 'patches',
      inputs: { height, width, size },
      rule: 'size must divide height and width',
    })
  }
  const [down, across] = [height / size, width / size]
  const features = size * size * channels
  return {
    columns: height * width * channels,
    steps: down * across,
    features,
    read: (rows) => {
      const apart = reshape(rows, [rows.shape[0]!, down, size, across, size, channels])
      const together = transpose(apart, [0, 1, 3, 2, 4, 5])
      return { x: reshape(together, [rows.shape[0]!, down * across, features]) }
    },
    entry: denseEntry(features),
  }
}

/**
 * Rows of a table, one step for each column, whatever its kind: a step holds the column's own features, 0 elsewhere, so that a dense layer gives each column a vector
 * of its own (Gorishniy et al., Revisiting Deep Learning Models for Tabular Data, 2021). The columns of a data set of `@rootstock/data` fit as they are.
 * @example
 * ```ts
 * import { columns, transformer } from '@rootstock/heads'
 * const table = columns({ columns: [{ from: 0, to: 1 }, { from: 1, to: 4 }] })
 * console.log(table.steps, transformer({ in: table }).in) // 2 4
 * ```
 */
export const columns = ({
  columns: ranges,
}: {
  readonly columns: readonly FeatureRange[]
}): SequenceInput => {
  const features = countFeatures('columns', ranges)
  return {
    columns: features,
    steps: ranges.length,
    features,
    read: (rows) => ({ x: where(belonging(ranges, features), expandDims(rows, 1), 0) }),
    entry: denseEntry(features),
  }
}
