/** What the user reads after a mistake in choosing, making and reading elements. */
import { expect, test } from 'vitest'
import {
  arange,
  binCount,
  cholesky,
  eye,
  gatherNd,
  globalNorm,
  glorotNormal,
  inverse,
  linspace,
  oneHot,
  ones,
  random,
  scatterAdd,
  scatterAddAlongAxis,
  searchSorted,
  segmentSum,
  singularValues,
  solve,
  take,
  takeAlongAxis,
  tensor,
  topK,
  zeros,
} from '../../../src/index.ts'
import { messages } from '../../messages.ts'

const matrix = tensor([
  [1, 2, 3],
  [4, 5, 6],
])
const vector = tensor([1, 2, 3])
const rows = tensor([0, 1], { dtype: 'int32' })
const empty = zeros([0, 3])

test('choosing by position', () => {
  expect(
    messages(
      () => take(matrix, tensor([0.5])),
      () => take(empty, rows),
      () => takeAlongAxis(matrix, rows),
      () => scatterAdd(matrix, rows, tensor([1, 2])),
      () => scatterAddAlongAxis(matrix, rows, matrix),
      () => gatherNd(matrix, tensor([[0, 1, 2]], { dtype: 'int32' })),
      () => segmentSum(matrix, vector.reshape([3]), { count: 2 }),
      () => segmentSum(vector, rows, { count: 2 }),
      () => oneHot(rows, { classes: -1 }),
      () => binCount(rows, { length: 0.5 }),
      () => topK(vector, 4),
      () => searchSorted(matrix, vector),
    ),
  ).toMatchInlineSnapshot(`
    "DTypeError in take
      indices  float32[1]
      rule     indices must be int32, not float32
      hint     cast(indices, 'int32') truncates toward zero

    ShapeError in take
      x     float32[0, 3]
      axis  0
      rule  the axis must have an element to choose

    ShapeError in takeAlongAxis
      x        float32[2, 3]
      indices  int32[2]
      rule     x and indices must have as many axes, and broadcast in all but axis 1

    ShapeError in scatterAdd
      x        float32[2, 3]
      indices  int32[2]
      updates  float32[2]
      rule     updates must broadcast to [2, 3]: x with the axes of indices in place of axis 0

    ShapeError in scatterAddAlongAxis
      x        float32[2, 3]
      indices  int32[2]
      updates  float32[2, 3]
      rule     indices and updates must have the same shape

    ShapeError in gatherNd
      x        float32[2, 3]
      indices  int32[1, 3]
      rule     the last axis of indices must hold at most one position for each axis of x

    DTypeError in segmentSum
      indices  float32[3]
      rule     indices must be int32, not float32
      hint     cast(indices, 'int32') truncates toward zero

    ShapeError in segmentSum
      x         float32[3]
      segments  int32[2]
      rule      segments must have one entry for each row of x

    ArgumentError in oneHot
      classes  -1
      rule     classes must be a whole number of at least 0

    ArgumentError in binCount
      length  0.5
      rule    length must be a whole number of at least 0

    ArgumentError in topK
      x      float32[3]
      count  4
      axis   -1
      rule   count must be a whole number between 0 and 3

    ShapeError in searchSorted
      sorted  float32[2, 3]
      rule    sorted must have one axis"
  `)
})

test('linear algebra', () => {
  expect(
    messages(
      () => solve(matrix, vector),
      () => solve(zeros([2, 2]), vector),
      () => cholesky(matrix),
      () => inverse(vector),
      () => singularValues(vector),
    ),
  ).toMatchInlineSnapshot(`
    "ShapeError in solve
      a     float32[2, 3]
      rule  the last two axes of a must be equal

    ShapeError in solve
      a     float32[2, 2]
      b     float32[3]
      rule  b must have as many rows as a, and leading axes that broadcast with those of a

    ShapeError in cholesky
      x     float32[2, 3]
      rule  the last two axes of x must be equal

    ShapeError in inverse
      x     float32[3]
      rule  x must have at least two axes

    ShapeError in singularValues
      x     float32[3]
      rule  x must have at least two axes"
  `)
})

test('making tensors', () => {
  expect(
    messages(
      () => tensor([[1, 2], [3]]),
      () => tensor([1, 'a'] as never),
      () => tensor(null as never),
      () => tensor([1, 2, 3], { shape: [2, 2] }),
      () => zeros([-1]),
      () => ones([1.5]),
      () => eye(-1),
      () => arange(0, 1, 0),
      () => linspace(0, 1, -2),
      () => random.permutation(random.key(0), -1),
      () => random.split(random.key(0), 0.5),
      () => glorotNormal(random.key(0), [3]),
    ),
  ).toMatchInlineSnapshot(`
    "ShapeError in tensor
      first entries  [2, 2]
      rule           lists must be nested to one depth with equal lengths; at depth 1 there is a list of 1

    ShapeError in tensor
      first entries  [2]
      rule           lists must be nested to one depth with equal lengths; at depth 1 there is no number but a string

    ShapeError in tensor
      first entries  []
      rule           lists must be nested to one depth with equal lengths; at depth 0 there is null

    ShapeError in tensor
      data   3 elements
      shape  [2, 2]
      rule   shape needs 4 elements

    ArgumentError in zeros
      shape  [-1]
      rule   axis sizes must be whole numbers of at least 0

    ArgumentError in ones
      shape  [1.5]
      rule   axis sizes must be whole numbers of at least 0

    ArgumentError in eye
      shape  [-1, -1]
      rule   axis sizes must be whole numbers of at least 0

    ArgumentError in arange
      start  0
      stop   1
      step   0
      rule   start and stop must be finite and step must not be 0

    ArgumentError in linspace
      count  -2
      rule   count must be a whole number of at least 0

    ArgumentError in random.permutation
      length  -1
      rule    length must be a whole number of at least 0

    ArgumentError in random.split
      count  0.5
      rule   count must be a whole number of at least 0

    ArgumentError in glorotNormal
      shape  [3]
      rule   a weight needs at least two axes, [...window, in, out]"
  `)
})

test('reading tensors and trees', () => {
  expect(
    messages(
      () => vector.item(),
      () => globalNorm({ layers: [{ weight: 1 }] }),
    ),
  ).toMatchInlineSnapshot(`
    "ShapeError in item
      x     float32[3]
      rule  x must have exactly one element
      hint  toArray reads all of them

    ArgumentError in globalNorm
      layers/0/weight  1
      rule             every leaf must be a tensor"
  `)
})
