/** What to read of a file that holds columns with types of their own. */
export interface ColumnarOptions {
  /** Name of the file in messages. */
  readonly file?: string
  /** Read only these columns, in this order. */
  readonly columns?: readonly string[]
  /** NaN and infinities in number columns: an error (default), or missing values. */
  readonly nonFinite?: 'error' | 'missing'
}
