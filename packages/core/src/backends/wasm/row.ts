/**
 * A row times a matrix: memory-bound, so the matrix is read once and in order, four of its rows at a time, while the sums
 * of all columns wait in scratch memory. Each element still gets its terms one by one along the depth.
 */
import type { Code, Func, Local } from './encode.ts'
import {
  add,
  advance,
  countTo,
  createFunction,
  get,
  int,
  load,
  repeat,
  set,
  store,
  sub,
  tee,
  when,
  zeros,
} from './instructions.ts'
import { i32, v128 } from './opcodes.ts'
import { type Element, elements, params, times } from './tile.ts'

const rowsAtOnce = 4
const vectorsAtOnce = 4

/** The name of the function of a dtype. */
export const rowName = (dtype: Element): string => `row_${dtype}`

/** Its arguments, all i32: addresses and strides in bytes, sizes in elements. */
export const rowArguments = [
  ...(['a', 'aStep', 'b', 'bStep', 'c', 'cColumn', 'columns', 'depth', 'scratch'] as const),
] as const

/** Bytes of scratch memory: the sums, rounded up to what one turn of the inner loop handles. */
export const rowScratch = (dtype: Element, columns: number): number =>
  Math.ceil((columns * elements[dtype].bytes) / 64) * 64

/** `row(...)`: c = a * b for one row a; the columns of b are neighbours. May read 60 bytes past a row of b. */
export const rowFunction = (dtype: Element): Func => {
  const { bytes, splat, multiply, add: plus, move } = elements[dtype]
  const f = createFunction()
  const p = params(f, ...rowArguments)
  const [left, sums, end, sum] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('v128')]
  const factors = times(rowsAtOnce, () => f.local('v128'))
  const rows = times(rowsAtOnce, () => f.local('i32'))
  const at = (local: Local, offset = 0) => ({ address: get(local), offset })
  const terms = (count: number, offset: number): Code =>
    times(count, (r) => {
      const product = [get(factors[r]!), load(v128.load, at(rows[r]!, offset)), multiply]
      return set(sum, [get(sum), product, plus])
    })
  /** Adds the products of `count` rows of b to all sums. */
  const pass = (count: number): Code => [
    times(count, (r) => [
      set(factors[r]!, load(splat, at(p.a))),
      advance(p.a, get(p.aStep)),
      set(rows[r]!, get(p.b)),
      advance(p.b, get(p.bStep)),
    ]),
    set(sums, get(p.scratch)),
    repeat(
      [
        times(vectorsAtOnce, (v) => [
          set(sum, load(v128.load, at(sums, 16 * v))),
          terms(count, 16 * v),
          store(v128.store, at(sums, 16 * v), get(sum)),
        ]),
        times(count, (r) => advance(rows[r]!, int(16 * vectorsAtOnce))),
      ],
      [tee(sums, add(get(sums), int(16 * vectorsAtOnce))), get(end), i32.ltU],
    ),
  ]
  /** Runs code as often as `times` says, at least once. */
  const again = (count: Code, code: Code): Code =>
    when(tee(left, count), repeat(code, tee(left, sub(get(left), int(1)))))
  const column = f.local('i32')
  return f.finish(rowName(dtype), [
    set(end, add(get(p.scratch), [get(p.columns), int(bytes), i32.mul])),
    set(sums, get(p.scratch)),
    repeat(
      times(vectorsAtOnce, (v) => store(v128.store, at(sums, 16 * v), zeros)),
      [tee(sums, add(get(sums), int(16 * vectorsAtOnce))), get(end), i32.ltU],
    ),
    again([get(p.depth), int(rowsAtOnce), i32.divU], pass(rowsAtOnce)),
    again([get(p.depth), int(rowsAtOnce), i32.remU], pass(1)),
    set(column, int(0)),
    countTo(column, get(p.columns), 1, [
      store(move.store, at(p.c), load(move.load, at(p.scratch))),
      advance(p.scratch, int(bytes)),
      advance(p.c, get(p.cColumn)),
    ]),
  ])
}
