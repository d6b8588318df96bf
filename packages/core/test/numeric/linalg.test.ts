import { describe, expect, test } from 'vitest'
import {
  abs,
  cholesky,
  determinant,
  eigh,
  eye,
  inverse,
  logDeterminant,
  matmul,
  matrixPower,
  max,
  mul,
  pseudoInverse,
  random,
  singularValues,
  solve,
  solveTriangular,
  sub,
  swapAxes,
  type Tensor,
  tensor,
} from '../../src/index.ts'

const size = 7
const draw = (seed: number, shape: readonly number[]): Tensor =>
  random.normal(random.key(seed), shape, { dtype: 'float64' })
const a = draw(0, [2, size, size])
const turned = (x: Tensor): Tensor => swapAxes(x, -1, -2)
const identity = eye(size, size, { dtype: 'float64' })

/** Largest absolute difference. */
const distance = (x: Tensor, y: Tensor): number => max(abs(sub(x, y))).item()

const diagonalMatrix = (values: Tensor): Tensor =>
  mul(values.reshape([...values.shape, 1]), identity)

test('a batch of systems is solved, whatever is on the right', () => {
  const b = draw(1, [2, size, 3])
  expect(distance(matmul(a, solve(a, b)), b)).toBeLessThan(1e-12)
  const vector = draw(2, [size])
  expect(
    distance(matmul(a, solve(a, vector).reshape([2, size, 1])).reshape([2, size]), vector),
  ).toBeLessThan(1e-12)
  expect(distance(matmul(a, inverse(a)), identity)).toBeLessThan(1e-12)
  expect(distance(matrixPower(a, -2), matmul(inverse(a), inverse(a)))).toBeLessThan(1e-9)
})

test('triangular systems use one triangle and leave the other unread', () => {
  const b = draw(3, [size, 2])
  const l = tensor([
    [2, Number.NaN],
    [1, 3],
  ])
  expect(solveTriangular(l, tensor([2, 7])).toArray()).toEqual([1, 2])
  expect(solveTriangular(l, tensor([3, 6]), { transposed: true }).toArray()).toEqual([0.5, 2])
  const factor = cholesky(matmul(a, turned(a)))
  expect(distance(matmul(factor, solveTriangular(factor, b)), b)).toBeLessThan(1e-10)
})

test('a Cholesky factor squares to its matrix, and NaN says that there is none', () => {
  const positive = matmul(a, turned(a))
  const factor = cholesky(positive)
  expect(distance(matmul(factor, turned(factor)), positive)).toBeLessThan(1e-12)
  expect(
    Number.isNaN(
      max(
        cholesky(
          tensor([
            [1, 2],
            [2, 1],
          ]),
        ),
      ).item(),
    ),
  ).toBe(true)
})

describe('eigh', () => {
  const symmetric = mul(a.add(turned(a)), 0.5)
  const { values, vectors } = eigh(symmetric)

  test('takes a matrix apart into orthonormal vectors and increasing values', () => {
    expect(distance(matmul(turned(vectors), vectors), identity)).toBeLessThan(1e-13)
    const rebuilt = matmul(matmul(vectors, diagonalMatrix(values)), turned(vectors))
    expect(distance(rebuilt, symmetric)).toBeLessThan(1e-13)
    for (const row of values.toArray() as number[][]) {
      expect(row).toEqual(row.toSorted((x, y) => x - y))
    }
  })

  test('knows equal eigenvalues', () => {
    expect(eigh(identity).values.toArray()).toEqual(new Array<number>(size).fill(1))
  })
})

test('determinants multiply, and their logarithms do not overflow', () => {
  const b = draw(4, [2, size, size])
  const product = determinant(matmul(a, b)).toArray() as number[]
  const factors = mul(determinant(a), determinant(b)).toArray() as number[]
  product.forEach((value, i) => {
    expect(value / factors[i]!).toBeCloseTo(1, 10)
  })
  const { sign, logAbs } = logDeterminant(mul(identity, -1e200))
  expect([sign.item(), logAbs.item() / (size * Math.log(1e200))]).toEqual([-1, 1])
  expect(
    determinant(
      tensor([
        [1, 2],
        [2, 4],
      ]),
    ).item(),
  ).toBeCloseTo(0, 12)
})

test('singular values and pseudo-inverses of matrices that are not square', () => {
  for (const shape of [
    [5, 3],
    [3, 5],
  ] as const) {
    const x = draw(5, shape)
    const inverted = pseudoInverse(x)
    expect(distance(matmul(matmul(x, inverted), x), x)).toBeLessThan(1e-12)
    expect(distance(matmul(matmul(inverted, x), inverted), inverted)).toBeLessThan(1e-12)
    const squares = eigh(shape[0] > shape[1] ? matmul(turned(x), x) : matmul(x, turned(x))).values
    const found = singularValues(x).toArray() as number[]
    expect(found).toHaveLength(3)
    found.forEach((value, i) => {
      expect(value ** 2).toBeCloseTo((squares.toArray() as number[])[2 - i]!, 10)
    })
  }
})
