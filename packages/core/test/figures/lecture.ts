/** The computation graphs of the first lecture, from real traces. */
import {
  add,
  draw,
  matmul,
  mul,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  trace,
} from '../../src/index.ts'

const x = tensor([
  [1, 0],
  [1, 1],
  [1, 2],
])
const y = tensor([1, 3, 5])

const leastSquares = (w: Tensor): Tensor => {
  const error = sub(matmul(x, w), y)
  return sum(mul(error, error))
}

const ridge = (w: Tensor): Tensor => add(leastSquares(w), mul(0.1, sum(mul(w, w))))

/** One input, three hidden units, one output; every weight a node of its own. */
const perceptron = (
  input: Tensor,
  target: Tensor,
  first: readonly Tensor[],
  shift: readonly Tensor[],
  second: readonly Tensor[],
  offset: Tensor,
): Tensor => {
  const output = first.reduce((total, weight, i) => {
    const hidden = tanh(add(mul(weight, input), shift[i]!))
    return add(total, mul(second[i]!, hidden))
  }, offset)
  const error = sub(output, target)
  return mul(error, error)
}

const numbers = (...values: readonly number[]): Tensor[] => values.map((value) => tensor(value))

/** SVG documents by file name. */
export const figures: Readonly<Record<string, () => string>> = {
  'least-squares.svg': () =>
    draw(trace(leastSquares)(tensor([0.5, 1])), {
      title: 'Linear least squares: the sum of (X w - y)^2',
      names: ['w'],
      captured: ['X', 'y'],
      result: 'loss',
    }),
  'ridge-regression.svg': () =>
    draw(trace(ridge)(tensor([0.5, 1])), {
      title: 'Ridge regression: the sum of (X w - y)^2 plus 0.1 times the sum of w^2',
      names: ['w'],
      captured: ['X', 'y'],
      result: 'loss',
    }),
  'perceptron.svg': () =>
    draw(
      trace(perceptron)(
        tensor(0.5),
        tensor(1),
        numbers(0.3, -1.2, 0.8),
        numbers(0.1, 0, -0.2),
        numbers(1.1, 0.4, -0.6),
        tensor(0.2),
      ),
      {
        title: 'A perceptron with one input, three hidden units and one output',
        names: ['x', 'y', 'w1', 'w2', 'w3', 'b1', 'b2', 'b3', 'v1', 'v2', 'v3', 'c'],
        result: 'loss',
      },
    ),
}
