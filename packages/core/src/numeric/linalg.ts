/** Matrix factorisations and what follows from them. They work on the last two axes; leading axes are a batch. */
import { ShapeError } from '../errors.ts'
import { convert } from '../primitives/elementwise.ts'
import * as primitive from '../primitives/linalg.ts'
import { turned } from '../primitives/matrices.ts'
import { broadcastShapes, type Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { mul } from './arithmetic.ts'
import { eye, zeros } from './creation.ts'
import { diagonal } from './diagonal.ts'
import { log } from './exponential.ts'
import { concatenate, slice } from './joining.ts'
import { broadcastTo, expandDims, flip, squeeze } from './movement.ts'
import { expectMatrix, type Operand, resultType, single } from './operand.ts'
import { prod, sum } from './reductions.ts'
import { abs, cast, sign } from './rounding.ts'

const matrix = (operation: string, x: Operand, name = 'x'): Tensor => {
  const a = single(operation, x, 'float', name)
  expectMatrix(operation, name, a)
  return a
}

const square = (operation: string, x: Operand, name = 'x'): Tensor => {
  const a = matrix(operation, x, name)
  if (a.shape.at(-1) === a.shape.at(-2)) return a
  throw new ShapeError({
    operation,
    inputs: { [name]: a },
    rule: `the last two axes of ${name} must be equal`,
  })
}

/** Matrix and right-hand side with one dtype and one batch; a vector on the right becomes a column. */
const system = (operation: string, left: Operand, right: Operand) => {
  const a = square(operation, left, 'a')
  const given = single(operation, right, 'float', 'b')
  const isVector = given.rank === 1
  const b = isVector ? expandDims(given, -1) : given
  const batch = b.rank >= 2 ? broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)) : null
  if (batch === null || a.shape.at(-1) !== b.shape.at(-2)) {
    throw new ShapeError({
      operation,
      inputs: { a, b: given },
      rule: 'b must have as many rows as a, and leading axes that broadcast with those of a',
    })
  }
  const dtype = resultType([a, b])
  const spread = (x: Tensor) => broadcastTo(convert(x, { dtype }), [...batch, ...x.shape.slice(-2)])
  return { a: spread(a), b: spread(b), finish: (x: Tensor) => (isVector ? squeeze(x, -1) : x) }
}

/** Which triangle, and how it stands in the equation. */
export interface TriangularOptions {
  /** The lower triangle of a, by default; otherwise the upper one. The other triangle is not read. */
  readonly lower?: boolean
  /** Solve with the transpose of a. */
  readonly transposed?: boolean
  /** Take ones for the diagonal of a. */
  readonly unitDiagonal?: boolean
}

/**
 * x with A x = b for a triangular A, by substitution; b is [..., n, k] or a vector [n]. A zero on the diagonal gives
 * infinities.
 * @example
 * ```ts
 * import { solveTriangular, tensor } from '@rootstock/core'
 * console.log(solveTriangular(tensor([[2, 0], [1, 1]]), tensor([2, 3])).toArray()) // [ 1, 2 ]
 * ```
 */
export const solveTriangular = (
  a: Operand,
  b: Operand,
  { lower = true, transposed = false, unitDiagonal = false }: TriangularOptions = {},
): Tensor => {
  const given = system('solveTriangular', a, b)
  const params = { lower, transposed, unit: unitDiagonal }
  return given.finish(primitive.triangularSolve(given.a, given.b, params))
}

/**
 * Lower L with L L^T = x for a symmetric positive definite x, of which (x + x^T) / 2 is taken; NaN where it is not.
 * @example
 * ```ts
 * import { cholesky, tensor } from '@rootstock/core'
 * console.log(cholesky(tensor([[4, 2], [2, 2]])).toArray()) // [ [ 2, 0 ], [ 1, 1 ] ]
 * ```
 */
export const cholesky = (x: Operand): Tensor => primitive.cholesky(square('cholesky', x))

/**
 * x with a x = b, by LU factorisation with partial pivoting; b is [..., n, k] or a vector [n].
 * @example
 * ```ts
 * import { solve, tensor } from '@rootstock/core'
 * console.log(solve(tensor([[0, 2], [1, 0]]), tensor([4, 3])).toArray()) // [ 3, 2 ]
 * ```
 */
export const solve = (a: Operand, b: Operand): Tensor => {
  const given = system('solve', a, b)
  const { packed, order } = primitive.lu(given.a)
  const rows = primitive.permuteRows(given.b, order)
  const below = { lower: true, transposed: false, unit: true }
  const half = primitive.triangularSolve(packed, rows, below)
  const above = { lower: false, transposed: false, unit: false }
  return given.finish(primitive.triangularSolve(packed, half, above))
}

const identity = (a: Tensor): Tensor =>
  broadcastTo(eye(a.shape.at(-1)!, a.shape.at(-1), { dtype: a.dtype }), a.shape)

