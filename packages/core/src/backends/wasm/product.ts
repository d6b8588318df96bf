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
  type MemoryType,
  type Numbered,
} from './encode.ts'
import { entryBytes, gatheredPanelsFunction, gatherFunction } from './gather.ts'
import {
  advance,
  after,
  bytesApart,
  call,
  createFunction,
  distance,
  every,
  isSome,
  params,
  pointers,
  set,
  smaller,
  sub,
  variables,
  when,
} from './instructions.ts'
import { address, i32 } from './opcodes.ts'
import { packFunction, panelGap, panelsFunction } from './pack.ts'
import { rowFunction, rowName } from './row.ts'
import { checkedFunction, sparseFunction } from './sparse.ts'
import { addSparseSweep, sparseColumns } from './sparseSweep.ts'
import {
  type Element,
  edgeFunction,
  elements,
  tileColumns,
  tileFunction,
  tileRows,
} from './tile.ts'

/** The name under which the module of a dtype exports its product. */
export const productName = (dtype: Element): string => `product_${dtype}`

/** The name under which the module of float32 exports the product that looks for zeros. */
export const sparseName = 'sparse_float32'

/** Bytes of a tile. */
export const edgeBytes = 128

/** `sweep(...)`: all tiles of a block. `aPanel` and `bPanel` are the bytes from one group of rows or columns to the next. */
const sweepFunction = (dtype: Element, tile: Numbered, edge: Numbered): Func => {
  const width = tileColumns(dtype)
  const f = createFunction()
  const p = params(
    f,
    'a aRow aStep aPanel b bStep bPanel c cRow cColumn scratch',
    'rows columns depth continued',
  )
  const { a, c } = pointers(f, 'a c')
  const { i, j, rowsLeft, columnsLeft } = variables(f, 'i j rowsLeft columnsLeft')
  const isWhole = [
    [rowsLeft, tileRows, i32.geU],
    [[columnsLeft, width, i32.geU], i32.and],
    [[p.cColumn, bytesApart(elements[dtype].bytes), address.eq], i32.and],
  ]
  const operands = [a, p.aRow, p.aStep, p.b, p.bStep]
  const target = [c, p.cRow]
  const whole = call(tile, ...operands, p.depth, ...target, rowsLeft, p.continued)
  const size = [smaller(f, rowsLeft, tileRows), smaller(f, columnsLeft, width)]
  const partial = call(
    edge,
    ...operands,
    ...target,
    p.cColumn,
    p.scratch,
    p.depth,
    size,
    p.continued,
  )
  return f.finish(`sweep_${dtype}`, [
    every(j, p.columns, width, [
      set(columnsLeft, sub(p.columns, j)),
      set(a, p.a),
      set(c, after(p.c, distance(j, p.cColumn))),
      every(i, p.rows, tileRows, [
        set(rowsLeft, sub(p.rows, i)),
        when(isWhole, whole, partial),
        advance(a, p.aPanel),
        advance(c, distance(tileRows, p.cRow)),
      ]),
      advance(p.b, p.bPanel),
    ]),
  ])
}

const sum = (...terms: readonly Code[]): Code => terms.reduce((x, y) => after(x, y))

/**
 * `product(a, aRow, aStep, b, bStep, bColumn, c, cRow, cColumn, packedA, packedB, edge, aRows, aSteps, bSteps, bColumns, rows,
 * columns, depth, blockRows, blockColumns, blockDepth)`: c = a * b. Addresses and strides in bytes, sizes in elements;
 * `packedA` and `packedB` are where blocks are packed, 0 for an operand that is used as it lies; `edge` has room for a tile.
 * The next four are tables in place of strides for operands that are gathered, else 0.
 */
