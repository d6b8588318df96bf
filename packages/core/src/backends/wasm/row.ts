/**
 * A row times a matrix: memory-bound, so the matrix is read once and in order, four of its rows at a time, while the sums
 * of all columns wait in scratch memory. Each element still gets its terms one by one along the depth.
 */
import type { Code, Func } from './encode.ts'
import {
  advance,
  after,
  at,
  countTo,
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
  tee,
  times,
  variables,
  when,
  zeros,
} from './instructions.ts'
import { i32, v128 } from './opcodes.ts'
import { type Element, elements } from './tile.ts'

const rowsAtOnce = 4
const vectorsAtOnce = 4

/** The name of the function of a dtype. */
export const rowName = (dtype: Element): string => `row_${dtype}`

/** Bytes of scratch memory: the sums, rounded up to what one turn of the inner loop handles. */
export const rowScratch = (dtype: Element, columns: number): number =>
  Math.ceil((columns * elements[dtype].bytes) / 64) * 64

/**
 * `row(a, aStep, b, bStep, c, cColumn, scratch, columns, depth)`: c = a * b for one row a; the columns of b are neighbours.
 * Addresses and strides in bytes, sizes in elements. May read 60 bytes past a row of b.
 */
export const rowFunction = (dtype: Element): Func => {
  const { bytes, splat, multiply, add: plus, move } = elements[dtype]
  const f = createFunction()
  const p = params(f, 'a aStep b bStep c cColumn scratch', 'columns depth')
  const { left, column } = variables(f, 'left column')
  const { sums, end } = pointers(f, 'sums end')
  const sum = f.local('v128')
  const factors = times(rowsAtOnce, () => f.local('v128'))
  const rows = times(rowsAtOnce, () => f.local('address'))
  const terms = (count: number, offset: number): Code =>
    times(count, (r) => {
      const product = [factors[r]!, load(v128.load, at(rows[r]!, offset)), multiply]
      return set(sum, [sum, product, plus])
    })
  /** Adds the products of `count` rows of b to all sums. */
  const pass = (count: number): Code => [
    times(count, (r) => [
      set(factors[r]!, load(splat, at(p.a))),
      advance(p.a, p.aStep),
      set(rows[r]!, p.b),
      advance(p.b, p.bStep),
    ]),
    set(sums, p.scratch),
    moveTo(sums, end, 16 * vectorsAtOnce, [
      times(vectorsAtOnce, (v) => [
        set(sum, load(v128.load, at(sums, 16 * v))),
        terms(count, 16 * v),
        store(v128.store, at(sums, 16 * v), sum),
      ]),
      times(count, (r) => advance(rows[r]!, 16 * vectorsAtOnce)),
    ]),
  ]
  /** Runs code a number of times, which may be 0. */
  const again = (count: Code, code: Code): Code =>
    when(tee(left, count), repeat(code, tee(left, sub(left, 1))))
  return f.finish(rowName(dtype), [
    set(end, after(p.scratch, distance(p.columns, bytes))),
    set(sums, p.scratch),
    moveTo(
      sums,
      end,
      16 * vectorsAtOnce,
      times(vectorsAtOnce, (v) => store(v128.store, at(sums, 16 * v), zeros)),
    ),
    again([p.depth, rowsAtOnce, i32.divU], pass(rowsAtOnce)),
    again([p.depth, rowsAtOnce, i32.remU], pass(1)),
    set(column, 0),
    countTo(column, p.columns, 1, [
      store(move.store, at(p.c), load(move.load, at(p.scratch))),
      advance(p.scratch, bytes),
      advance(p.c, p.cColumn),
    ]),
  ])
}
