/**
 * The schema of an Arrow file: that its tables lie inside its bytes, and where the nodes of its columns stand in a batch, since a
 * column that is shorter than its batch would be padded with missing values in silence.
 */
import {
  byteField,
  expectSound,
  type Node,
  tableField,
  tablesField,
  vectorField,
} from './flatbuffer.ts'

const mostFields = 100_000
const deepest = 64

/** Where the columns stand among the nodes of a batch. */
export interface NodeLayout {
  /** The node of each column; its children follow it. */
  readonly columns: readonly number[]
  readonly nodes: number
}

/** Texts by key, which are the given field of a table. A length of billions here keeps apache-arrow busy for minutes. */
export const verifyMetadata = (from: Node, field: number): void => {
  for (const pair of tablesField(from, field)) {
    vectorField(pair, 0, 1)
    vectorField(pair, 1, 1)
  }
}

const timestampType = 10
const unionType = 14

// The only types with vectors of their own.
const verifyType = (field: Node): void => {
  const type = tableField(field, 3)
  if (type === undefined) return
  const kind = byteField(field, 2)
  if (kind === timestampType) vectorField(type, 1, 1)
  if (kind === unionType) vectorField(type, 1, 4)
}

interface Budget {
  fields: number
}

// The nodes of a field: its own and, unless a dictionary holds its values, those of its children.
const verifyField = (field: Node, budget: Budget, depth: number): number => {
  expectSound(depth < deepest, 'the schema is nested too deeply')
  expectSound(--budget.fields > 0, 'the schema has too many fields')
  vectorField(field, 0, 1)
  verifyType(field)
  verifyMetadata(field, 6)
  const isEncoded = tableField(field, 4) !== undefined
  let nodes = 1
  for (const child of tablesField(field, 5)) {
    const below = verifyField(child, budget, depth + 1)
    if (!isEncoded) nodes += below
  }
  return nodes
}

/** Verifies a schema. Throws `CorruptFlatbuffer`. */
export const verifySchema = (schema: Node): NodeLayout => {
  expectSound(byteField(schema, 0) === 0, 'the numbers are big-endian')
  verifyMetadata(schema, 2)
  vectorField(schema, 3, 8)
  const budget = { fields: mostFields }
  const columns: number[] = []
  let nodes = 0
  for (const field of tablesField(schema, 1)) {
    columns.push(nodes)
    nodes += verifyField(field, budget, 0)
  }
  return { columns, nodes }
}
