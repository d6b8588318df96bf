/**
 * Eigenvalues and eigenvectors of symmetric matrices by cyclic Jacobi rotations (Golub and Van Loan, "Matrix computations",
 * 8.5): simple, and as accurate as any method for the sizes met here.
 */

import { NotDifferentiable } from '../errors.ts'
import type { Scalar, Statement } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import type { Tensor } from '../tensor.ts'
import { bind } from '../trace/interpreter.ts'
import { fullOf, reduceSum, unreduce, zerosOf } from './broadcast.ts'
import { type Block, define, type LoopContext } from './define.ts'
import { div, sub } from './elementwise.ts'
import { compare, select } from './logic.ts'
import { onDiagonal, product, symmetric, turned } from './matrices.ts'
import {
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
import { expectSquare } from './triangular.ts'

/** Sweeps after which rotations stop; convergence is quadratic, and takes about six. */
const limit = 40

/** [x, y] becomes [c x - s y, s x + c y] in two places of a matrix. */
const rotatePair = (
  context: LoopContext,
  M: Matrix,
  first: readonly [Scalar, Scalar],
  second: readonly [Scalar, Scalar],
  c: Scalar,
  sine: Scalar,
): readonly Statement[] => {
  const [letX, x] = once(context, M.get(...first))
  const [letY, y] = once(context, M.get(...second))
  return [
    letX,
    letY,
    M.put(s.sub(s.mul(c, x), s.mul(sine, y)), ...first),
    M.put(s.add(s.mul(sine, x), s.mul(c, y)), ...second),
  ]
}

/** Makes entry (p, q) zero: A becomes J^T A J and V becomes V J. */
const rotate = (
  context: LoopContext,
  A: Matrix,
  V: Matrix,
  n: number,
  p: Scalar,
  q: Scalar,
): Statement => {
  const entry = A.get(p, q)
  const [zero, one] = [s.like(entry, 0), s.like(entry, 1)]
  const twice = s.mul(entry, s.like(entry, 2))
  const [letTheta, theta] = once(context, s.div(s.sub(A.get(q, q), A.get(p, p)), twice))
  const root = s.sqrt(s.add(s.mul(theta, theta), one))
  const size = s.div(one, s.add(s.abs(theta), root))
  const [letTan, tangent] = once(context, s.select(s.lt(theta, zero), s.neg(size), size))
  const [letC, c] = once(context, s.div(one, s.sqrt(s.add(s.mul(tangent, tangent), one))))
  const [letS, sine] = once(context, s.mul(tangent, c))
  const all = (body: (i: Scalar) => readonly Statement[]) =>
    count(context, s.int(0), s.int(n), body)
  return when(s.not(s.eq(entry, zero)), [
    letTheta,
    letTan,
    letC,
    letS,
    ...all((i) => rotatePair(context, A, [i, p], [i, q], c, sine)),
    ...all((i) => rotatePair(context, A, [p, i], [q, i], c, sine)),
    A.put(zero, p, q),
    A.put(zero, q, p),
    ...all((i) => rotatePair(context, V, [i, p], [i, q], c, sine)),
  ])
}

/** Sums of squares above the diagonal and of all entries. */
const measure = (context: LoopContext, A: Matrix, n: number, dtype: Scalar['dtype']) => {
  const [off, whole] = [cell(context, dtype), cell(context, dtype)]
  const zero = s.constant(dtype, 0)
  const sum = () =>
    count(context, s.int(0), s.int(n), (i) =>
      count(context, s.int(0), s.int(n), (j) => {
        const [let_, square] = once(context, s.mul(A.get(i, j), A.get(i, j)))
        return [
          let_,
          whole.set(s.add(whole.value, square)),
          when(s.lt(i, j), [off.set(s.add(off.value, square))]),
        ]
      }),
    )
  return {
    off,
    whole,
    start: [off.start(zero), whole.start(zero)],
    sum,
    reset: [off.set(zero), whole.set(zero)],
  }
}

const sweeps = (
  context: LoopContext,
  A: Matrix,
  V: Matrix,
  n: number,
  dtype: 'float32' | 'float64',
): readonly Statement[] => {
  const { off, whole, start, sum, reset } = measure(context, A, n, dtype)
  const sweep = cell(context, 'int32')
  // an off-diagonal part below rounding error changes no eigenvalue; its square is compared, so epsilon is squared
  const epsilon = s.constant(dtype, dtype === 'float32' ? 2 ** -52 : 2 ** -108)
  const converged = s.le(off.value, s.mul(epsilon, whole.value))
  return [
    ...start,
    ...sum(),
    sweep.start(s.int(0)),
    {
      kind: 'while',
      condition: s.and(s.lt(sweep.value, s.int(limit)), s.not(converged)),
      body: [
        ...count(context, s.int(0), s.int(n), (p) =>
          count(context, s.add(p, s.int(1)), s.int(n), (q) => [rotate(context, A, V, n, p, q)]),
        ),
        ...reset,
        ...sum(),
        sweep.set(s.add(sweep.value, s.int(1))),
      ],
    },
  ]
}

/** Writes eigenpairs in increasing order, each vector with its largest component positive. */
const emit = (
  context: LoopContext,
  A: Matrix,
  V: Matrix,
  n: number,
  values: Matrix,
  vectors: Matrix,
): readonly Statement[] =>
  count(context, s.int(0), s.int(n), (i) => {
    // place of eigenvalue i: how many are smaller, or equal and before it
    const rank = cell(context, 'int32')
    const [letValue, value] = once(context, A.get(i, i))
    const [top, flip] = [cell(context, value.dtype), cell(context, value.dtype)]
    return [
      letValue,
      rank.start(s.int(0)),
      ...count(context, s.int(0), s.int(n), (j) => {
        const other = A.get(j, j)
        const before = s.or(s.lt(other, value), s.and(s.eq(other, value), s.lt(j, i)))
        return [rank.set(s.add(rank.value, s.convert(before, 'int32')))]
      }),
      values.put(value, rank.value),
      top.start(s.like(value, 0)),
      flip.start(s.like(value, 1)),
      ...count(context, s.int(0), s.int(n), (k) => {
        const component = V.get(k, i)
        const sign = s.select(
          s.lt(component, s.like(value, 0)),
          s.like(value, -1),
          s.like(value, 1),
        )
        return [
          when(s.lt(top.value, s.abs(component)), [flip.set(sign), top.set(s.abs(component))]),
        ]
      }),
      ...count(context, s.int(0), s.int(n), (k) => [
        vectors.put(s.mul(V.get(k, i), flip.value), k, rank.value),
      ]),
    ]
  })

const build = (context: LoopContext): readonly Statement[] => {
  const [x] = context.inputs as [Block]
  const [values, vectors] = context.outputs as [Block, Block]
  const n = x.shape.at(-1)!
  const dtype = x.dtype as 'float32' | 'float64'
  const total = x.shape.reduce((a, b) => a * b, 1)
  const [work, basis] = [context.scratch(dtype, total), context.scratch(dtype, total)]
  const half = s.constant(dtype, 0.5)
  return eachMatrix(context, x, (batch) => {
    const X = matrixOf(x, batch)
    const A = matrixIn(work, dtype, batch, n * n, n)
    const V = matrixIn(basis, dtype, batch, n * n, n)
    const init = count(context, s.int(0), s.int(n), (i) =>
      count(context, s.int(0), s.int(n), (j) => [
        A.put(s.mul(s.add(X.get(i, j), X.get(j, i)), half), i, j),
        V.put(s.convert(s.eq(i, j), dtype), i, j),
      ]),
    )
    return [
      ...init,
      ...sweeps(context, A, V, n, dtype),
      ...emit(context, A, V, n, vectorOf(values, batch), matrixOf(vectors, batch)),
    ]
  })
}

const diagonalOf = (x: Tensor): Tensor =>
  reduceSum(select(onDiagonal(x.shape), x, zerosOf(x)), { axes: [x.rank - 1] })

/** Tangents: with D = V^T dA V, dvalues = diag(D) and dV = V (F o D), F[i, j] = 1 / (value j - value i), 0 if equal. */
const tangentsOf = (t: Tensor, values: Tensor, vectors: Tensor): readonly [Tensor, Tensor] => {
  const moved = product(turned(vectors), product(symmetric(t), vectors))
  const rank = vectors.rank
  const column = unreduce(values, vectors.shape, [rank - 2])
  const row = unreduce(values, vectors.shape, [rank - 1])
  const gap = sub(column, row)
  const equal = compare(gap, zerosOf(gap), { op: 'eq' })
  const mixing = select(equal, zerosOf(gap), div(moved, select(equal, fullOf(gap, 1), gap)))
  return [diagonalOf(moved), product(vectors, mixing)]
}

export const eighPrimitive = define<null>({
  name: 'eigh',
  shape: ([x]) => {
    expectSquare('eigh', 'x', x!)
    return [
      { shape: x!.shape.slice(0, -1), dtype: x!.dtype },
      { shape: x!.shape, dtype: x!.dtype },
    ]
  },
  derivative: {
    kind: 'structural',
    jvp: ([x], [t]) => {
      const [values, vectors] = eigh(x!)
      if (t === null || t === undefined)
        return { outputs: [values, vectors], tangents: [null, null] }
      return { outputs: [values, vectors], tangents: tangentsOf(t, values, vectors) }
    },
    transpose: () => {
      throw new NotDifferentiable({ operation: 'eigh', rule: 'it is not linear' })
    },
  },
  batch: ([x]) => eigh(x!),
  lower: { kind: 'loops', build },
})

/** Eigenvalues of (x + x^T) / 2 in increasing order, and its eigenvectors as columns, largest component positive. */
export const eigh = (x: Tensor): readonly [values: Tensor, vectors: Tensor] => {
  const [values, vectors] = bind(eighPrimitive, [x], null)
  return [values!, vectors!]
}
