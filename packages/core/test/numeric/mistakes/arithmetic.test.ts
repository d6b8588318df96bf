/** What the user reads after a mistake in arithmetic. */
import { expect, test } from 'vitest'
import {
  add,
  argMax,
  cumSum,
  dot,
  einsum,
  expandDims,
  kron,
  matmul,
  matrixPower,
  matrixTrace,
  max,
  neg,
  norm,
  outer,
  sort,
  sum,
  swapAxes,
  tensor,
  where,
  zeros,
} from '../../../src/index.ts'
import { messages } from '../../messages.ts'

const matrix = tensor([
  [1, 2, 3],
  [4, 5, 6],
])
const vector = tensor([1, 2, 3])
const scalar = tensor(1)
const empty = zeros([0, 3])

test('operands', () => {
  expect(
    messages(
      () => add(matrix, tensor([1, 2])),
      () => add(vector, [1, 2, 3] as never),
      () => neg('1' as never),
      () => where(tensor([true, false]), vector, 0),
    ),
  ).toMatchInlineSnapshot(`
    "ShapeError in add
      left   float32[2, 3]
      right  float32[2]
      rule   axis sizes must be equal or 1, counted from the last axis

    ArgumentError in add
      right  an array
      rule   right must be a tensor, a number or a boolean
      hint   make a tensor of it with tensor(...)

    ArgumentError in neg
      x     1
      rule  x must be a tensor, a number or a boolean

    ShapeError in where
      condition  bool[2]
      then       float32[3]
      otherwise  float32[3]
      rule       axis sizes must be equal or 1, counted from the last axis"
  `)
})

test('axes', () => {
  expect(
    messages(
      () => sum(matrix, { axis: 2 }),
      () => sum(scalar, { axis: 0 }),
      () => sum(matrix, { axis: [0, -2] }),
      () => cumSum(matrix, { axis: 0.5 }),
      () => sort(scalar),
      () => swapAxes(matrix, 0, 5),
      () => expandDims(matrix, 4),
    ),
  ).toMatchInlineSnapshot(`
    "ArgumentError in sum
      x     float32[2, 3]
      axis  2
      rule  axis must be a whole number between -2 and 1

    ArgumentError in sum
      x     float32[]
      axis  0
      rule  a scalar has no axes

    ArgumentError in sum
      x     float32[2, 3]
      axis  [0, -2]
      rule  an axis must not be named twice

    ArgumentError in cumSum
      x     float32[2, 3]
      axis  0.5
      rule  axis must be a whole number between -2 and 1

    ArgumentError in sort
      x     float32[]
      axis  -1
      rule  a scalar has no axes

    ArgumentError in swapAxes
      x     float32[2, 3]
      axis  5
      rule  axis must be a whole number between -2 and 1

    ArgumentError in expandDims
      x     float32[2, 3]
      axis  4
      rule  axis must be a whole number between -3 and 2"
  `)
})

test('reductions of nothing', () => {
  expect(
    messages(
      () => max(empty, { axis: 0 }),
      () => argMax(empty),
      () => norm(empty, { order: Infinity }),
    ),
  ).toMatchInlineSnapshot(`
    "ShapeError in max
      x     float32[0, 3]
      axis  0
      rule  the axis must have an element to choose

    ShapeError in argMax
      x     float32[0, 3]
      axis  0
      rule  the axis must have an element to choose

    ShapeError in norm
      x     float32[0, 3]
      axis  0
      rule  the axis must have an element to choose"
  `)
})

test('products', () => {
  expect(
    messages(
      () => matmul(matrix, matrix),
      () => matmul(matrix, vector.reshape([1, 3])),
      () => matmul(matrix, scalar),
      () => matmul(zeros([2, 3, 4]), zeros([3, 4, 5])),
      () => dot(matrix, vector),
      () => outer(matrix, vector),
      () => kron(vector, vector),
      () => matrixPower(matrix, 2),
      () => matrixTrace(vector),
    ),
  ).toMatchInlineSnapshot(`
    "ShapeError in matmul
      left   float32[2, 3]
      right  float32[2, 3]
      rule   columns of left (3) must equal rows of right (2)
      hint   right fits after swapAxes(right, -1, -2)

    ShapeError in matmul
      left   float32[2, 3]
      right  float32[1, 3]
      rule   columns of left (3) must equal rows of right (1)
      hint   right fits after swapAxes(right, -1, -2)

    ShapeError in matmul
      left   float32[2, 3]
      right  float32[]
      rule   both must have at least one axis
      hint   mul multiplies by a scalar

    ShapeError in matmul
      left   float32[2, 3, 4]
      right  float32[3, 4, 5]
      rule   the axes before the last two must be equal or 1, counted from the right

    ShapeError in dot
      left   float32[2, 3]
      right  float32[3]
      rule   both must be vectors of the same length
      hint   matmul multiplies matrices

    ShapeError in outer
      left   float32[2, 3]
      right  float32[3]
      rule   both must be vectors

    ShapeError in kron
      left   float32[3]
      right  float32[3]
      rule   both must be matrices

    ShapeError in matrixPower
      x      float32[2, 3]
      power  2
      rule   the last two axes must be equal, and power a whole number

    ShapeError in matrixTrace
      x     float32[3]
      rule  x must have at least two axes"
  `)
})

test('einsum', () => {
  expect(
    messages(
      () => einsum('ij', matrix, matrix),
      () => einsum('ijk->i', matrix),
      () => einsum('ij,ij->i', matrix, tensor([[1, 2]])),
      () => einsum('ij->ik', matrix),
      () => einsum('ij->i*', matrix),
    ),
  ).toMatchInlineSnapshot(`
    "ArgumentError in einsum
      spec       ij
      operand 0  float32[2, 3]
      operand 1  float32[2, 3]
      rule       spec must have one term per operand, separated by commas, and at most one arrow

    ArgumentError in einsum
      spec       ijk->i
      operand 0  float32[2, 3]
      rule       term ijk must name each of the 2 axes of operand 0

    ShapeError in einsum
      spec       ij,ij->i
      operand 0  float32[2, 3]
      operand 1  float32[1, 2]
      rule       axis i must have one size, and has 2 and 1

    ArgumentError in einsum
      spec       ij->ik
      operand 0  float32[2, 3]
      rule       each letter of the result must occur in a term, and only once in the result

    ArgumentError in einsum
      spec       ij->i*
      operand 0  float32[2, 3]
      rule       the result must be letters, each at most once, and at most one ellipsis"
  `)
})
