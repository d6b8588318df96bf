/** What the user reads after a mistake in moving elements. */
import { expect, test } from 'vitest'
import {
  broadcastTo,
  concatenate,
  diag,
  pad,
  repeat,
  reshape,
  slice,
  split,
  squeeze,
  stack,
  tensor,
  tile,
  transpose,
  tril,
  windows,
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

test('shapes', () => {
  expect(
    messages(
      () => reshape(matrix, [4]),
      () => reshape(matrix, [-1, 4]),
      () => transpose(matrix, [0]),
      () => squeeze(matrix, 0),
      () => broadcastTo(matrix, [3]),
      () => broadcastTo(matrix, [-1, 3]),
      () => tile(matrix, -1),
      () => repeat(matrix, 1.5),
      () => tril(vector),
      () => diag(scalar),
    ),
  ).toMatchInlineSnapshot(`
    "ShapeError in reshape
      x      float32[2, 3]
      shape  [4]
      rule   shape must be whole numbers whose product is the size of x, 6; one may be -1 for what is left

    ShapeError in reshape
      x      float32[2, 3]
      shape  [-1, 4]
      rule   shape must be whole numbers whose product is the size of x, 6; one may be -1 for what is left

    ArgumentError in transpose
      x     float32[2, 3]
      axes  [0]
      rule  axes must name every axis of x exactly once

    ShapeError in squeeze
      x     float32[2, 3]
      axis  0
      rule  only axes of size 1 can be left out

    ShapeError in broadcastTo
      x      float32[2, 3]
      shape  [3]
      rule   each axis of x must be 1 or equal to that of shape, counted from the last axis

    ArgumentError in broadcastTo
      shape  [-1, 3]
      rule   axis sizes must be whole numbers of at least 0

    ArgumentError in tile
      repeats  -1
      rule     repeats must be a whole number of at least 0

    ArgumentError in repeat
      count  1.5
      rule   count must be a whole number of at least 0

    ShapeError in tril
      x     float32[3]
      rule  x must have at least two axes

    ShapeError in diag
      x     float32[]
      rule  x must have an axis"
  `)
})

test('cutting and joining', () => {
  expect(
    messages(
      () => slice(matrix, { start: [0, 0, 0] }),
      () => pad(matrix, [[1, 1]]),
      () =>
        pad(
          empty,
          [
            [1, 1],
            [0, 0],
          ],
          { mode: 'edge' },
        ),
      () => concatenate([matrix, vector]),
      () => concatenate([]),
      () => stack([matrix, vector]),
      () => split(matrix, { sections: 2, axis: 1 }),
      () => split(matrix, { sizes: [1, 1], axis: 1 }),
      () => windows(vector, { size: 4 }),
    ),
  ).toMatchInlineSnapshot(`
    "ArgumentError in slice
      x      float32[2, 3]
      start  [0, 0, 0]
      stop   []
      step   []
      rule   there must be at most one entry per axis of x, and no step may be 0

    ArgumentError in pad
      x       float32[2, 3]
      widths  [[1, 1]]
      mode    constant
      rule    widths must be one pair of whole numbers of at least 0 for each axis of x

    ArgumentError in pad
      x       float32[0, 3]
      widths  [[1, 1], [0, 0]]
      mode    edge
      rule    mode edge needs elements to continue, and an axis of x is empty

    ShapeError in concatenate
      part 0  float32[2, 3]
      part 1  float32[3]
      rule    the parts must agree in every axis but 0

    ArgumentError in concatenate
      rule  there must be at least one part

    ShapeError in stack
      part 0  float32[2, 3]
      part 1  float32[3]
      rule    the parts must have the same shape

    ShapeError in split
      x         float32[2, 3]
      sections  2
      axis      1
      rule      the parts must be whole numbers that add up to 3

    ShapeError in split
      x      float32[2, 3]
      sizes  [1, 1]
      axis   1
      rule   the parts must be whole numbers that add up to 3

    ArgumentError in windows
      x     float32[3]
      axis  0
      size  4
      step  1
      rule  size and step must be whole numbers of at least 1, and size at most 3, the length of the axis"
  `)
})