/**
 * Inverse of a square matrix. To solve equations, `solve` is faster and more accurate.
 * @example
 * ```ts
 * import { inverse, tensor } from '@rootstock/core'
 * console.log(inverse(tensor([[2, 0], [0, 4]])).toArray()) // [ [ 0.5, 0 ], [ 0, 0.25 ] ]
 * ```
 */
export const inverse = (x: Operand): Tensor => {
  const a = square('inverse', x)
  return solve(a, identity(a))
}

/**
 * Determinant of a square matrix.
 * @example
 * ```ts
 * import { determinant, tensor } from '@rootstock/core'
 * console.log(determinant(tensor([[0, 2], [3, 4]])).item()) // -6
 * ```
 */
export const determinant = (x: Operand): Tensor => {
  const { packed, parity } = primitive.lu(square('determinant', x))
  return mul(prod(diagonal(packed), { axis: -1 }), cast(parity, packed.dtype))
}

/**
 * Sign and logarithm of the absolute value of a determinant, which neither overflow nor underflow.
 * @example
 * ```ts
 * import { logDeterminant, tensor } from '@rootstock/core'
 * const { sign, logAbs } = logDeterminant(tensor([[0, 1], [1, 0]]))
 * console.log(sign.item(), logAbs.item()) // -1 0
 * ```
 */
export const logDeterminant = (x: Operand): { readonly sign: Tensor; readonly logAbs: Tensor } => {
  const { packed, parity } = primitive.lu(square('logDeterminant', x))
  const pivots = diagonal(packed)
  return {
    sign: mul(prod(sign(pivots), { axis: -1 }), cast(parity, packed.dtype)),
    logAbs: sum(log(abs(pivots)), { axis: -1 }),
  }
}

/**
 * Eigenvalues of (x + x^T) / 2 in increasing order [..., n], and its eigenvectors as columns [..., n, n], signed so that
 * the component of largest magnitude is positive.
 * @example
 * ```ts
 * import { eigh, tensor } from '@rootstock/core'
 * console.log(eigh(tensor([[3, 0], [0, 1]])).values.toArray()) // [ 1, 3 ]
 * ```
 */
export const eigh = (x: Operand): { readonly values: Tensor; readonly vectors: Tensor } => {
  const [values, vectors] = primitive.eigh(square('eigh', x))
  return { values, vectors }
}

/** The symmetric matrix [[corner, a], [a^T, 0]]. */
const bordered = (a: Tensor, corner: Tensor): Tensor => {
  const columns = a.shape.at(-1)!
  const empty = zeros([...a.shape.slice(0, -2), columns, columns], { dtype: a.dtype })
  return concatenate(
    [concatenate([corner, a], { axis: -1 }), concatenate([turned(a), empty], { axis: -1 })],
    { axis: -2 },
  )
}

const zerosLikeRows = (a: Tensor): Tensor => {
  const rows = a.shape.at(-2)!
  return zeros([...a.shape.slice(0, -2), rows, rows], { dtype: a.dtype })
}

const ends = (shape: Shape, start: number, stop: number) => ({
  start: [...shape.slice(0, -1).map(() => 0), start],
  stop: [...shape.slice(0, -1), stop],
})

/**
 * Singular values in decreasing order [..., min(m, n)]: the largest eigenvalues of [[0, x], [x^T, 0]], which loses no
 * digits to squaring (Golub and Kahan, "Calculating the singular values and pseudo-inverse of a matrix", 1965).
 * @example
 * ```ts
 * import { singularValues, tensor } from '@rootstock/core'
 * console.log(singularValues(tensor([[0, 2], [3, 0], [0, 0]])).shape) // [ 2 ]
 * ```
 */
export const singularValues = (x: Operand): Tensor => {
  const a = matrix('singularValues', x)
  const [rows, columns] = a.shape.slice(-2) as [number, number]
  const { values } = eigh(bordered(a, zerosLikeRows(a)))
  const total = rows + columns
  return flip(slice(values, ends(values.shape, total - Math.min(rows, columns), total)), -1)
}

/**
 * Moore–Penrose inverse [..., n, m] of a matrix [..., m, n] of full rank, from the augmented system
 * [[I, x], [x^T, 0]], which does not square the condition of x (Björck, "Iterative refinement of linear least squares
 * solutions", 1967).
 * @example
 * ```ts
 * import { pseudoInverse, tensor } from '@rootstock/core'
 * console.log(pseudoInverse(tensor([[2], [0]])).toArray()) // [ [ 0.5, 0 ] ]
 * ```
 */
export const pseudoInverse = (x: Operand): Tensor => {
  const a = matrix('pseudoInverse', x)
  const [rows, columns] = a.shape.slice(-2) as [number, number]
  if (rows < columns) return turned(pseudoInverse(turned(a)))
  const corner = identity(zerosLikeRows(a))
  const right = concatenate(
    [corner, zeros([...a.shape.slice(0, -2), columns, rows], { dtype: a.dtype })],
    { axis: -2 },
  )
  const solution = solve(bordered(a, corner), right)
  return slice(solution, {
    start: [...a.shape.slice(0, -2).map(() => 0), rows, 0],
    stop: [...a.shape.slice(0, -2), rows + columns, rows],
  })
}
