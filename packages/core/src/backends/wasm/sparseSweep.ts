/**
 * The sweep of a sparse product over packed blocks. Each row of a becomes a list of its elements other than zero, and a row of
 * accumulators takes their products with rows of b.
 *
 * Bits are those of the tile. An element's products keep their order; those left out are zeros as long as b is finite, and
 * adding a zero changes no sum that began with +0. Where b is not finite, tiles multiply everything.
 */
import type { Code, Func, Local, Numbered } from './encode.ts'
import {
  add,
  advance,
  after,
  at,
  bytesApart,
  call,
  createFunction,
  distance,
  every,
  load,
  params,
  pointers,
  repeat,
  set,
  smaller,
  store,
  sub,
  tee,
  times,
  variables,
  when,
  zeros,
} from './instructions.ts'
import { address, f32x4, i32, v128 } from './opcodes.ts'
import { transposed } from './pack.ts'
import { tileColumns, tileRows } from './tile.ts'

/** Columns of a panel of b: six vectors of accumulators hide the adder's latency, and with more some V8 spills registers. */
export const sparseColumns = 24

const rowBytes = 4 * sparseColumns

/** Elements of a block along each axis: a panel of b and a list fit the first cache. */
export const sparseBlocks = { rows: 64, columns: 768, depth: 256 }

/** Bytes of an entry of a list: the element, and how far its row of b is from the panel's start. */
const entryBytes = 8

/** A list has room for one entry more, since each is written before it is known to count. */
const listBytes = (sparseBlocks.depth + 1) * entryBytes

/** In scratch memory: a tile, the lengths of the lists, the lists. */
const lengthsAt = tileRows * rowBytes
const listsAt = lengthsAt + 4 * sparseBlocks.rows

/** Bytes of scratch memory that a sweep takes. */
export const sweepBytes = listsAt + sparseBlocks.rows * listBytes

/** Where a packed panel of b says whether it is finite: in the gap after it, by a 0. */
const verdictAt = (depth: Local): Code => distance(depth, rowBytes)

/** An i32 that is 0 for a float32 of either zero, whose bits are given. */
export const magnitude = (bits: Code): Code => [bits, 1, i32.shl]

/** `list(from, to, length, depth)`: the elements other than zero of a row in a panel of a, and how many they are. */
const listFunction = (): Func => {
  const f = createFunction()
  const p = params(f, 'from to length', 'depth')
  const { bits, row, count, isSome } = variables(f, 'bits row count isSome')
  const next = [
    set(bits, load(i32.load, at(p.from))),
    store(i32.store, at(p.to), bits),
    store(i32.store, at(p.to, 4), row),
    set(isSome, [magnitude(bits), 0, i32.ne]),
    set(count, add(count, isSome)),
    advance(p.to, distance(isSome, entryBytes)),
    set(row, add(row, rowBytes)),
    advance(p.from, 4 * tileRows),
  ]
  return f.finish('list', [
    set(row, 0),
    set(count, 0),
    repeat(next, tee(p.depth, sub(p.depth, 1))),
    store(i32.store, at(p.length), count),
  ])
}

/** `sums(list, b, c, length, continued)`: so many elements of a row of c, from 0 or from what they are. */
const sumsFunction = (columns: number): Func => {
  const f = createFunction()
  const p = params(f, 'list b c', 'length continued')
  const row = f.local('address')
  const x = f.local('v128')
  const sums = times(columns / 4, () => f.local('v128'))
  const product = (j: number): Code => [x, load(v128.load, at(row, 16 * j)), f32x4.mul]
  const next = [
    set(x, load(v128.load32Splat, at(p.list))),
    set(row, after(p.b, [load(i32.load, at(p.list, 4)), address.extend])),
    sums.map((sum, j) => set(sum, [sum, product(j), f32x4.add])),
    advance(p.list, entryBytes),
  ]
  return f.finish(`sums${columns}`, [
    when(
      p.continued,
      sums.map((sum, j) => set(sum, load(v128.load, at(p.c, 16 * j)))),
      sums.map((sum) => set(sum, zeros)),
    ),
    when(p.length, repeat(next, tee(p.length, sub(p.length, 1)))),
    sums.map((sum, j) => store(v128.store, at(p.c, 16 * j), sum)),
  ])
}

/** `turn(from, fromStep, fromNext, to, toStep, toNext, blocks)`: blocks of 4 x 4, transposed; rows of a block are a step apart. */
const turnFunction = (): Func => {
  const f = createFunction()
  const p = params(f, 'from fromStep fromNext to toStep toNext', 'blocks')
  const { from, to } = pointers(f, 'from to')
  const rows = times(4, () => f.local('v128'))
  const block = [
    set(from, p.from),
    set(to, p.to),
    rows.map((row) => [set(row, load(v128.load, at(from))), advance(from, p.fromStep)]),
    transposed(f, rows, to, p.toStep),
    advance(p.from, p.fromNext),
    advance(p.to, p.toNext),
  ]
  return f.finish('turn', repeat(block, tee(p.blocks, sub(p.blocks, 1))))
}

/**
 * `move(from, fromRow, fromColumn, to, toRow, toColumn, rows, columns)`: part of a tile to its place in c, or back. Where rows
 * of c are neighbours, four of them move together.
 */
