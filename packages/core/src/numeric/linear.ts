/** Products of vectors and matrices. */
import { ShapeError } from '../errors.ts'
import { convert } from '../primitives/elementwise.ts'
import { reshape } from '../primitives/movement.ts'
import { broadcastShapes, range } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { eye } from './creation.ts'
import { diagonalFor } from './diagonal.ts'
import { arrange, contractPair, type Labelled } from './labels.ts'
import { inverse } from './linalg.ts'
import { broadcastTo } from './movement.ts'
import { type Operand, resultType, single } from './operand.ts'
import { sum } from './reductions.ts'

const numbers = (operation: string, left: Operand, right: Operand): readonly [Tensor, Tensor] => {
  const a = single(operation, left, 'number', 'left')
  const b = single(operation, right, 'number', 'right')
  const dtype = resultType([a, b])
  return [convert(a, { dtype }), convert(b, { dtype })]
}

/** Labels of the leading axes, counted from the last so that they broadcast. */
const leading = (count: number): string[] => range(count).map((i) => `batch ${count - i}`)

const checkMatmul = (a: Tensor, b: Tensor): void => {
  const named = { left: a, right: b }
  if (a.rank === 0 || b.rank === 0) {
    throw new ShapeError({
      operation: 'matmul',
      inputs: named,
      rule: 'both must have at least one axis',
      hint: 'mul multiplies by a scalar',
    })
  }
  const [columns, rows] = [a.shape.at(-1)!, b.shape.at(b.rank === 1 ? -1 : -2)!]
  if (columns !== rows) {
    const turned = b.rank > 1 && b.shape.at(-1) === columns
    throw new ShapeError({
      operation: 'matmul',
      inputs: named,
      rule: `columns of left (${columns}) must equal rows of right (${rows})`,
      hint: turned ? 'right fits after swapAxes(right, -1, -2)' : undefined,
    })
  }
  if (broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)) !== null) return
  throw new ShapeError({
    operation: 'matmul',
    inputs: named,
    rule: 'the axes before the last two must be equal or 1, counted from the right',
  })
}

/**
 * Matrix product after numpy's rules: a vector is a row on the left and a column on the right, leading axes broadcast.
 * Throws `ShapeError` unless columns of the left equal rows of the right.
 * @example
 * ```ts
 * import { matmul, tensor } from '@rootstock/core'
 * console.log(matmul(tensor([[1, 2], [3, 4]]), tensor([1, 1])).toArray()) // [ 3, 7 ]
 * ```
 */
export const matmul = (left: Operand, right: Operand): Tensor => {
  const [a, b] = numbers('matmul', left, right)
  checkMatmul(a, b)
  const rows: Labelled = {
    x: a,
    labels: a.rank === 1 ? ['inner'] : [...leading(a.rank - 2), 'row', 'inner'],
  }
  const columns: Labelled = {
    x: b,
    labels: b.rank === 1 ? ['inner'] : [...leading(b.rank - 2), 'inner', 'column'],
  }
  const batch = leading(Math.max(a.rank, b.rank, 2) - 2)
  const output = [...batch, ...(a.rank > 1 ? ['row'] : []), ...(b.rank > 1 ? ['column'] : [])]
  return arrange(contractPair(rows, columns, new Set(output)), output)
}

/**
 * Inner product of two vectors.
 * @example
 * ```ts
 * import { dot, tensor } from '@rootstock/core'
 * console.log(dot(tensor([1, 2]), tensor([3, 4])).item()) // 11
 * ```
 */
export const dot = (left: Operand, right: Operand): Tensor => {
  const [a, b] = numbers('dot', left, right)
  if (a.rank !== 1 || b.rank !== 1 || a.size !== b.size) {
    throw new ShapeError({
      operation: 'dot',
      inputs: { left: a, right: b },
      rule: 'both must be vectors of the same length',
      hint: a.rank > 1 || b.rank > 1 ? 'matmul multiplies matrices' : undefined,
    })
  }
  return contractPair({ x: a, labels: ['i'] }, { x: b, labels: ['i'] }, new Set()).x
}

/**
 * Outer product of two vectors: y[i, j] = a[i] b[j].
 * @example
 * ```ts
 * import { outer, tensor } from '@rootstock/core'
 * console.log(outer(tensor([1, 2]), tensor([3, 4])).toArray()) // [ [ 3, 4 ], [ 6, 8 ] ]
 * ```
 */
export const outer = (left: Operand, right: Operand): Tensor => {
  const [a, b] = numbers('outer', left, right)
  if (a.rank !== 1 || b.rank !== 1) {
    throw new ShapeError({
      operation: 'outer',
      inputs: { left: a, right: b },
      rule: 'both must be vectors',
    })
  }
  return contractPair({ x: a, labels: ['i'] }, { x: b, labels: ['j'] }, new Set(['i', 'j'])).x
}

/**
 * Kronecker product of two matrices: [m, n] and [p, q] give [m p, n q], blocks a[i, j] b.
 * @example
 * ```ts
 * import { kron, tensor } from '@rootstock/core'
 * console.log(kron(tensor([[1, 2]]), tensor([[1], [1]])).toArray()) // [ [ 1, 2 ], [ 1, 2 ] ]
 * ```
 */
export const kron = (left: Operand, right: Operand): Tensor => {
  const [a, b] = numbers('kron', left, right)
  if (a.rank !== 2 || b.rank !== 2) {
    throw new ShapeError({
      operation: 'kron',
      inputs: { left: a, right: b },
      rule: 'both must be matrices',
    })
  }
  const product = contractPair(
    { x: a, labels: ['i', 'j'] },
    { x: b, labels: ['k', 'l'] },
    new Set(['i', 'j', 'k', 'l']),
  )
  return reshape(arrange(product, ['i', 'k', 'j', 'l']), {
    shape: [a.shape[0]! * b.shape[0]!, a.shape[1]! * b.shape[1]!],
  })
}

/**
 * Trace: the sum of the diagonal of the last two axes.
 * @example
 * ```ts
 * import { matrixTrace, tensor } from '@rootstock/core'
 * console.log(matrixTrace(tensor([[1, 2], [3, 4]])).item()) // 5
 * ```
 */
export const matrixTrace = (x: Operand): Tensor => sum(diagonalFor('matrixTrace', x), { axis: -1 })

/**
 * A matrix to a whole power by repeated squaring; a negative power inverts, power 0 is the identity.
 * @example
 * ```ts
 * import { matrixPower, tensor } from '@rootstock/core'
 * console.log(matrixPower(tensor([[1, 1], [0, 1]]), 5).toArray()) // [ [ 1, 5 ], [ 0, 1 ] ]
 * ```
 */
export const matrixPower = (x: Operand, power: number): Tensor => {
  const a = single('matrixPower', x, 'number')
  if (a.rank < 2 || a.shape.at(-1) !== a.shape.at(-2) || !Number.isInteger(power)) {
    throw new ShapeError({
      operation: 'matrixPower',
      inputs: { x: a, power },
      rule: 'the last two axes must be equal, and power a whole number',
    })
  }
  let base = power < 0 ? inverse(a) : a
  let result: Tensor | null = null
  for (let n = Math.abs(power); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result = result === null ? base : matmul(result, base)
    if (n > 1) base = matmul(base, base)
  }
  const size = a.shape.at(-1)!
  return result ?? broadcastTo(eye(size, size, { dtype: a.dtype }), a.shape)
}
