/**
 * The register tile of a contraction: 4 rows times two vectors of columns, whose 8 accumulators stay in registers while
 * the depth passes in order. Operands come with byte strides, so packed panels and matrices as they lie are the same to
 * it. With fewer accumulators it would wait for the adder; with more, or with the loop unrolled, some V8 spills registers.
 */
import type { DType } from '../../dtype.ts'
import type { Code, Func, Local, Numbered } from './encode.ts'
import {
  advance,
  after,
  at,
  bytesApart,
  call,
  choose,
  countTo,
  createFunction,
  distance,
  type FunctionBuilder,
  load,
  type Place,
  params,
  pointers,
  repeat,
  set,
  store,
  sub,
  tee,
  times,
  variables,
  when,
  zeros,
} from './instructions.ts'
import { f32x4, f64, f64x2, i32, i32x4, v128 } from './opcodes.ts'

/** Dtypes that have products. */
export type Element = Exclude<DType, 'bool'>

/** Rows of a tile. */
export const tileRows = 4

/** What products of a dtype are made of; `move` copies one element, whatever its bits. */
export const elements = {
  float32: {
    bytes: 4,
    splat: v128.load32Splat,
    multiply: f32x4.mul,
    add: f32x4.add,
    move: { load: i32.load, store: i32.store },
  },
  float64: {
    bytes: 8,
    splat: v128.load64Splat,
    multiply: f64x2.mul,
    add: f64x2.add,
    move: { load: f64.load, store: f64.store },
  },
  int32: {
    bytes: 4,
    splat: v128.load32Splat,
    multiply: i32x4.mul,
    add: i32x4.add,
    move: { load: i32.load, store: i32.store },
  },
} as const

/** Columns of a tile: two vectors. */
export const tileColumns = (dtype: Element): number => 32 / elements[dtype].bytes

/** Steps along the depth: every accumulator gets `a[i] * b[j]`. */
const depthLoop = (
  f: FunctionBuilder,
  dtype: Element,
  sums: readonly (readonly Local[])[],
  a: readonly Local[],
  p: { readonly [_ in 'aStep' | 'b' | 'bStep' | 'depth']: Local },
): Code => {
  const { splat, multiply, add: plus } = elements[dtype]
  const x = f.local('v128')
  const columns = times(2, () => f.local('v128'))
  const step = [
    columns.map((column, j) => set(column, load(v128.load, at(p.b, 16 * j)))),
    sums.map((row, i) => [
      set(x, load(splat, at(a[i]!))),
      row.map((sum, j) => set(sum, [sum, [x, columns[j]!, multiply], plus])),
    ]),
    a.map((row) => advance(row, p.aStep)),
    advance(p.b, p.bStep),
  ]
  return repeat(step, tee(p.depth, sub(p.depth, 1)))
}

/**
 * `tile(a, aRow, aStep, b, bStep, depth, c, cRow, rows, continued)`: c = a * b, or c += a * b when continued. Rows of a
 * beyond `rows` repeat its last one, while all rows of c are written. Strides are in bytes.
 */
export const tileFunction = (dtype: Element): Func => {
  const f = createFunction()
  // the depth is among the first, which come in registers
  const p = {
    ...params(f, 'a aRow aStep b bStep', 'depth'),
    ...params(f, 'c cRow', 'rows continued'),
  }
  const sums = times(tileRows, () => times(2, () => f.local('v128')))
  const [a, c] = [p.a, p.c].map((first) => [
    first,
    ...times(tileRows - 1, () => f.local('address')),
  ]) as [Local[], Local[]]
  const starts = times(tileRows - 1, (i) => {
    const isRow = [i + 1, p.rows, i32.ltS]
    return [
      set(a[i + 1]!, after(a[i]!, choose(isRow, p.aRow, bytesApart(0)))),
      set(c[i + 1]!, after(c[i]!, p.cRow)),
    ]
  })
  const each = (code: (sum: Local, place: Place) => Code): Code =>
    sums.map((row, i) => row.map((sum, j) => code(sum, at(c[i]!, 16 * j))))
  return f.finish(`tile_${dtype}`, [
    starts,
    when(
      p.continued,
      each((sum, place) => set(sum, load(v128.load, place))),
      each((sum) => set(sum, zeros)),
    ),
    depthLoop(f, dtype, sums, a, p),
    each((sum, place) => store(v128.store, place, sum)),
  ])
}

/**
 * `edge(a, aRow, aStep, b, bStep, c, cRow, cColumn, scratch, depth, rows, columns, continued)`: a tile of which c takes
 * only some rows and columns, with any strides, by way of a whole tile in scratch memory.
 */
export const edgeFunction = (dtype: Element, tile: Numbered): Func => {
  const { bytes, move } = elements[dtype]
  const f = createFunction()
  const p = params(f, 'a aRow aStep b bStep c cRow cColumn scratch', 'depth rows columns continued')
  const { row, column } = variables(f, 'row column')
  const { inTile, inC } = pointers(f, 'inTile inC')
  const rowBytes = tileColumns(dtype) * bytes
  const copy = (from: Local, to: Local): Code => [
    set(row, 0),
    countTo(row, p.rows, 1, [
      set(inTile, after(p.scratch, distance(row, rowBytes))),
      set(inC, after(p.c, distance(row, p.cRow))),
      set(column, 0),
      countTo(column, p.columns, 1, [
        store(move.store, at(to), load(move.load, at(from))),
        advance(inTile, bytes),
        advance(inC, p.cColumn),
      ]),
    ]),
  ]
  const operands = [p.a, p.aRow, p.aStep, p.b, p.bStep]
  const toScratch = [p.scratch, bytesApart(rowBytes)]
  return f.finish(`edge_${dtype}`, [
    when(p.continued, copy(inC, inTile)),
    call(tile, ...operands, p.depth, ...toScratch, p.rows, p.continued),
    copy(inTile, inC),
  ])
}
