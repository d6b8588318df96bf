/**
 * Products of matrices: blocks of the operands are packed where that pays, and tiles sweep over them so that what is used
 * next lies in a near cache. Each dtype has a module of its own, which all programs share: it is compiled once, and V8
 * optimises it once.
 */
import {
  type Code,
  encodeFunction,
  encodeModule,
  type Func,
  type Local,
  type Numbered,
  type ValueType,
} from './encode.ts'
import {
  add,
  advance,
  call,
  countTo,
  createFunction,
  get,
  int,
  mul,
  set,
  sub,
  when,
} from './instructions.ts'
import { i32 } from './opcodes.ts'
import { packFunction, panelsFunction } from './pack.ts'
import { rowFunction, rowName } from './row.ts'
import {
  type Element,
  edgeFunction,
  elements,
  params,
  smaller,
  tileColumns,
  tileFunction,
  tileRows,
} from './tile.ts'

/** Arguments of a product, all i32: addresses and strides in bytes, sizes in elements, and how to block. */
const productArguments = [
  ...(['a', 'aRow', 'aStep', 'b', 'bStep', 'bColumn', 'c', 'cRow', 'cColumn'] as const),
  ...(['rows', 'columns', 'depth', 'blockRows', 'blockColumns', 'blockDepth'] as const),
  ...(['packsA', 'packsB', 'scratch'] as const),
] as const

/** The type of the product functions. */
export const productParams: readonly ValueType[] = productArguments.map(() => 'i32')

/** The name under which the module of a dtype exports its product. */
export const productName = (dtype: Element): string => `product_${dtype}`

/** Bytes of scratch memory before the packed blocks: one tile. */
export const edgeBytes = 128

/** `body` for a local from 0 in steps, while it is below the end; at least once. */
const every = (local: Local, end: Code, by: number, body: Code): Code => [
  set(local, int(0)),
  countTo(local, end, by, body),
]

/** `body` for a local from 0 in steps that are known when the program runs. */
const everyBlock = (local: Local, end: Local, by: Local, body: Code): Code => [
  set(local, int(0)),
  [0x03, 0x40],
  body,
  advance(local, get(by)),
  [get(local), get(end), i32.ltU],
  [0x0d, 0, 0x0b],
]

/** `sweep(...)`: all tiles of a block. `aPanel` and `bPanel` are the bytes from one group of rows or columns to the next. */
const sweepFunction = (dtype: Element, tile: Numbered, edge: Numbered): Func => {
  const width = tileColumns(dtype)
  const f = createFunction()
  const p = params(
    f,
    ...(['a', 'aRow', 'aStep', 'aPanel', 'b', 'bStep', 'bPanel', 'c', 'cRow', 'cColumn'] as const),
    ...(['rows', 'columns', 'depth', 'continued', 'scratch'] as const),
  )
  const [i, j, a, c] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')]
  const [rowsLeft, columnsLeft] = [f.local('i32'), f.local('i32')]
  const isWhole = [
    [get(rowsLeft), int(tileRows), i32.geU],
    [[get(columnsLeft), int(width), i32.geU], i32.and],
    [[get(p.cColumn), int(elements[dtype].bytes), i32.eq], i32.and],
  ]
  const operands = [a, p.aRow, p.aStep, p.b, p.bStep, p.depth, c, p.cRow].map(get)
  const whole = call(tile, ...operands, get(rowsLeft), get(p.continued))
  const partial = call(
    edge,
    ...operands,
    get(p.cColumn),
    smaller(f, get(rowsLeft), int(tileRows)),
    smaller(f, get(columnsLeft), int(width)),
    get(p.continued),
    get(p.scratch),
  )
  return f.finish(`sweep_${dtype}`, [
    every(j, get(p.columns), width, [
      set(columnsLeft, sub(get(p.columns), get(j))),
      set(a, get(p.a)),
      set(c, add(get(p.c), mul(get(j), get(p.cColumn)))),
      every(i, get(p.rows), tileRows, [
        set(rowsLeft, sub(get(p.rows), get(i))),
        when(isWhole, whole, partial),
        advance(a, get(p.aPanel)),
        advance(c, mul(get(p.cRow), int(tileRows))),
      ]),
      advance(p.b, get(p.bPanel)),
    ]),
  ])
}

