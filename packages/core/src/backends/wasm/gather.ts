/**
 * Gathering: operands whose rows or depth are nested steps, such as windows of a convolution, packed as `pack.ts` packs those
 * with one stride. Each axis comes as a table of distances in elements, made when the kernel starts; where four distances
 * follow each other, four elements move at once.
 */
import type { Walk } from '../../loop/loop.ts'
import { sizeOfWalk } from '../../loop/walk.ts'
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
  load,
  moveTo,
  params,
  pointers,
  repeat,
  set,
  store,
  sub,
  times,
  variables,
  when,
} from './instructions.ts'
import { i32, v128 } from './opcodes.ts'
import { groupCode, groupsCode, packWidth, transposed } from './pack.ts'
import { type Element, elements } from './tile.ts'
import { scratchPlace, type Writer } from './writer.ts'

/** Bytes of an entry of a table. */
export const entryBytes = 4

/** The address of a table of a walk's distances, which the function that is being written fills at its start. */
export const tableOf = (w: Writer, walk: Walk): Code => {
  const { address, offset } = scratchPlace(w, entryBytes * sizeOfWalk(walk))
  const { start, place } = pointers(w.f, 'start place')
  let size = 1
  // the first element, then each step over and over what is known of the steps inside it
  w.prologue.push(set(start, after(address, offset)), store(i32.store, at(start), 0))
  for (const { count, stride } of walk.toReversed()) {
    const known = load(i32.load, at(after(place, -entryBytes * size)))
    const fill = store(i32.store, at(place), add(known, stride))
    const end = after(start, entryBytes * size * count)
    if (count > 1) {
      w.prologue.push(
        set(place, after(start, entryBytes * size)),
        moveTo(place, end, entryBytes, fill),
      )
    }
    size *= count
  }
  return start
}

/** True when the first four entries of a table follow each other. */
const areNeighbours = (table: Local): Code => {
  const first = load(i32.load, at(table))
  const follows = (i: number): Code => [
    sub(load(i32.load, at(table, entryBytes * i)), first),
    i,
    i32.eq,
  ]
  return [follows(1), [follows(2), i32.and], [follows(3), i32.and]]
}

/**
 * `four(to, step, from, across, along, count, depth)`: element (i, l) of `from`, for i below `count` (at most 4), goes to place
 * i of the group of four at `to + l * step`. `across` and `along` are tables.
 */
export const gatherFunction = (dtype: Element): Func => {
  const { bytes, move } = elements[dtype]
  const f = createFunction()
  const p = params(f, 'to step from across along', 'count depth')
  const { isWhole, isRow, isBlock } = variables(f, 'isWhole isRow isBlock')
  const source = f.local('address')
  const starts = times(packWidth, () => f.local('address'))
  const rows = times(packWidth, () => f.local('v128'))
  const entry = (table: Local, i: number): Code =>
    distance(load(i32.load, at(table, entryBytes * i)), bytes)
  const next = (steps: number): Code => [
    advance(p.along, entryBytes * steps),
    set(p.depth, sub(p.depth, steps)),
  ]
  const block: Code = [
    set(source, entry(p.along, 0)),
    rows.map((row, i) => set(row, load(v128.load, at(after(starts[i]!, source))))),
    transposed(f, rows, p.to, p.step),
    next(packWidth),
  ]
  const line: Code = [
    set(source, after(starts[0]!, entry(p.along, 0))),
    times((packWidth * bytes) / 16, (v) =>
      store(v128.store, at(p.to, 16 * v), load(v128.load, at(source, 16 * v))),
    ),
    advance(p.to, p.step),
    next(1),
  ]
  const singly: Code = [
    set(source, entry(p.along, 0)),
    groupCode(dtype, p, (i) =>
      store(move.store, at(p.to, i * bytes), load(move.load, at(after(starts[i]!, source)))),
    ),
    advance(p.to, p.step),
    next(1),
  ]
  const others: Code = [
    set(isBlock, [isWhole, [p.depth, packWidth, i32.geU], i32.and]),
    when(isBlock, set(isBlock, areNeighbours(p.along))),
    when(isBlock, block, singly),
  ]
  return f.finish(`gather_${dtype}`, [
    times(packWidth, (i) =>
      when([i, p.count, i32.ltS], set(starts[i]!, after(p.from, entry(p.across, i)))),
    ),
    set(isWhole, [p.count, packWidth, i32.eq]),
    when(isWhole, set(isRow, areNeighbours(p.across))),
    when(p.depth, repeat(when(isRow, line, bytes === 4 ? others : singly), p.depth)),
  ])
}

/** `panels(to, from, across, along, count, depth)`: packs `count` rows of any number into panels of `width`, by tables. */
export const gatheredPanelsFunction = (dtype: Element, width: number, gather: Numbered): Func => {
  const f = createFunction()
  const p = params(f, 'to from across along', 'count depth')
  const step = bytesApart(width * elements[dtype].bytes)
  const groups = groupsCode(f, dtype, width, p, (to, i, count) => {
    const across = after(p.across, distance(i, entryBytes))
    return call(gather, to, step, p.from, across, p.along, count, p.depth)
  })
  return f.finish(`gathered${width}_${dtype}`, groups)
}
