/** What scores of features need of a table of them: its singular directions, found on its smaller side. */
import { eigh, matmul, type Tensor, tensor, transpose } from '@rootstock/core'

/** The singular directions of a table of rank r whose singular values are not 0. */
export interface Spectrum {
  /** The r squared singular values, rising. */
  readonly values: Float64Array
  /** The r inner products of the left singular vectors with a column of the table's length. */
  readonly project: (column: Float64Array) => Float64Array
}

const productWith = (matrix: Tensor, column: Float64Array): Float64Array =>
  Float64Array.from(
    matmul(matrix, tensor(column, { shape: [column.length], dtype: 'float64' })).data(),
    Number,
  )

/** The spectrum of a row-major table, from the eigenvectors of x x^T or x^T x, whichever is smaller. */
export const spectrumOf = (table: Float64Array, rows: number, width: number): Spectrum => {
  const x = tensor(table, { shape: [rows, width], dtype: 'float64' })
  const isWide = width > rows
  const { values, vectors } = eigh(isWide ? matmul(x, transpose(x)) : matmul(transpose(x), x))
  const squares = Float64Array.from(values.data(), Number)
  // what rounding leaves of an eigenvalue that is 0
  const noise = Math.max(rows, width) * Number.EPSILON * Math.max(0, squares.at(-1) ?? 0)
  const first = squares.findIndex((square) => square > noise)
  const kept = first < 0 ? squares.length : first
  const positive = squares.subarray(kept)
  const turned = transpose(vectors)
  const project = (column: Float64Array): Float64Array => {
    if (isWide) return productWith(turned, column).subarray(kept)
    // u = x v / s
    const along = productWith(turned, productWith(transpose(x), column)).subarray(kept)
    return along.map((product, i) => product / Math.sqrt(positive[i]!))
  }
  return { values: positive, project }
}
