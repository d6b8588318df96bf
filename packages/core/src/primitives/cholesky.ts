/** Cholesky factorisation, row by row. */
import type { Statement } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import type { Tensor } from '../tensor.ts'
import { bind1 } from '../trace/interpreter.ts'
import { fullOf } from './broadcast.ts'
import { type Block, define, type LoopContext } from './define.ts'
import { mul } from './elementwise.ts'
import { select } from './logic.ts'
import { onDiagonal, product, symmetric, triangleOf, turned } from './matrices.ts'
import { cell, count, eachMatrix, matrixOf, when } from './matrixLoops.ts'
import { expectSquare, triangularSolve } from './triangular.ts'

const build = (context: LoopContext): readonly Statement[] => {
  const [a] = context.inputs as [Block]
  const [y] = context.outputs as [Block]
  const n = a.shape.at(-1)!
  const half = s.constant(a.dtype, 0.5)
  return eachMatrix(context, a, (batch) => {
    const [A, L] = [matrixOf(a, batch), matrixOf(y, batch)]
    return count(context, s.int(0), s.int(n), (i) => [
      ...count(context, s.int(0), s.add(i, s.int(1)), (j) => {
        const rest = cell(context, a.dtype)
        return [
          rest.start(s.mul(s.add(A.get(i, j), A.get(j, i)), half)),
          ...count(context, s.int(0), j, (k) => [
            rest.set(s.sub(rest.value, s.mul(L.get(i, k), L.get(j, k)))),
          ]),
          when(
            s.eq(i, j),
            [L.put(s.sqrt(rest.value), i, j)],
            [L.put(s.div(rest.value, L.get(j, j)), i, j)],
          ),
        ]
      }),
      ...count(context, s.add(i, s.int(1)), s.int(n), (j) => [L.put(s.constant(a.dtype, 0), i, j)]),
    ])
  })
}

/** The lower triangle with half of the diagonal: the part of a symmetric matrix that belongs to one factor. */
const halved = (x: Tensor): Tensor => {
  const half = mul(x, fullOf(x, 0.5))
  return triangleOf(select(onDiagonal(x.shape), half, x), { lower: true, diagonal: true })
}

export const choleskyPrimitive = define<null>({
  name: 'cholesky',
  shape: ([x]) => {
    expectSquare('cholesky', 'x', x!)
    return [{ shape: x!.shape, dtype: x!.dtype }]
  },
  derivative: {
    kind: 'smooth',
    partials: [
      // dL = L Phi(L^-1 dA L^-T), Phi as in `halved` (Murray, "Differentiation of the Cholesky decomposition", 2016)
      (t, _, [factor]) => {
        const solve = { lower: true, transposed: false, unit: false }
        const left = triangularSolve(factor!, symmetric(t), solve)
        return product(factor!, halved(triangularSolve(factor!, turned(left), solve)))
      },
    ],
  },
  batch: ([x]) => [cholesky(x!)],
  lower: { kind: 'loops', build },
})

/** Lower L with L L^T = (x + x^T) / 2; NaN where that is not positive definite. */
export const cholesky = (x: Tensor): Tensor => bind1(choleskyPrimitive, [x], null)
