/** A vector for each column of a table, whatever its kind. */
import {
  ArgumentError,
  add,
  expandDims,
  matmul,
  random,
  reshape,
  swapAxes,
  type Tensor,
  tensor,
  where,
} from '@rootstock/core'
import type { Layer } from '../layer.ts'

/** Features `[from, to)` of a row that belong to one column of a table. */
export interface FeatureRange {
  readonly from: number
  readonly to: number
}

/** Parameters of `columnEmbedding`: a row for each feature, `[features, width]`, and one for each column, `[columns, width]`. */
export interface ColumnEmbeddingParams {
  readonly weight: Tensor
  readonly bias: Tensor
}

/** Features of all columns; throws in the name of `operation` unless they follow each other. */
export const countFeatures = (operation: string, columns: readonly FeatureRange[]): number => {
  const isPartition = columns.every(
    ({ from, to }, i) => from === (i === 0 ? 0 : columns[i - 1]!.to) && to > from,
  )
  if (columns.length > 0 && isPartition) return columns.at(-1)!.to
  throw new ArgumentError({
    operation,
    inputs: { columns: columns.map(({ from, to }) => `${from}-${to}`) },
    rule: 'columns must follow each other from feature 0 on, each with at least one feature',
  })
}

/** bool `[columns, features]`: which features belong to a column. */
export const belonging = (columns: readonly FeatureRange[], features: number): Tensor => {
  const own = new Uint8Array(columns.length * features)
  columns.forEach(({ from, to }, column) => {
    own.fill(1, column * features + from, column * features + to)
  })
  return tensor(own, { shape: [columns.length, features], dtype: 'bool' })
}

/**
 * y_c = sum over features f of column c of x_f weight_f + bias_c, `[n, features]` to `[n, columns, width]`: of a category its row of a table,
 * of a number a line (Gorishniy et al., Revisiting Deep Learning Models for Tabular Data, 2021). Weights and biases start standard normal,
 * so that a relu behind it bends at places spread over the range of a standardised column, and has mean square 1.
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { columnEmbedding, evaluation } from '@rootstock/heads'
 * const layer = columnEmbedding({ columns: [{ from: 0, to: 1 }, { from: 1, to: 4 }], width: 8 })
 * console.log(layer.apply(layer.init(random.key(0)), ones([5, 4]), evaluation).shape) // [5, 2, 8]
 * ```
 */
export const columnEmbedding = ({
  columns,
  width,
}: {
  readonly columns: readonly FeatureRange[]
  readonly width: number
}): Layer<ColumnEmbeddingParams> => {
  const features = countFeatures('columnEmbedding', columns)
  return {
    init: (key) => ({
      weight: random.normal(random.fold(key, 0), [features, width]),
      bias: random.normal(random.fold(key, 1), [columns.length, width]),
    }),
    apply: ({ weight, bias }, x) => {
      // one product for all columns: a feature's row stands in its own column's place
      const isOwn = expandDims(swapAxes(belonging(columns, features), 0, 1), -1)
      const apart = where(isOwn, expandDims(weight, 1), 0)
      const y = matmul(x, reshape(apart, [features, columns.length * width]))
      return add(reshape(y, [x.shape[0]!, columns.length, width]), bias)
    },
  }
}
