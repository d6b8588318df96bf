/** LU factorisation with partial pivoting, after Crout and Doolittle: P A = L U in one packed matrix. */
import type { Scalar, Statement } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import { range, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { bind } from '../trace/interpreter.ts'
import { broadcast, fullOf } from './broadcast.ts'
import { type Block, define, type LoopContext, type Primitive } from './define.ts'
import { add, mul } from './elementwise.ts'
import { gather } from './index.ts'
import { product, triangleOf, turned, unitDiagonal } from './matrices.ts'
import {
  type Cell,
  cell,
  count,
  eachMatrix,
  type Matrix,
  matrixIn,
  matrixOf,
  once,
  vectorOf,
  when,
} from './matrixLoops.ts'
import { iota, reshape } from './movement.ts'
import { expectSquare, triangularSolve } from './triangular.ts'

/** Finds in column k, from row k on, the entry of largest magnitude. */
const choosePivot = (context: LoopContext, M: Matrix, n: number, k: Scalar, pivot: Cell) => {
  const best = cell(context, M.get(k, k).dtype)
  return [
    pivot.start(k),
    best.start(s.abs(M.get(k, k))),
    ...count(context, s.add(k, s.int(1)), s.int(n), (i) => {
      const [let_, size] = once(context, s.abs(M.get(i, k)))
      return [let_, when(s.lt(best.value, size), [best.set(size), pivot.set(i)])]
    }),
  ]
}

const exchange = (context: LoopContext, M: Matrix, a: Scalar, b: Scalar, column?: Scalar) => {
  const [letA, first] = once(context, M.get(a, column))
  const [letB, second] = once(context, M.get(b, column))
  return [letA, letB, M.put(second, a, column), M.put(first, b, column)]
}

const build = (context: LoopContext): readonly Statement[] => {
  const [a] = context.inputs as [Block]
  const [packed, order, parity] = context.outputs as [Block, Block, Block]
  const n = a.shape.at(-1)!
  return eachMatrix(context, a, (batch) => {
    const [A, M, P] = [matrixOf(a, batch), matrixOf(packed, batch), vectorOf(order, batch)]
    const S = matrixIn(parity.buffer, 'int32', batch, 1, 1)
    const pivot = cell(context, 'int32')
    const step = (k: Scalar): readonly Statement[] => [
      ...choosePivot(context, M, n, k, pivot),
      when(s.lt(k, pivot.value), [
        ...count(context, s.int(0), s.int(n), (j) => exchange(context, M, k, pivot.value, j)),
        ...exchange(context, P, k, pivot.value),
        S.put(s.neg(S.get(s.int(0))), s.int(0)),
      ]),
      ...count(context, s.add(k, s.int(1)), s.int(n), (i) => {
        // a column of zeros has nothing to eliminate: 0 / 0 must not make NaN of a singular matrix
        const entry = M.get(i, k)
        const isZero = s.eq(entry, s.constant(a.dtype, 0))
        const [let_, factor] = once(context, s.select(isZero, entry, s.div(entry, M.get(k, k))))
        return [
          let_,
          M.put(factor, i, k),
          ...count(context, s.add(k, s.int(1)), s.int(n), (j) => [
            M.put(s.sub(M.get(i, j), s.mul(factor, M.get(k, j))), i, j),
          ]),
        ]
      }),
    ]
    return [
      ...count(context, s.int(0), s.int(n), (i) => [
        P.put(i, i),
        ...count(context, s.int(0), s.int(n), (j) => [M.put(A.get(i, j), i, j)]),
      ]),
      S.put(s.int(1), s.int(0)),
      ...count(context, s.int(0), s.int(n), step),
    ]
  })
}

/** Rows of matrices in the order a factorisation found. */
export const permuteRows = (x: Tensor, order: Tensor): Tensor => {
  const [rows, columns] = x.shape.slice(-2) as [number, number]
  const batch = x.shape.slice(0, -2)
  const counts = iota({ length: sizeOf(batch) })
  const first = reshape(mul(counts, fullOf(counts, rows)), { shape: batch })
  const places = add(order, broadcast(first, { shape: order.shape, axes: range(batch.length) }))
  return gather(reshape(x, { shape: [sizeOf(batch) * rows, columns] }), places)
}

export const luPrimitive: Primitive<null> = define<null>({
  name: 'lu',
  shape: ([x]) => {
    expectSquare('lu', 'x', x!)
    return [
      { shape: x!.shape, dtype: x!.dtype },
      { shape: x!.shape.slice(0, -1), dtype: 'int32' },
      { shape: x!.shape.slice(0, -2), dtype: 'int32' },
    ]
  },
  derivative: {
    kind: 'smooth',
    partials: [
      // with M = L^-1 P dA U^-1: dL = L (strictly lower part of M), dU = (upper part of M) U
      (t, _, [packed, order]) => {
        const left = triangularSolve(packed!, permuteRows(t, order!), {
          lower: true,
          transposed: false,
          unit: true,
        })
        const both = turned(
          triangularSolve(packed!, turned(left), { lower: false, transposed: true, unit: false }),
        )
        const below = { lower: true, diagonal: false }
        const above = { lower: false, diagonal: true }
        const lower = product(unitDiagonal(triangleOf(packed!, below)), triangleOf(both, below))
        return add(lower, product(triangleOf(both, above), triangleOf(packed!, above)))
      },
    ],
  },
  batch: ([x]) => bind(luPrimitive, [x!], null),
  lower: { kind: 'loops', build },
})

/** What `lu` finds. */
export interface Factors {
  /** U on and above the diagonal, L without its ones below. */
  readonly packed: Tensor
  /** Row i of P A is row `order[i]` of A, int32 [..., n]. */
  readonly order: Tensor
  /** Determinant of P: 1 or -1, int32 [...]. */
  readonly parity: Tensor
}

/** P A = L U with the largest pivot of each column; a singular matrix leaves a 0 on the diagonal of U. */
export const lu = (x: Tensor): Factors => {
  const [packed, order, parity] = bind(luPrimitive, [x], null)
  return { packed: packed!, order: order!, parity: parity! }
}
