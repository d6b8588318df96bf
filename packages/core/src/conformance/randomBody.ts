/**
 * Random bodies of loops: dozens of operations that fuse into one nest of two loops, on operands that move along it in every
 * way: with both loops, with one of them, crossed, to places that data names, and not at all.
 */
import { add, maximum, mul, sub } from '../numeric/arithmetic.ts'
import { greaterEqual, less, where } from '../numeric/comparison.ts'
import { exp } from '../numeric/exponential.ts'
import { take, takeAlongAxis } from '../numeric/indexing.ts'
import { swapAxes } from '../numeric/movement.ts'
import { random } from '../numeric/random.ts'
import { abs, cast, neg, square } from '../numeric/rounding.ts'
import { tanh } from '../numeric/trigonometry.ts'
import type { Tensor } from '../tensor.ts'
import { generator } from './generator.ts'
import { type Flat, spread } from './samples/sample.ts'

/** Rows and columns: around one vector, several, and from where on loops that cross are worth another order. */
const sizes = [3, 8, 17, 32, 33, 40] as const

const operations: readonly ((x: Tensor, y: Tensor) => Tensor)[] = [
  (x, y) => add(x, y),
  (x, y) => sub(x, mul(y, 0.5)),
  (x, y) => mul(x, y),
  (x, y) => maximum(x, y),
  (x, y) => tanh(add(x, y)),
  (x, y) => exp(neg(square(sub(x, y)))),
  (x, y) => where(less(x, y), x, neg(y)),
  (x, y) => mul(x, cast(greaterEqual(x, y), x.dtype)),
]

/** Operands that broadcast to the shape of the first input; the others are a crossed matrix, a column and a row. */
const operandsOf = ([x, crossed, column, row]: readonly Tensor[], seed: number): Tensor[] => {
  const places = (y: Tensor): Tensor => cast(mul(abs(y), 5), 'int32')
  const [key, other] = [random.key(seed), random.key(seed + 1)]
  return [
    x!,
    swapAxes(crossed!, 0, 1),
    column!,
    row!,
    take(x!, places(column!).reshape([-1])),
    takeAlongAxis(x!, places(x!), { axis: 0 }),
    cast(random.uniform(key, x!.shape), x!.dtype),
    where(random.bernoulli(other, column!.shape), column!, row!),
  ]
}

const operandCount = 8

/** A function with float, bool and int32 outputs of one matrix, and a point; the same for the same seed. */
export const randomBody = (seed: number): { readonly run: Flat; readonly inputs: Tensor[] } => {
  const next = generator(seed)
  const below = (bound: number): number => Math.floor(((next() + 1) / 2) * bound)
  // few, since a loop that must compute something before the inner one takes other ways than one that need not
  const few = Array.from({ length: 1 + below(4) }, () => below(operandCount))
  const operand = (): number => few[below(few.length)]!
  const steps = Array.from({ length: 3 + below(6) }, () => ({
    apply: operations[below(operations.length)]!,
    to: operand(),
  }))
  const limit = operand()
  const [rows, columns] = [sizes[below(sizes.length)]!, sizes[below(sizes.length)]!]
  const run: Flat = (xs) => {
    const [x, operands] = [xs[0]!, operandsOf(xs, seed)]
    const value = steps.reduce((y, { apply, to }) => apply(y, operands[to]!), x)
    const mask = less(value, operands[limit]!)
    return [value, mask, where(mask, value, x), cast(mul(value, 8), 'int32')]
  }
  const shapes = [[rows, columns], [columns, rows], [rows, 1], [columns]]
  return { run, inputs: shapes.map((shape, i) => spread(shape, 4 * seed + i)) }
}
