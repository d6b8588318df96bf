/**
 * Packing: four rows (or columns) of an operand laid side by side along the depth, so that the tile reads memory in order
 * whatever the strides were. Missing rows are zeros.
 */
import type { Code, Func, Local, Numbered } from './encode.ts'
import {
  advance,
  after,
  at,
  bytesApart,
  call,
  countTo,
  createFunction,
  distance,
  type FunctionBuilder,
  load,
  params,
  pointers,
  repeat,
  set,
  shuffle32,
  smaller,
  store,
  sub,
  tee,
  times,
  variables,
  when,
} from './instructions.ts'
import { address, i32, v128 } from './opcodes.ts'
import { type Element, elements } from './tile.ts'

/** Elements side by side. */
export const packWidth = 4

/** Bytes of a block packed into panels of `width`. */
export const packedBytes = (dtype: Element, rows: number, depth: number, width: number): number =>
  Math.ceil(rows / width) * (depth * width * elements[dtype].bytes + panelGap)

/** Bytes between panels, without which panels of some sizes would all compete for the same few cache lines. */
export const panelGap = 64

type Params = {
  readonly [_ in 'to' | 'step' | 'from' | 'across' | 'along' | 'count' | 'depth']: Local
}

/** Repeats code while `left` counts down to 0. */
const countDown = (left: Local, by: number, body: Code): Code =>
  repeat(body, tee(left, sub(left, by)))

/** Code that transposes the 4 x 4 block of 32-bit elements in `rows` and stores it from `to` on, `step` apart. */
export const transposed = (
  f: FunctionBuilder,
  rows: readonly Local[],
  to: Local,
  step: Local,
): Code => {
  const pairs = times(4, () => f.local('v128'))
  /** Lanes of vectors 0 and 1, then of 2 and 3, each in both orders. */
  const join = (from: readonly Local[], orders: readonly (readonly number[])[]): Code[] =>
    [0, 2].flatMap((i) => orders.map((order) => shuffle32(from[i]!, from[i + 1]!, order)))
  const [a0, a2, b0, b2] = pairs
  const mixed = join(rows, [
    [0, 4, 1, 5],
    [2, 6, 3, 7],
  ])
  const columns = join(
    [a0!, b0!, a2!, b2!],
    [
      [0, 1, 4, 5],
      [2, 3, 6, 7],
    ],
  )
  return [
    mixed.map((vector, i) => set(pairs[i]!, vector)),
    columns.map((vector) => [store(v128.store, at(to), vector), advance(to, step)]),
  ]
}

/** The depth is contiguous: 4 x 4 blocks of 32-bit elements are transposed. Leaves the rest of the depth to others. */
const transposes = (f: FunctionBuilder, p: Params): Code => {
  const rows = times(4, () => f.local('v128'))
  const source = f.local('address')
  const left = f.local('i32')
  return when(tee(left, [p.depth, 2, i32.shrU]), [
    countDown(left, 1, [
      set(source, p.from),
      rows.map((row) => [set(row, load(v128.load, at(source))), advance(source, p.across)]),
      transposed(f, rows, p.to, p.step),
      advance(p.from, 16),
    ]),
    set(p.depth, [p.depth, 3, i32.and]),
  ])
}

/** Code that fills a group of four at `to`: by `element` as far as `count`, then with zeros. */
export const groupCode = (
  dtype: Element,
  { to, count }: Pick<Params, 'to' | 'count'>,
  element: (i: number) => Code,
): Code => {
  const { bytes } = elements[dtype]
  const nothing = (i: number): Code =>
    times(bytes / 4, (k) => store(i32.store, at(to, i * bytes + 4 * k), 0))
  return times(packWidth, (i) => when([i, count, i32.ltS], element(i), nothing(i)))
}

/** One element after the other, zeros where there are fewer than four. */
const singly = (f: FunctionBuilder, dtype: Element, p: Params): Code => {
  const { bytes, move } = elements[dtype]
  const source = f.local('address')
  const element = (i: number): Code => [
    store(move.store, at(p.to, i * bytes), load(move.load, at(source))),
    advance(source, p.across),
  ]
  return countDown(p.depth, 1, [
    set(source, p.from),
    groupCode(dtype, p, element),
    advance(p.to, p.step),
    advance(p.from, p.along),
  ])
}

/**
 * `pack(to, step, from, across, along, count, depth)`: element (i, l) of `from`, for i below `count` (at most 4), goes to
 * place i of the group of four at `to + l * step`. All in bytes.
 */
export const packFunction = (dtype: Element): Func => {
  const { bytes } = elements[dtype]
  const f = createFunction()
  const p = params(f, 'to step from across along', 'count depth')
  const isDense = [p.along, bytesApart(bytes), address.eq]
  const isWhole = [p.count, packWidth, i32.eq]
  return f.finish(`pack_${dtype}`, [
    bytes === 4 ? when([isDense, isWhole, i32.and], transposes(f, p)) : [],
    when(p.depth, singly(f, dtype, p)),
  ])
}

/** Bytes of a panel. */
const panelBytes = (dtype: Element, width: number, depth: Code): Code =>
  after(distance(depth, width * elements[dtype].bytes), panelGap)

/** Code that packs rows into panels of `width`, four by four: `group` is code for those from row i on, which go to `to`. */
export const groupsCode = (
  f: FunctionBuilder,
  dtype: Element,
  width: number,
  p: Pick<Params, 'to' | 'count' | 'depth'>,
  group: (to: Code, i: Local, count: Code) => Code,
): Code => {
  const i = f.local('i32')
  // group i starts at its panel, plus its place within the panel
  const panel = distance([i, width, i32.divU], panelBytes(dtype, width, p.depth))
  const within = distance([i, width, i32.remU], elements[dtype].bytes)
  const count = smaller(f, sub(p.count, i), packWidth)
  const to = after(p.to, after(panel, within))
  return [set(i, 0), countTo(i, p.count, packWidth, group(to, i, count))]
}

/**
 * `panels(to, from, across, along, count, depth)`: packs `count` rows of any number into panels of `width`. Where the rows
 * are neighbours in memory (the matrix lies the other way), memory is read in order along them, and up to a panel further.
 */
export const panelsFunction = (dtype: Element, width: number, pack: Numbered): Func => {
  const { bytes } = elements[dtype]
  const f = createFunction()
  const p = params(f, 'to from across along', 'count depth')
  const byGroups = (): Code =>
    groupsCode(f, dtype, width, p, (to, i, count) => {
      const from = after(p.from, distance(i, p.across))
      return call(pack, to, bytesApart(width * bytes), from, p.across, p.along, count, p.depth)
    })
  const byRows = (): Code => {
    const { i, left } = variables(f, 'i left')
    const { to, from, next } = pointers(f, 'to from next')
    const copies = times((width * bytes) / 16, (v) =>
      store(v128.store, at(to, 16 * v), load(v128.load, at(from, 16 * v))),
    )
    return [
      set(next, panelBytes(dtype, width, p.depth)),
      set(left, p.depth),
      countDown(left, 1, [
        set(to, p.to),
        set(from, p.from),
        set(i, 0),
        countTo(i, p.count, width, [copies, advance(to, next), advance(from, width * bytes)]),
        advance(p.to, width * bytes),
        advance(p.from, p.along),
      ]),
    ]
  }
  const areNeighbours = [p.across, bytesApart(bytes), address.eq]
  return f.finish(`panels${width}_${dtype}`, when(areNeighbours, byRows(), byGroups()))
}
