/** A few photographs: what they show, and where. Some have no box, so that this task's loss is masked for them. */
import {
  column,
  type DataError,
  type Dataset,
  joinColumns,
  type NumberColumn,
  prepare,
  readTable,
  select,
  splitRows,
  type Table,
} from '@rootstock/data'
import { evaluate, meanBoxIou } from '@rootstock/eval'
import { boxes, classification, convnet, type Labels, multitask, type Rows } from '@rootstock/heads'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Fit, type FitContext, unusable } from './fit.ts'
import { train } from './training.ts'

const side = 64
const channels = 3
const animals = ['butterfly', 'dalmatian', 'dolphin'] as const
const edges = ['xmin', 'ymin', 'xmax', 'ymax'] as const

type Photos = Rows<'class' | 'box'>

/** Boxes of some rows as shares of their photographs; a row in which an edge is missing has none. */
const boxesOf = (table: Table, rows: Int32Array): E.Either<DataError, Labels> =>
  pipe(
    ['width', 'height', ...edges],
    E.traverseArray((name) => column(table, name)),
    E.map((found) => {
      const [width, height, ...corners] = found as unknown as readonly NumberColumn[]
      const values = new Float32Array(rows.length * edges.length)
      const mask = new Uint8Array(rows.length)
      rows.forEach((row, i) => {
        if (corners.some(({ valid }) => valid?.[row] === 0)) return
        mask[i] = 1
        corners.forEach((edge, j) => {
          const size = j % 2 === 0 ? width! : height!
          values[i * edges.length + j] = edge.values[row]! / size.values[row]!
        })
      })
      return { values, mask, width: edges.length }
    }),
  )

const withBoxes = (
  table: Table,
  rows: Int32Array,
  { width, inputs, targets }: Dataset<'class'>,
): E.Either<DataError, Photos> =>
  pipe(
    boxesOf(table, rows),
    E.map((box) => ({ rows: rows.length, width, inputs, targets: { class: targets.class, box } })),
  )

const split = { by: 'column', column: 'split', test: 'test' } as const
const heldOut = { by: 'modulo', divisor: 5, test: 3 } as const

const partsOf = (
  table: Table,
  { validate, limit }: FitContext,
): E.Either<DataError, { readonly train: Photos; readonly test: Photos }> =>
  pipe(
    splitRows(split, table),
    E.flatMap((parts) => (validate ? splitRows(heldOut, table, parts.train) : E.right(parts))),
    E.map((parts) => ({
      trainRows: parts.train.slice(0, limit?.rows),
      testRows: parts.test.slice(0, limit?.rows),
    })),
    E.bindTo('rows'),
    E.bind('prepared', ({ rows }) =>
      pipe(
        select({ inputs: ['image'], targets: { class: { column: 'class', classes: animals } } })(
          table,
        ),
        E.flatMap((selected) => prepare(selected, { by: 'table', test: table, ...rows })),
      ),
    ),
    E.bind('train', ({ rows, prepared }) => withBoxes(table, rows.trainRows, prepared.train)),
    E.bind('test', ({ rows, prepared }) => withBoxes(table, rows.testRows, prepared.test)),
  )

const read = (context: FitContext) => {
  const folder = `${context.folder}/caltech101-3`
  return pipe(
    [
      readTable(`${folder}/images-rgb64-idx4-ubyte.gz`, { name: 'image' }),
      readTable(`${folder}/labels.csv`),
    ],
    TE.sequenceSeqArray,
    TE.flatMapEither(joinColumns),
    TE.flatMapEither((table) => partsOf(table, context)),
    TE.mapLeft(unusable),
  )
}

/** Each photograph twice, the second time seen in a mirror: left and right of its box change places. */
export const withMirrored = ({ rows, width, inputs, targets }: Photos): Photos => {
  const twice = new Float32Array(2 * inputs.length)
  twice.set(inputs)
  for (let line = 0; line < rows * side; line++) {
    for (let x = 0; x < side; x++) {
      const from = (line * side + side - 1 - x) * channels
      twice.set(
        inputs.subarray(from, from + channels),
        inputs.length + (line * side + x) * channels,
      )
    }
  }
  const { class: kind, box } = targets
  const corners = new Float32Array(2 * box.values.length)
  corners.set(box.values)
  for (let row = 0; row < rows; row++) {
    const [left, top, right, bottom] = box.values.subarray(row * 4, row * 4 + 4)
    corners.set([1 - right!, top!, 1 - left!, bottom!], box.values.length + row * 4)
  }
  const masks = (mask: Uint8Array) => Uint8Array.of(...mask, ...mask)
  return {
    rows: 2 * rows,
    width,
    inputs: twice,
    targets: {
      class: { values: Int32Array.of(...kind.values, ...kind.values), mask: masks(kind.mask) },
      box: { ...box, values: corners, mask: masks(box.mask) },
    },
  }
}

/** The overlap that the mean box of the training photographs has with each box: what there is to beat. */
const meanBoxOverlap = ({ targets: { box: known } }: Photos, { targets: { box } }: Photos) => {
  const count = known.mask.reduce((sum, has) => sum + has, 0)
  const mean = edges.map(
    (_, j) =>
      known.mask.reduce((sum, has, row) => sum + has * known.values[row * 4 + j]!, 0) / count,
  )
  const everywhere = Float64Array.from(box.values, (_, i) => mean[i % 4]!)
  return meanBoxIou(box.values, everywhere, { weights: box.mask })
}

const trunk = convnet({
  in: [side, side, channels],
  channels: [16, 32, 32, 64],
  hidden: [64],
  dropout: 0.5,
})
const model = multitask(trunk, { class: classification({ classes: animals }), box: boxes() })
const recipe = { model, epochs: 40, batchSize: 32, seed: 1, rate: 3e-3, decay: 0.05 }

/** Three animals of Caltech-101, of which 28 of 223 photographs have no box. */
export const photos: Fit = {
  description: 'class and box of 223 photographs, 28 of them without a box',
  run: (context) =>
    pipe(
      read(context),
      TE.bindTo('data'),
      TE.bind('fitted', ({ data }) =>
        train({ ...recipe, data: withMirrored(data.train) }, context),
      ),
      TE.map(({ data, fitted }) => {
        const scores = evaluate(model, fitted.params, data.test)
        return [
          { what: 'accuracy', value: scores.class.accuracy },
          { what: 'mean IoU', value: scores.box.iou },
          { what: 'mean IoU of the mean box', value: meanBoxOverlap(data.train, data.test) },
        ]
      }),
    ),
}
