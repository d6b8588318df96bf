/**
 * Contractions. Small ones become ordinary loops, which the vectoriser handles; the others call the product of their
 * dtype. Everything is decided here, when the program is compiled, since all sizes and strides are known.
 */
import type { Address, Panel, Scalar, Statement, Walk } from '../../loop/loop.ts'
import * as s from '../../loop/scalar.ts'
import type { Code, FuncImport } from './encode.ts'
import { entryBytes, tableOf } from './gather.ts'
import { after, bytesApart, call, distance, smaller, sub } from './instructions.ts'
import { packedBytes } from './pack.ts'
import { edgeBytes, productName, sparseName } from './product.ts'
import { rowName, rowScratch } from './row.ts'
import { scalarPlace, sharedIn } from './scalar.ts'
import { sparseScratch } from './sparse.ts'
import { sparseBlocks } from './sparseSweep.ts'
import { type Element, elements, tileColumns, tileRows } from './tile.ts'
import { freshId, imported, scratchPlace, type Writer } from './writer.ts'

export type Contract = Extract<Statement, { readonly kind: 'contract' }>

/** Products of fewer multiplications than this are ordinary loops. */
const fewestProducts = 2048

/** Elements of a block along the depth, of a packed block of a, and of one of b: half of a 1 MB cache in all. */
const blocks = { depth: 384, a: 48 * 1024, b: 96 * 1024 }

/** From how many uses of each element on packing pays. */
const usesThatPay = 16

/** True when both axes of an operand have one stride. */
const isStraight = ({ rows, columns }: Panel): boolean => rows.length <= 1 && columns.length <= 1

/** The strides of rows and columns, where the axes have one; where they do not, those of the innermost steps. */
const stridesOf = ({ rows, columns }: Panel): readonly [row: number, column: number] => [
  rows.at(-1)?.stride ?? 0,
  columns.at(-1)?.stride ?? 0,
]

/** True for contractions that are better as loops. */
export const isSmall = ({ rows, columns, depth, a, b }: Contract): boolean => {
  const products = rows * columns * depth
  return products === 0 || (products < fewestProducts && isStraight(a) && isStraight(b))
}

const transposed = (panel: Panel): Panel => ({
  ...panel,
  rows: panel.columns,
  columns: panel.rows,
})

/** The same contraction with rows and columns exchanged: c' = b' a'. The order along the depth stays. */
const exchanged = (statement: Contract): Contract => ({
  ...statement,
  rows: statement.columns,
  columns: statement.rows,
  a: transposed(statement.b),
  b: transposed(statement.a),
  c: transposed(statement.c),
})

const at = (panel: Panel, row: number, column: number): Address => {
  const [rowStride, columnStride] = stridesOf(panel)
  return {
    ...panel.at,
    terms: [
      ...panel.at.terms,
      { index: row, stride: rowStride },
      { index: column, stride: columnStride },
    ],
  }
}

/** A contraction as three nested loops, those of the longer side inside, where they can become vectors. */
export const contractLoops = (w: Writer, given: Contract): Statement => {
  const inner = given.columns >= 4 || given.columns >= given.rows
  const { dtype, rows, columns, depth, a, b, c } = inner ? given : exchanged(given)
  const [row, column, index, id] = [freshId(w), freshId(w), freshId(w), freshId(w)]
  const value: Scalar = s.mul(
    s.load(dtype, a.buffer, at(a, row, index)),
    s.load(dtype, b.buffer, at(b, index, column)),
  )
  const body: Statement[] = [
    {
      kind: 'reduce',
      id,
      op: 'add',
      dtype,
      order: 'sequence',
      index,
      extent: depth,
      body: [],
      value,
    },
    { kind: 'store', buffer: c.buffer, at: at(c, row, column), value: s.local(dtype, id) },
  ]
  const across: Statement = { kind: 'for', index: column, extent: columns, parallel: true, body }
  return { kind: 'for', index: row, extent: rows, parallel: true, body: [across] }
}