const productFunction = (
  name: string,
  dtype: Element,
  width: number,
  uses: { readonly [_ in 'sweep' | 'panelsA' | 'panelsB' | 'gatherA' | 'gatherB']: Numbered },
): Func => {
  const { bytes } = elements[dtype]
  const f = createFunction()
  const p = params(
    f,
    'a aRow aStep b bStep bColumn c cRow cColumn packedA packedB edge aRows aSteps bSteps bColumns',
    'rows columns depth blockRows blockColumns blockDepth',
  )
  const { l0, j0, i0, depth, columns, rows } = variables(f, 'l0 j0 i0 depth columns rows')
  const { a, aRow, aStep, aPanel, b, bStep, bPanel } = pointers(
    f,
    'a aRow aStep aPanel b bStep bPanel',
  )
  const entry = (table: Local, i: Local): Code => after(table, distance(i, entryBytes))
  const left = (end: Local, from: Local, block: Local): Code => smaller(f, sub(end, from), block)
  const blockA = [
    set(rows, left(p.rows, i0, p.blockRows)),
    set(a, sum(p.a, distance(i0, p.aRow), distance(l0, p.aStep))),
    set(aRow, p.aRow),
    set(aStep, p.aStep),
    set(aPanel, distance(tileRows, aRow)),
    when(isSome(p.packedA), [
      when(
        isSome(p.aRows),
        call(uses.gatherA, p.packedA, p.a, entry(p.aRows, i0), entry(p.aSteps, l0), rows, depth),
        call(uses.panelsA, p.packedA, a, aRow, aStep, rows, depth),
      ),
      set(a, p.packedA),
      set(aRow, bytes),
      set(aStep, tileRows * bytes),
      set(aPanel, after(distance(depth, tileRows * bytes), panelGap)),
    ]),
  ]
  const blockB = [
    set(columns, left(p.columns, j0, p.blockColumns)),
    set(b, sum(p.b, distance(l0, p.bStep), distance(j0, p.bColumn))),
    set(bStep, p.bStep),
    set(bPanel, width * bytes),
    when(isSome(p.packedB), [
      when(
        isSome(p.bColumns),
        call(
          uses.gatherB,
          p.packedB,
          p.b,
          entry(p.bColumns, j0),
          entry(p.bSteps, l0),
          columns,
          depth,
        ),
        call(uses.panelsB, p.packedB, b, p.bColumn, bStep, columns, depth),
      ),
      set(b, p.packedB),
      set(bStep, width * bytes),
      set(bPanel, after(distance(depth, width * bytes), panelGap)),
    ]),
  ]
  const c = sum(p.c, distance(i0, p.cRow), distance(j0, p.cColumn))
  const operands = [a, aRow, aStep, aPanel, b, bStep, bPanel, c, p.cRow, p.cColumn]
  const sweep = call(uses.sweep, ...operands, p.edge, rows, columns, depth, l0)
  return f.finish(
    name,
    every(l0, p.depth, p.blockDepth, [
      set(depth, left(p.depth, l0, p.blockDepth)),
      every(j0, p.columns, p.blockColumns, [
        blockB,
        every(i0, p.rows, p.blockRows, [blockA, sweep]),
      ]),
    ]),
  )
}

/** The module with the products of a dtype. */
export const productModule = (dtype: Element, memory: MemoryType): Uint8Array<ArrayBuffer> => {
  const width = tileColumns(dtype)
  const functions: Func[] = []
  const add = (func: Func): Numbered => ({ index: functions.push(func) - 1 })
  const tile = add(tileFunction(dtype))
  const pack = add(packFunction(dtype))
  const gather = add(gatherFunction(dtype))
  const sweep = add(sweepFunction(dtype, tile, add(edgeFunction(dtype, tile))))
  const packs = {
    panelsA: add(panelsFunction(dtype, tileRows, pack)),
    panelsB: add(panelsFunction(dtype, width, pack)),
    gatherA: add(gatheredPanelsFunction(dtype, tileRows, gather)),
    gatherB: add(gatheredPanelsFunction(dtype, width, gather)),
  }
  const row = add(rowFunction(dtype))
  const dense = add(productFunction(productName(dtype), dtype, width, { sweep, ...packs }))
  const exports = { [rowName(dtype)]: row.index, [productName(dtype)]: dense.index }
  if (dtype === 'float32') {
    const panels = add(panelsFunction(dtype, sparseColumns, pack))
    const uses = {
      ...packs,
      sweep: addSparseSweep(add, sweep),
      panelsB: add(checkedFunction(panels)),
    }
    const skipping = add(productFunction('product_skipping', dtype, sparseColumns, uses))
    exports[sparseName] = add(sparseFunction(sparseName, { dense, skipping })).index
  }
  return encodeModule({
    memory,
    imports: [],
    functions: functions.map((func) => ({ func, bytes: encodeFunction(func, memory.isWide) })),
    exports,
  })
}
