/** Trunks for tables: each column gets a vector of its own, then an mlp, residual blocks or a transformer. */
import {
  ArgumentError,
  add,
  heNormal,
  random,
  relu,
  reshape,
  type Tensor,
  varianceScaling,
} from '@rootstock/core'
import { type Mode, modeOf } from '../layer.ts'
import {
  type ColumnEmbeddingParams,
  columnEmbedding,
  countFeatures,
  type FeatureRange,
} from '../layers/columnEmbedding.ts'
import { type DenseParams, dense } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { type LayerNormParams, layerNorm } from '../layers/layerNorm.ts'
import { type MlpStageParams, mlpStage } from './mlp.ts'
import { columns as columnsInput } from './sequenceInput.ts'
import { type TransformerParams, transformer } from './transformer.ts'
import { type Stage, type Trunk, type TrunkParams, trunkOf } from './trunk.ts'

/** Parameters of the first stage: the vectors of columns, and under `resnet` what joins them to the width of the blocks. */
export interface TableEntryParams {
  readonly embedding: ColumnEmbeddingParams
  readonly join?: DenseParams
}

/** Parameters of a residual block; the last one has a normalisation at its end. */
export interface TableBlockParams {
  readonly normalise: LayerNormParams
  readonly inner: DenseParams
  readonly outer: DenseParams
  readonly last?: LayerNormParams
}

/** Parameters of a `tabular` trunk. */
export type TabularParams =
  | TrunkParams<TableEntryParams | TableBlockParams | MlpStageParams>
  | TransformerParams

/** Options of `tabular`. */
export interface TabularOptions {
  /** The columns of a data set of `@rootstock/data` fit as they are. */
  readonly columns: readonly FeatureRange[]
  /** What follows the vectors of columns. Default `mlp`. */
  readonly body?: 'mlp' | 'resnet' | 'transformer'
  /** Columns of each stage, of each step under `transformer`. Default 64. */
  readonly width?: number
  /** Stages or blocks behind the vectors of columns. Default 2. */
  readonly depth?: number
  /** Length of a column's vector; under `transformer` it is the width. Default 8. */
  readonly embedding?: number
  /** Heads of a `transformer`. Default 4. */
  readonly heads?: number
  /** Probability of dropping. Default 0.1. */
  readonly dropout?: number
}

// what a stage's parameters are is known where it is made
type AnyStage = Stage<TableEntryParams | TableBlockParams | MlpStageParams>

type Sizes = Required<Omit<TabularOptions, 'body' | 'heads'>>

/** relu of all vectors side by side, and what joins them if anything. */
const entryOf = ({ columns, embedding, width }: Sizes, joins: boolean): Stage<TableEntryParams> => {
  const each = columnEmbedding({ columns, width: embedding })
  const side = columns.length * embedding
  const join = dense({ in: side, out: width, init: varianceScaling() })
  return {
    out: joins ? width : side,
    init: (key) => ({
      embedding: each.init(random.fold(key, 0)),
      ...(joins ? { join: join.init(random.fold(key, 1)) } : {}),
    }),
    apply: (params, x, mode) => {
      const vectors = relu(each.apply(params.embedding, x, mode))
      const y = reshape(vectors, [x.shape[0]!, side])
      return params.join === undefined ? y : join.apply(params.join, y, mode)
    },
  }
}

/** x + outer(relu(inner(norm x))); behind the last one relu(norm). */
const blockOf = (
  { width, dropout: probability }: Sizes,
  isLast: boolean,
): Stage<TableBlockParams> => {
  const norm = layerNorm({ width })
  const inner = dense({ in: width, out: 2 * width, init: heNormal })
  const outer = dense({ in: 2 * width, out: width })
  const drop = dropout({ probability })
  return {
    out: width,
    init: (key) => ({
      normalise: norm.init(key),
      inner: inner.init(random.fold(key, 0)),
      outer: outer.init(random.fold(key, 1)),
      ...(isLast ? { last: norm.init(key) } : {}),
    }),
    apply: (params, x: Tensor, mode: Mode) => {
      const hidden = relu(inner.apply(params.inner, norm.apply(params.normalise, x, mode), mode))
      const branch = outer.apply(params.outer, drop.apply({}, hidden, modeOf(mode, 0)), mode)
      const y = add(x, drop.apply({}, branch, modeOf(mode, 1)))
      return params.last === undefined ? y : relu(norm.apply(params.last, y, mode))
    },
  }
}

const bodyOf = (sizes: Sizes, body: 'mlp' | 'resnet'): readonly AnyStage[] => {
  const { width, dropout: probability, columns, embedding } = sizes
  const stages = Array.from({ length: sizes.depth }, (_, i) =>
    body === 'resnet'
      ? blockOf(sizes, i === sizes.depth - 1)
      : mlpStage({
          in: i === 0 ? columns.length * embedding : width,
          out: width,
          activation: relu,
          normalise: 'none',
          dropBefore: 0,
          dropAfter: probability,
          residual: false,
          init: heNormal,
        }),
  )
  return stages as readonly unknown[] as readonly AnyStage[]
}

/**
 * A trunk for rows of a table, `[n, features]` to `[n, width]`: each column, number or category, becomes a vector (stage 0), then come dense
 * stages (`mlp`), residual blocks (`resnet`) or blocks of attention among the columns (`transformer`)
 * (Gorishniy et al., Revisiting Deep Learning Models for Tabular Data, 2021; On Embeddings for Numerical Features, 2022).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { evaluation, tabular } from '@rootstock/heads'
 * const columns = [{ from: 0, to: 1 }, { from: 1, to: 4 }]
 * const trunk = tabular({ columns, body: 'resnet' })
 * console.log(trunk.taps.map((tap) => tap.width)) // [64, 64, 64]
 * console.log(trunk.apply(trunk.init(random.key(0)), ones([5, 4]), evaluation).shape) // [5, 64]
 * ```
 */
export const tabular = ({
  columns,
  body = 'mlp',
  width = 64,
  depth = 2,
  embedding = 8,
  heads = 4,
  dropout: probability = 0.1,
}: TabularOptions): Trunk<TabularParams> => {
  const features = countFeatures('tabular', columns)
  const sizes = { width, depth, embedding }
  if (!Object.values(sizes).every((size) => Number.isInteger(size) && size >= 1)) {
    throw new ArgumentError({
      operation: 'tabular',
      inputs: sizes,
      rule: 'width, depth and embedding must be whole numbers of at least 1',
    })
  }
  if (body === 'transformer') {
    const read = { in: columnsInput({ columns }), width, depth, heads, dropout: probability }
    return transformer(read) as Trunk<TabularParams>
  }
  const all: Sizes = { ...sizes, columns, dropout: probability }
  const entry = entryOf(all, body === 'resnet')
  const layers = [entry as AnyStage, ...bodyOf(all, body)]
  return trunkOf({ in: features, layers }) as Trunk<TabularParams>
}
