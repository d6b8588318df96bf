/**
 * Products that look for zeros: half of all values are zeros after ReLU, dropout or masking noise, most of those of images, codes
 * and words. A sample of both operands says whether to pass over them.
 */
import type { Code, Func, Local, Numbered } from './encode.ts'
import {
  add,
  advance,
  after,
  at,
  bytesApart,
  call,
  choose,
  createFunction,
  distance,
  every,
  load,
  params,
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
import { f32x4, i32, v128 } from './opcodes.ts'
import { packedBytes, panelGap } from './pack.ts'
import { magnitude, sparseBlocks, sparseColumns, sweepBytes } from './sparseSweep.ts'
import { tileRows } from './tile.ts'

/** Bytes of scratch memory for packed blocks of a and of b, and for a sweep. */
export const sparseScratch = [
  packedBytes('float32', sparseBlocks.rows, sparseBlocks.depth, tileRows),
  packedBytes('float32', sparseBlocks.columns, sparseBlocks.depth, sparseColumns),
  sweepBytes,
]

/**
 * `checked(to, from, across, along, count, depth)`: panels of b, each followed by a 0 if it is finite, else by a 1.
 */
export const checkedFunction = (panels: Numbered): Func => {
  const f = createFunction()
  const p = params(f, 'to from across along', 'count depth')
  const { i, left } = variables(f, 'i left')
  const found = f.local('v128')
  const values = times(sparseColumns / 4, () => f.local('v128'))
  const look = [
    values.map((value, j) => set(value, load(v128.load, at(p.to, 16 * j)))),
    // a finite number less itself is +0, any other NaN
    values.map((value) => set(found, [found, [value, value, f32x4.sub], v128.or])),
    advance(p.to, 4 * sparseColumns),
  ]
  return f.finish('checked', [
    call(panels, p.to, p.from, p.across, p.along, p.count, p.depth),
    every(i, p.count, sparseColumns, [
      set(left, p.depth),
      set(found, zeros),
      repeat(look, tee(left, sub(left, 1))),
      store(i32.store, at(p.to), [found, v128.anyTrue]),
      advance(p.to, panelGap),
    ]),
  ])
}

/** Elements looked at to guess how many are zeros. */
const samples = 128

/**
 * Zeros among them that make lists worth their while; those of b cost more, since c is then written across its rows. A list that
 * fewer than so many columns use needs more of them.
 */
const enough = { a: 52, b: 58, extraIfNarrow: 24, columns: 96 }

/**
 * `sparse(a, aRow, aStep, b, bStep, bColumn, c, cRow, cColumn, packedA, packedB, edge, sparseA, sparseB, lists, rows, columns,
 * depth, blockRows, blockColumns, blockDepth, sparseDepth)`: c = a * b as the dense product does it, or where a or b has many
 * zeros the one that skips them.
 */
export const sparseFunction = (
  name: string,
  uses: { readonly [_ in 'dense' | 'skipping']: Numbered },
): Func => {
  const f = createFunction()
  const p = params(
    f,
    'a aRow aStep b bStep bColumn c cRow cColumn packedA packedB edge sparseA sparseB lists',
    'rows columns depth blockRows blockColumns blockDepth sparseDepth',
  )
  const { i, l, left, zerosOfA, zerosOfB } = variables(f, 'i l left zerosOfA zerosOfB')
  /** Moves an index on by so many 64ths of the extent, around its end. */
  const move = (index: Local, extent: Code, share: number): Code => [
    set(index, add(index, [[[extent, share, i32.mul], 6, i32.shrU], 1, i32.or])),
    set(index, sub(index, choose([index, extent, i32.geU], extent, 0))),
  ]
  /** Counts zeros among samples that get everywhere. */
  const look = (found: Local, start: Local, across: Local, along: Local, extent: Local): Code => {
    const place = after(after(start, distance(i, across)), distance(l, along))
    const isZero = [magnitude(load(i32.load, at(place))), i32.eqz]
    const next = [set(found, add(found, isZero)), move(i, extent, 39), move(l, p.depth, 27)]
    return [
      [i, l, found].map((local) => set(local, 0)),
      set(left, samples),
      repeat(next, tee(left, sub(left, 1))),
    ]
  }
  const tables = times(4, () => bytesApart(0))
  const blocks = [sparseBlocks.rows, sparseBlocks.columns, p.sparseDepth]
  const scratch = [p.sparseA, p.sparseB, p.lists, tables]
  const ofA = call(
    uses.skipping,
    [p.a, p.aRow, p.aStep, p.b, p.bStep, p.bColumn, p.c, p.cRow, p.cColumn],
    [scratch, p.rows, p.columns, p.depth, blocks],
  )
  // c' = b' a'
  const ofB = call(
    uses.skipping,
    [p.b, p.bColumn, p.bStep, p.a, p.aStep, p.aRow, p.c, p.cColumn, p.cRow],
    [scratch, p.columns, p.rows, p.depth, blocks],
  )
  const dense = call(
    uses.dense,
    [p.a, p.aRow, p.aStep, p.b, p.bStep, p.bColumn, p.c, p.cRow, p.cColumn],
    [p.packedA, p.packedB, p.edge, tables],
    [p.rows, p.columns, p.depth, p.blockRows, p.blockColumns, p.blockDepth],
  )
  /** Zeros beyond those that are needed. */
  const beyond = (zerosOf: Local, needed: number, columns: Local): Code => {
    const extra = choose([columns, enough.columns, i32.ltU], enough.extraIfNarrow, 0)
    return set(zerosOf, sub(zerosOf, add(extra, needed)))
  }
  const isOfA = [
    [zerosOfA, 0, i32.geS],
    [[zerosOfA, zerosOfB, i32.geS], i32.and],
  ]
  return f.finish(name, [
    look(zerosOfA, p.a, p.aRow, p.aStep, p.rows),
    look(zerosOfB, p.b, p.bColumn, p.bStep, p.columns),
    beyond(zerosOfA, enough.a, p.columns),
    beyond(zerosOfB, enough.b, p.rows),
    when(isOfA, ofA, when([zerosOfB, 0, i32.geS], ofB, dense)),
  ])
}
