/** Random functions of tensors, for properties that must hold of any graph. */

import { relu, softmax } from '../numeric/activations.ts'
import { add, div, maximum, mul, sub } from '../numeric/arithmetic.ts'
import { less, where } from '../numeric/comparison.ts'
import { cumSum } from '../numeric/cumulative.ts'
import { exp, sqrt } from '../numeric/exponential.ts'
import { take } from '../numeric/indexing.ts'
import { concatenate, pad, slice } from '../numeric/joining.ts'
import { matmul } from '../numeric/linear.ts'
import { expandDims, flip, reshape, swapAxes } from '../numeric/movement.ts'
import { argMax, max, mean, prod, sum } from '../numeric/reductions.ts'
import { abs, cast, neg, square } from '../numeric/rounding.ts'
import { sort } from '../numeric/sorting.ts'
import { tanh } from '../numeric/trigonometry.ts'
import { broadcastShapes, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { cond, scan } from '../transforms/control.ts'
import { generator } from './generator.ts'
import { type Flat, spread } from './samples/sample.ts'

/** One instruction: which operation, and which earlier values it works on. */
export interface Instruction {
  readonly operation: number
  readonly first: number
  readonly second: number
}

type Apply = (x: Tensor, y: Tensor) => Tensor

type Widths = readonly [before: number, after: number]

const last = (x: Tensor): number => x.rank - 1

/** For tensors of at least one axis. */
const operations: readonly Apply[] = [
  (x) => neg(x),
  (x) => abs(x),
  (x) => tanh(x),
  (x) => exp(neg(square(x))),
  (x) => relu(x),
  (x) => sqrt(abs(x)),
  // what simplification may drop, and what it must keep
  (x) => mul(x, 1),
  (x) => add(mul(x, 0), 0),
  (x) => sub(x, 0),
  (x) => add(x, -0),
  (x) => mul(2, add(0.5, mul(x, 0.1))),
  (x) => div(x, 3),
  (x) => reshape(reshape(x, [-1]), x.shape),
  (x) => swapAxes(x, 0, -1),
  (x) => flip(x, -1),
  (x) => reshape(x, [x.size]),
  (x) => expandDims(x, 0),
  (x) => slice(x, { start: [0], stop: [Math.max(1, x.shape[0]! - 1)] }),
  (x) =>
    pad(
      x,
      x.shape.map((_, axis): Widths => (axis === last(x) ? [1, 0] : [0, 0])),
      { value: 2 },
    ),
  (x) => concatenate([x, mul(x, 2)], { axis: -1 }),
  (x) => sum(x, { axis: 0, keepDims: true }),
  (x) => sum(x, { axis: -1, keepDims: true }),
  (x) => mean(x, { keepDims: true }),
  (x) => max(x, { axis: -1, keepDims: true }),
  (x) => prod(mul(x, 0.9), { axis: 0, keepDims: true }),
  (x) => softmax(x),
  (x) => cumSum(x, { axis: 0 }),
  (x) => sort(x),
  (x) => take(x, cast(argMax(x, { axis: -1 }), 'int32'), { axis: 0 }),
  (x) => (x.size > 10 ? x : matmul(reshape(x, [x.size, 1]), reshape(x, [1, x.size]))),
  (x) =>
    scan(
      (carry: Tensor, row: Tensor) => [add(mul(carry, 0.5), row), carry],
      mul(sum(x, { axis: 0 }), 0.1),
      x,
    )[1],
  (x) => cond(less(sum(x), 0), neg, (y: Tensor) => mul(y, y), x),
  (x, y) => add(x, y),
  (x, y) => sub(x, y),
  (x, y) => mul(x, y),
  (x, y) => div(x, add(1, abs(y))),
  (x, y) => maximum(x, y),
  (x, y) => where(less(x, y), x, neg(y)),
]

const largest = 120

/** Runs instructions on inputs; values that would be too large or not fit together are left out. */
export const runInstructions =
  (instructions: readonly Instruction[]) =>
  (...inputs: readonly Tensor[]): Tensor[] => {
    const values = [...inputs]
    for (const { operation, first, second } of instructions) {
      const recent = (back: number) => values.at(-1 - (back % values.length))!
      const [x, y] = [recent(first), recent(second)]
      const shape = broadcastShapes(x.shape, y.shape)
      const apply = operations[operation % operations.length]!
      const isBinary = apply.length === 2
      if (x.rank === 0 || (isBinary && (shape === null || sizeOf(shape) > largest))) continue
      const result = apply(x, y)
      if (result.size <= largest && result.rank <= 4) values.push(result)
    }
    return values.slice(-3)
  }

/** How many operations there are to choose from. */
export const operationCount = operations.length

/** A function of at most 30 operations, and a point; the same for the same seed. */
export const randomFunction = (seed: number): { readonly run: Flat; readonly inputs: Tensor[] } => {
  const next = generator(seed)
  const below = (bound: number): number => Math.floor(((next() + 1) / 2) * bound)
  const length = 10 + below(21)
  const instructions = Array.from({ length }, () => ({
    operation: below(operationCount),
    first: below(4),
    second: below(10),
  }))
  const inputs = [[3, 4], [4], [2, 1, 4]].map((shape, i) => spread(shape, 3 * seed + i))
  return { run: (xs) => runInstructions(instructions)(...xs), inputs }
}