const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to

/** Elements that tiles compute, of which the matrix may need fewer. */
const padded = ({ rows, columns, dtype }: Contract): number =>
  roundUp(rows, tileRows) * roundUp(columns, tileColumns(dtype))

/** Of a contraction and its exchange, the one whose results tiles can store directly and that wastes less. */
const better = (given: Contract): Contract => {
  const other = exchanged(given)
  if (isRow(given) || isRow(other)) return isRow(given) ? given : other
  if (stridesOf(given.c)[1] !== 1 && stridesOf(other.c)[1] === 1) return other
  return padded(other) < 0.8 * padded(given) ? other : given
}

/** True when one row is wanted of a matrix that lies in rows. */
const isRow = ({ rows, a, b }: Contract): boolean =>
  rows === 1 && isStraight(a) && isStraight(b) && stridesOf(b)[1] === 1

/** The address of element (0, 0) of an operand. */
const startOf = (w: Writer, dtype: Element, { buffer, at: first }: Panel): Code => {
  const place = { dtype, buffer, at: first }
  const { address, offset } = scalarPlace(w, sharedIn([first.offset]), place)
  return offset === 0 ? address : after(address, offset)
}

/** Calls a function of the module that belongs to a dtype with addresses and distances, and sizes. */
const callLibrary = (
  w: Writer,
  { from, name }: Pick<FuncImport, 'from' | 'name'>,
  places: readonly Code[],
  sizes: readonly Code[],
): Code => {
  const params = [...places.map(() => 'address' as const), ...sizes.map(() => 'i32' as const)]
  const args = places.map((place) => (typeof place === 'number' ? bytesApart(place) : place))
  return call(imported(w, { from, name, params }), ...args, ...sizes)
}

/** What one call computes of a number of rows or columns: from `first` on, `size` of them. */
const partOf = (w: Writer, extent: number, width: number, isDivided: boolean) => {
  const { stretch } = w
  if (stretch === null || !isDivided) return { first: 0, size: extent }
  Object.assign(stretch, { divided: roundUp(extent, width), width })
  const size = sub(smaller(w.f, stretch.end, extent), stretch.first)
  return { first: stretch.first, size }
}

const rowCode = (w: Writer, given: Contract, isDivided: boolean): Code => {
  const { dtype, columns, depth, a, b, c } = given
  const { bytes } = elements[dtype]
  const scratch = scratchPlace(w, rowScratch(dtype, columns))
  const part = partOf(w, columns, 64 / bytes, isDivided)
  const cColumn = stridesOf(c)[1] * bytes
  const places = [
    startOf(w, dtype, a),
    stridesOf(a)[1] * bytes,
    after(startOf(w, dtype, b), distance(part.first, bytes)),
    stridesOf(b)[0] * bytes,
    after(startOf(w, dtype, c), distance(part.first, cColumn)),
    cColumn,
    after(scratch.address, scratch.offset),
  ]
  return callLibrary(w, { from: dtype, name: rowName(dtype) }, places, [part.size, depth])
}

/** What packing an element costs, in multiplications of a tile. */
const packingCost = 16

/**
 * True when threads should divide the rows, false for the columns: each thread packs all of the other operand, and computes
 * whole tiles.
 */
const dividesRows = ({ dtype, rows, columns, depth }: Contract, packs: Packs, threads: number) => {
  const width = tileColumns(dtype)
  const share = (extent: number, tile: number) => tile * Math.ceil(extent / tile / threads)
  const cost = (m: number, n: number) =>
    depth * (m * n + packingCost * ((packs.a ? m : 0) + (packs.b ? n : 0)))
  const byRows = cost(share(rows, tileRows), roundUp(columns, width))
  return byRows <= cost(roundUp(rows, tileRows), share(columns, width))
}

