/** Every scalar operation, at the edges of every dtype it takes: alone in vectors, alone one by one, and strided. */
import { type DType, dtypes } from '../dtype.ts'
import type { BinaryOp, Scalar, UnaryOp } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import { binaryTypings, type Typing, unaryTypings } from '../loop/verifyScalar.ts'
import { type Case, expectAgreement, type Pair } from './agreement.ts'
import { along, arrayOf, edges, kernel, loop, programOf, store } from './programs.ts'

/** Arguments an operation is defined for. */
const domain = (op: UnaryOp | BinaryOp, dtype: DType): readonly number[] => {
  const smallest = dtype === 'float64' ? 2 ** -1022 : 2 ** -126
  if (op === 'significand' || op === 'exponent') {
    return edges[dtype].filter((x) => x >= smallest && x < Infinity)
  }
  if (op !== 'pow2') return edges[dtype]
  return [dtype === 'float64' ? -1023 : -127, -126, -1, 0, 1, 23, 127]
}

/** The same arguments from aligned memory, from odd places, and backwards one by one. */
const expectEverywhere = (
  pair: Pair,
  columns: readonly (readonly number[])[],
  dtype: DType,
  to: DType,
  of: (...args: readonly Scalar[]) => Scalar,
): void => {
  const length = columns[0]!.length
  // one element in front, so that reading from 1 on is not aligned
  const inputs = columns.map((column) => arrayOf(dtype, [column[0]!, ...column]))
  const count = inputs.length
  const value = (index: number, stride: number, base: number): Scalar =>
    of(...inputs.map((_, i) => s.load(dtype, i, along(index, stride, base))))
  const program = programOf({
    inputs,
    outputs: [length, length, 2 * length].map((size) => ({ dtype: to, length: size })),
    steps: [
      kernel(
        loop(0, length, [store(count, along(0), value(0, 1, 1))]),
        loop(1, length, [store(count + 1, along(1), value(1, 1, 0))], false),
        loop(2, length, [
          store(count + 2, along(2, 2), value(2, -1, length)),
          store(count + 2, along(2, 2, 1), value(2, 0, 1)),
        ]),
      ),
    ],
  })
  expectAgreement(pair, program, inputs)
}

const node = (op: UnaryOp | BinaryOp, dtype: DType, args: readonly Scalar[]): Scalar =>
  ({ op, dtype, args }) as Scalar

type Entry = readonly [op: string, typing: Typing]

const casesOf = (pair: Pair, [name, { takes, gives }]: Entry, isBinary: boolean): Case[] => {
  const op = name as UnaryOp | BinaryOp
  return dtypes.filter(takes).flatMap((dtype) => {
    const list = domain(op, dtype)
    const columns = isBinary
      ? [list.flatMap((x) => list.map(() => x)), list.flatMap(() => list)]
      : [list]
    const results = dtypes.filter((to) => gives(to, dtype) && !(op === 'convert' && to === dtype))
    return results.map((to) => ({
      name: `scalar ${op} of ${dtype}${to === dtype ? '' : ` to ${to}`}`,
      run: () => {
        expectEverywhere(pair, columns, dtype, to, (...args) => node(op, to, args))
      },
    }))
  })
}

/** Cases of all operations of one and two arguments, and of `select`. */
export const scalarCases = (pair: Pair): Case[] => {
  const selects = dtypes.map((dtype) => ({
    name: `scalar select of ${dtype}`,
    run: () => {
      const columns = [edges[dtype], edges[dtype].toReversed()]
      expectEverywhere(pair, columns, dtype, dtype, (...[a, b]) =>
        s.select(s.le(a!, b!), a!, s.select(s.eq(a!, a!), b!, s.constant(dtype, 0))),
      )
    },
  }))
  return [
    ...Object.entries(unaryTypings).flatMap((entry) => casesOf(pair, entry, false)),
    ...Object.entries(binaryTypings).flatMap((entry) => casesOf(pair, entry, true)),
    ...selects,
  ]
}