const moveFunction = (turn: Numbered): Func => {
  const f = createFunction()
  const p = params(f, 'from fromRow fromColumn to toRow toColumn', 'rows columns')
  const { row, column } = variables(f, 'row column')
  const { from, to } = pointers(f, 'from to')
  const blocks = [p.columns, 2, i32.shrU]
  const isWhole = [
    [p.rows, tileRows, i32.eq],
    [[[p.columns, 3, i32.and], i32.eqz], i32.and],
  ]
  const areNeighbours = (stride: Local): Code => [
    [stride, bytesApart(4), address.eq],
    isWhole,
    i32.and,
  ]
  const side = bytesApart(16)
  const singly = [
    every(row, p.rows, 1, [
      set(from, p.from),
      set(to, p.to),
      every(column, p.columns, 1, [
        store(i32.store, at(to), load(i32.load, at(from))),
        advance(from, p.fromColumn),
        advance(to, p.toColumn),
      ]),
      advance(p.from, p.fromRow),
      advance(p.to, p.toRow),
    ]),
  ]
  const back = call(
    turn,
    p.from,
    p.fromColumn,
    distance(4, p.fromColumn),
    p.to,
    p.toRow,
    side,
    blocks,
  )
  const there = call(
    turn,
    p.from,
    p.fromRow,
    side,
    p.to,
    p.toColumn,
    distance(4, p.toColumn),
    blocks,
  )
  return f.finish(
    'move',
    when(areNeighbours(p.fromRow), back, when(areNeighbours(p.toRow), there, singly)),
  )
}

/** What a sweep calls. */
type Uses = { readonly [_ in 'list' | 'sums8' | 'sums16' | 'sums24' | 'move' | 'dense']: Numbered }

const sweepFunction = (uses: Uses): Func => {
  const f = createFunction()
  const p = params(
    f,
    'a aRow aStep aPanel b bStep bPanel c cRow cColumn scratch',
    'rows columns depth continued',
  )
  const { i, j, r, rows, columns } = variables(f, 'i j r rows columns')
  const { c, at: place } = pointers(f, 'c at')
  const listOf = (row: Code): Code => after(after(p.scratch, listsAt), distance(row, listBytes))
  const lengthOf = (row: Code): Code => after(after(p.scratch, lengthsAt), distance(row, 4))
  const row = after(place, distance([i, tileRows - 1, i32.and], 4))
  const lists = every(i, p.rows, 1, [
    set(place, after(p.a, distance([i, Math.log2(tileRows), i32.shrU], p.aPanel))),
    call(uses.list, row, listOf(i), lengthOf(i), p.depth),
  ])
  const sums = (of: Code, to: Code): Code => {
    const length = load(i32.load, at(lengthOf(of)))
    const by = (width: Numbered): Code => call(width, listOf(of), p.b, to, length, p.continued)
    const narrow = when([columns, 8, i32.gtU], by(uses.sums16), by(uses.sums8))
    return when([columns, 16, i32.gtU], by(uses.sums24), narrow)
  }
  const inPlace = every(i, p.rows, 1, [sums(i, c), advance(c, p.cRow)])
  const [inC, inTile] = [
    [c, p.cRow, p.cColumn],
    [p.scratch, bytesApart(rowBytes), bytesApart(4)],
  ]
  const byTiles = every(i, p.rows, tileRows, [
    set(rows, smaller(f, sub(p.rows, i), tileRows)),
    when(p.continued, call(uses.move, inC, inTile, rows, columns)),
    set(place, p.scratch),
    every(r, rows, 1, [sums(add(i, r), place), advance(place, rowBytes)]),
    call(uses.move, inTile, inC, rows, columns),
    advance(c, distance(tileRows, p.cRow)),
  ])
  const isWhole = [
    [[columns, 7, i32.and], i32.eqz],
    [[p.cColumn, bytesApart(4), address.eq], i32.and],
  ]
  const group = bytesApart(4 * tileColumns('float32'))
  const dense = call(
    uses.dense,
    [p.a, p.aRow, p.aStep, p.aPanel, p.b, p.bStep, group],
    [inC, p.scratch, p.rows, columns, p.depth, p.continued],
  )
  return f.finish('sweep_sparse', [
    lists,
    every(j, p.columns, sparseColumns, [
      set(columns, smaller(f, sub(p.columns, j), sparseColumns)),
      set(c, after(p.c, distance(j, p.cColumn))),
      when(
        load(i32.load, at(after(p.b, verdictAt(p.depth)))),
        dense,
        when(isWhole, inPlace, byTiles),
      ),
      advance(p.b, p.bPanel),
    ]),
  ])
}

/** Adds a sweep with the parameters of the dense one, and what it calls, to a module. */
export const addSparseSweep = (declare: (func: Func) => Numbered, dense: Numbered): Numbered => {
  const list = declare(listFunction())
  const [sums8, sums16, sums24] = [
    declare(sumsFunction(8)),
    declare(sumsFunction(16)),
    declare(sumsFunction(24)),
  ]
  const move = declare(moveFunction(declare(turnFunction())))
  return declare(sweepFunction({ list, sums8, sums16, sums24, move, dense }))
}
