/** Features off the shelf: a trained trunk run over a table, and the result as a table again. */
import { ArgumentError } from '@rootstock/core'
import type { Labels, Rows, TableRows, Trunk } from '@rootstock/heads'
import { Field, FixedSizeList, Float32, makeData, Table, Vector } from 'apache-arrow'
import { type Encoded, type EncodeOptions, encode } from './encode.ts'
import { labelColumn } from './labelColumn.ts'

/** Options of `features`. */
export interface FeaturesOptions extends Omit<EncodeOptions, 'rows'> {
  /** `list`: one column `features` that holds a list of numbers for each row (default); `columns`: `feature 0`, `feature 1` ... */
  readonly layout?: 'list' | 'columns'
  /** Add a column for each task, with nulls where a label is missing. Default true. */
  readonly labels?: boolean
}

const listColumn = ({ rows, width, inputs }: Encoded): Vector => {
  const child = makeData({ type: new Float32(), length: inputs.length, data: inputs })
  const type = new FixedSizeList(width, new Field('feature', new Float32(), false))
  return new Vector([makeData({ type, length: rows, nullCount: 0, child })])
}

const numberColumns = ({ rows, width, inputs }: Encoded): Record<string, Vector> =>
  Object.fromEntries(
    Array.from({ length: width }, (_, at) => {
      const data = Float32Array.from({ length: rows }, (_, row) => inputs[row * width + at]!)
      return [`feature ${at}`, new Vector([makeData({ type: new Float32(), length: rows, data })])]
    }),
  )

/**
 * A trunk's features of each row as an Arrow table, with the labels beside them: classes by name, numbers in their original units,
 * nulls where there is no label. Write it with `tableToIPC` of `apache-arrow`, or read its columns.
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * import { features } from '@rootstock/eval'
 * import { mlp } from '@rootstock/heads'
 * const trunk = mlp({ in: 2, hidden: [8] })
 * const price = { values: Float32Array.of(3, 0), mask: Uint8Array.of(1, 0) }
 * const data = { rows: 2, width: 2, inputs: Float32Array.of(0, 1, 1, 0), targets: { price } }
 * const table = features(trunk, trunk.init(random.key(0)), data)
 * console.log(table.numRows, table.getChild('price')?.get(1)) // 2 null
 * ```
 */
export const features = <Params>(
  trunk: Trunk<Params>,
  params: Params,
  data: Rows | TableRows,
  { layout = 'list', labels = true, ...options }: FeaturesOptions = {},
): Table => {
  const encoded = encode(trunk, params, data, options)
  const found = layout === 'list' ? { features: listColumn(encoded) } : numberColumns(encoded)
  const targets: readonly (readonly [string, Labels])[] = labels ? Object.entries(data.targets) : []
  const taken = targets.find(([task]) => Object.hasOwn(found, task))
  if (taken !== undefined) {
    throw new ArgumentError({
      operation: 'features',
      inputs: { task: taken[0] },
      rule: 'a task must not have the name of a column of features',
      hint: "labels: false leaves labels out; layout: 'columns' and 'list' name features differently",
    })
  }
  return new Table({
    ...found,
    ...Object.fromEntries(targets.map(([task, column]) => [task, labelColumn(column)])),
  })
}
