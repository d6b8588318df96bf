import { expect, test } from 'vitest'
import { joinHeads } from '../../src/graph/heads.ts'
import { passes } from '../../src/graph/optimize.ts'
import {
  checkpoint,
  type Graph,
  grad,
  jit,
  matmul,
  placeholder,
  random,
  relu,
  sum,
  type Tensor,
  tanh,
  trace,
  verify,
} from '../../src/index.ts'

const optimized = (f: (...xs: Tensor[]) => unknown, ...shapes: number[][]): Graph => {
  const { graph } = trace(f)(...shapes.map((shape) => placeholder(shape)))
  const result = passes.reduce((before, pass) => pass(before), graph)
  verify(result)
  return result
}

/** Names of the equations in order. */
const names = ({ equations }: Graph): string[] => equations.map(({ primitive }) => primitive.name)

const products = (graph: Graph): number => names(graph).filter((name) => name === 'contract').length

test('narrow products of one tensor are one', () => {
  const graph = optimized(
    (x, a, b, c) => [tanh(matmul(x, a)), matmul(x, b), sum(matmul(x, c))],
    [64, 8],
    [8, 5],
    [8, 1],
    [8, 15],
  )
  expect(names(graph)).toEqual([
    'concatenate',
    'contract',
    'slice',
    'tanh',
    'slice',
    'slice',
    'reduceSum',
  ])
})

test('what is between them waits, and so does what they are computed from', () => {
  const graph = optimized(
    (x, a, b) => {
      const first = tanh(matmul(x, a))
      const second = matmul(x, tanh(b))
      return [relu(first), second]
    },
    [64, 8],
    [8, 5],
    [8, 5],
  )
  expect(products(graph)).toBe(1)
})

test.each<[string, (x: Tensor, a: Tensor, b: Tensor) => unknown, number[][]]>([
  [
    'read the results of each other',
    (x, a, b) => matmul(x, b.mul(sum(matmul(x, a)))),
    [
      [64, 8],
      [8, 5],
      [8, 5],
    ],
  ],
  [
    'are wide',
    (x, a, b) => [matmul(x, a), matmul(x, b)],
    [
      [64, 8],
      [8, 16],
      [8, 5],
    ],
  ],
  [
    'have few rows',
    (x, a, b) => [matmul(x, a), matmul(x, b)],
    [
      [63, 8],
      [8, 5],
      [8, 5],
    ],
  ],
  [
    'read different tensors',
    (x, a, b) => [matmul(x, a), matmul(x.add(1), b)],
    [
      [64, 8],
      [8, 5],
      [8, 5],
    ],
  ],
  [
    'sum over other axes',
    (x, a, b) => [matmul(x, a), matmul(x.transpose(), b)],
    [
      [64, 64],
      [64, 5],
      [64, 5],
    ],
  ],
  [
    'are batches',
    (x, a, b) => [matmul(x, a), matmul(x, b)],
    [
      [2, 64, 8],
      [2, 8, 5],
      [2, 8, 5],
    ],
  ],
])('products that %s stay apart', (_, f, shapes) => {
  const graph = optimized(f, ...shapes)
  expect(products(graph)).toBe(2)
  expect(names(graph)).not.toContain('concatenate')
})

test('lists of which each needs a part of the other are not both joined', () => {
  const graph = optimized(
    (x, y, a, b, c, d) => {
      const first = matmul(x, a)
      const fromFirst = matmul(y, b.mul(sum(first)))
      const second = matmul(y, c)
      const fromSecond = matmul(x, d.mul(sum(second)))
      return [fromFirst, fromSecond]
    },
    [64, 8],
    [64, 8],
    [8, 5],
    [8, 5],
    [8, 5],
    [8, 5],
  )
  expect(products(graph)).toBe(3)
})

test('what a checkpoint computes again is not computed at once', () => {
  const heads = (x: Tensor, a: Tensor, b: Tensor) => sum(tanh(matmul(x, a)).mul(tanh(matmul(x, b))))
  const again = (x: Tensor, a: Tensor, b: Tensor) =>
    grad((w: Tensor) => checkpoint((v: Tensor) => heads(x, v, b))(w).mul(2))(a)
  const value = (x: Tensor, a: Tensor, b: Tensor) => [heads(x, a, b), again(x, a, b)]
  const graph = optimized(value, [64, 8], [8, 5], [8, 5])
  expect(names(graph).filter((name) => name === 'concatenate')).toHaveLength(2)
})

test('a graph without heads is left as it is', () => {
  const { graph } = trace((x: Tensor) => tanh(x))(placeholder([64, 8]))
  expect(joinHeads(graph)).toBe(graph)
})

const draw = (seed: number, shape: number[]) => random.normal(random.key(seed), shape)

test('heads and their gradients have the bits that they have one by one', () => {
  const widths = [1, 5, 15, 2, 1]
  const x = draw(1, [70, 33])
  const weights = widths.map((width, i) => draw(2 + i, [33, width]))
  const trunk = draw(9, [33, 33])
  const loss = (w: Tensor, heads: Tensor[]): Tensor => {
    const features = tanh(matmul(x, w))
    return heads.map((head) => sum(tanh(matmul(features, head)))).reduce((a, b) => a.add(b))
  }
  const both = (w: Tensor, heads: Tensor[]) => [
    loss(w, heads),
    grad((v: Tensor) => loss(v, heads))(w),
    ...grad((list: Tensor[]) => loss(w, list))(heads),
  ]
  const bits = (tensors: readonly Tensor[]) => tensors.map((tensor) => tensor.data())
  expect(bits(jit(both)(trunk, weights))).toEqual(bits(both(trunk, weights)))
})