/** Which operands are packed. */
interface Packs {
  readonly a: boolean
  readonly b: boolean
}

/** Products worth a look for zeros have at least so many rows, columns and depth, and multiplications. */
const sparseExtent = 32
const sparseProducts = 2 ** 20

const mayBeSparse = ({ dtype, rows, columns, depth, a, b }: Contract): boolean =>
  dtype === 'float32' &&
  isStraight(a) &&
  isStraight(b) &&
  Math.min(rows, columns, depth) >= sparseExtent &&
  rows * columns * depth >= sparseProducts

const productCode = (w: Writer, given: Contract, isDivided: boolean): Code => {
  const { dtype, rows, columns, depth, a, b, c } = given
  const { bytes } = elements[dtype]
  const width = tileColumns(dtype)
  const blockDepth = Math.ceil(depth / Math.ceil(depth / blocks.depth))
  const blockRows = roundUp(Math.min(rows, blocks.a / blockDepth), tileRows)
  const blockColumns = roundUp(Math.min(columns, blocks.b / blockDepth), width)
  const packs = {
    a: !isStraight(a) || (stridesOf(a)[1] !== 1 && columns >= usesThatPay),
    b: !isStraight(b) || stridesOf(b)[1] !== 1 || rows >= usesThatPay,
  }
  const byRows = dividesRows(given, packs, w.stretch?.threads ?? 1)
  const m = partOf(w, rows, tileRows, isDivided && byRows)
  const n = partOf(w, columns, width, isDivided && !byRows)
  const scratch = (size: number): Code => {
    const { address, offset } = scratchPlace(w, size)
    return after(address, offset)
  }
  const strides = (panel: Panel): number[] => stridesOf(panel).map((stride) => stride * bytes)
  const [aStrides, bStrides, cStrides] = [strides(a), strides(b), strides(c)]
  const cStart = after(startOf(w, dtype, c), distance(m.first, cStrides[0]!))
  /** The start of an operand, moved by strides or, where it is gathered, by the start of the table of one of its axes. */
  const start = (panel: Panel, first: Code, stride: number): Code =>
    isStraight(panel)
      ? after(startOf(w, dtype, panel), distance(first, stride))
      : startOf(w, dtype, panel)
  const table = (panel: Panel, walk: Walk, first: Code): Code =>
    isStraight(panel) ? 0 : after(tableOf(w, walk), distance(first, entryBytes))
  const operands = [
    start(a, m.first, aStrides[0]!),
    ...aStrides,
    start(b, n.first, bStrides[1]!),
    ...bStrides,
    after(cStart, distance(n.first, cStrides[1]!)),
    ...cStrides,
    packs.a ? scratch(packedBytes(dtype, blockRows, blockDepth, tileRows)) : 0,
    packs.b ? scratch(packedBytes(dtype, blockColumns, blockDepth, width)) : 0,
    scratch(edgeBytes),
  ]
  const sizes = [m.size, n.size, depth, blockRows, blockColumns, blockDepth]
  if (mayBeSparse(given)) {
    const sparseDepth = Math.ceil(depth / Math.ceil(depth / sparseBlocks.depth))
    return callLibrary(
      w,
      { from: dtype, name: sparseName },
      [...operands, ...sparseScratch.map(scratch)],
      [...sizes, sparseDepth],
    )
  }
  const tables = [
    table(a, a.rows, m.first),
    table(a, a.columns, 0),
    table(b, b.rows, 0),
    table(b, b.columns, n.first),
  ]
  return callLibrary(w, { from: dtype, name: productName(dtype) }, [...operands, ...tables], sizes)
}

/** Code of a contraction that is not small. */
export const contractCode = (w: Writer, given: Contract): Code => {
  const chosen = better(given)
  const isDivided = w.stretch?.of === given
  return isRow(chosen) ? rowCode(w, chosen, isDivided) : productCode(w, chosen, isDivided)
}