/** The blocks of a product. Packed blocks of b and then a lie in scratch memory behind the tile of the edges. */
const productFunction = (
  dtype: Element,
  uses: { readonly [_ in 'sweep' | 'panelsA' | 'panelsB']: Numbered },
): Func => {
  const { bytes } = elements[dtype]
  const width = tileColumns(dtype)
  const f = createFunction()
  const p = params(f, ...productArguments)
  const local = (): Local => f.local('i32')
  const [l0, j0, i0, depth, columns, rows] = [local(), local(), local(), local(), local(), local()]
  const [a, aRow, aStep, aPanel] = [local(), local(), local(), local()]
  const [b, bStep, bPanel] = [local(), local(), local()]
  const packedB = add(get(p.scratch), int(edgeBytes))
  const packedA = add(packedB, mul(mul(get(p.blockDepth), get(p.blockColumns)), int(bytes)))
  const left = (end: Local, from: Local, block: Local): Code =>
    smaller(f, sub(get(end), get(from)), get(block))
  const sum = (...terms: readonly Code[]): Code => terms.reduce((x, y) => add(x, y))
  const blockA = [
    set(rows, left(p.rows, i0, p.blockRows)),
    set(a, sum(get(p.a), mul(get(i0), get(p.aRow)), mul(get(l0), get(p.aStep)))),
    set(aRow, get(p.aRow)),
    set(aStep, get(p.aStep)),
    set(aPanel, mul(get(aRow), int(tileRows))),
    when(get(p.packsA), [
      call(uses.panelsA, packedA, ...[a, aRow, aStep, rows, depth].map(get)),
      set(a, packedA),
      set(aRow, int(bytes)),
      set(aStep, int(tileRows * bytes)),
      set(aPanel, mul(get(depth), int(tileRows * bytes))),
    ]),
  ]
  const blockB = [
    set(columns, left(p.columns, j0, p.blockColumns)),
    set(b, sum(get(p.b), mul(get(l0), get(p.bStep)), mul(get(j0), get(p.bColumn)))),
    set(bStep, get(p.bStep)),
    set(bPanel, int(width * bytes)),
    when(get(p.packsB), [
      call(uses.panelsB, packedB, ...[b, p.bColumn, bStep, columns, depth].map(get)),
      set(b, packedB),
      set(bStep, int(width * bytes)),
      set(bPanel, mul(get(depth), int(width * bytes))),
    ]),
  ]
  const c = sum(get(p.c), mul(get(i0), get(p.cRow)), mul(get(j0), get(p.cColumn)))
  const sweep = call(
    uses.sweep,
    ...[a, aRow, aStep, aPanel, b, bStep, bPanel].map(get),
    c,
    ...[p.cRow, p.cColumn, rows, columns, depth, l0, p.scratch].map(get),
  )
  return f.finish(
    productName(dtype),
    everyBlock(l0, p.depth, p.blockDepth, [
      set(depth, left(p.depth, l0, p.blockDepth)),
      everyBlock(j0, p.columns, p.blockColumns, [
        blockB,
        everyBlock(i0, p.rows, p.blockRows, [blockA, sweep]),
      ]),
    ]),
  )
}

/** The module with the products of a dtype. */
export const productModule = (dtype: Element): Uint8Array<ArrayBuffer> => {
  const width = tileColumns(dtype)
  const at = (index: number): Numbered => ({ index })
  const functions = [
    tileFunction(dtype),
    edgeFunction(dtype, at(0)),
    packFunction(dtype),
    panelsFunction(dtype, tileRows, at(2)),
    panelsFunction(dtype, width, at(2)),
    sweepFunction(dtype, at(0), at(1)),
    rowFunction(dtype),
    productFunction(dtype, { sweep: at(5), panelsA: at(3), panelsB: at(4) }),
  ]
  return encodeModule({
    imports: [],
    functions: functions.map((func) => ({ func, bytes: encodeFunction(func) })),
    exports: { [rowName(dtype)]: 6, [productName(dtype)]: 7 },
  })
}
