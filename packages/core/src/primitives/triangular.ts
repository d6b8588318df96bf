/** Triangular systems: A X = B by substitution. */
import type { Abstract } from '../graph/graph.ts'
import type { Scalar, Statement } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import { equalShapes, range } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { bind1 } from '../trace/interpreter.ts'
import { broadcast, shifted } from './broadcast.ts'
import { type Block, define, type LoopContext } from './define.ts'
import { neg } from './elementwise.ts'
import { product, triangleOf, turned } from './matrices.ts'
import { cell, count, eachMatrix, matrixOf } from './matrixLoops.ts'
import { expectDType, expectPairDType, expectShape, floats } from './rules.ts'

/** Which triangle of a is A, whether A is transposed, and whether its diagonal is taken as ones. */
export interface Triangle {
  readonly lower: boolean
  readonly transposed: boolean
  readonly unit: boolean
}

/** Throws unless the last two axes are square. */
export const expectSquare = (operation: string, name: string, x: Abstract): void => {
  expectDType(operation, name, x, floats)
  expectShape(
    x.shape.length >= 2 && x.shape.at(-1) === x.shape.at(-2),
    operation,
    { [name]: x },
    `the last two axes of ${name} must be equal`,
  )
}

const build = (
  context: LoopContext,
  { lower, transposed, unit }: Triangle,
): readonly Statement[] => {
  const [a, b] = context.inputs as [Block, Block]
  const [y] = context.outputs as [Block]
  const n = a.shape.at(-1)!
  // the transpose of a lower triangle is solved from the last row, as an upper one is
  const forward = lower !== transposed
  return eachMatrix(context, a, (batch) => {
    const [A, B, X] = [matrixOf(a, batch), matrixOf(b, batch), matrixOf(y, batch)]
    const entry = (i: Scalar, j: Scalar) => (transposed ? A.get(j, i) : A.get(i, j))
    const place = (i: Scalar) => (forward ? i : s.sub(s.int(n - 1), i))
    return count(context, s.int(0), s.int(b.shape.at(-1)!), (column) => [
      ...count(context, s.int(0), s.int(n), (step) => {
        const row = place(step)
        const rest = cell(context, a.dtype)
        const solved = unit ? rest.value : s.div(rest.value, entry(row, row))
        return [
          rest.start(B.get(row, column)),
          ...count(context, s.int(0), step, (before) => {
            const known = place(before)
            return [rest.set(s.sub(rest.value, s.mul(entry(row, known), X.get(known, column))))]
          }),
          X.put(solved, row, column),
        ]
      }),
    ])
  })
}

/** Leading axes of unbatched inputs repeated. */
const withBatch = (
  inputs: readonly Tensor[],
  batched: readonly boolean[],
  size: number,
): Tensor[] =>
  inputs.map((x, i) =>
    batched[i] ? x : broadcast(x, { shape: [size, ...x.shape], axes: shifted(range(x.rank)) }),
  )

export const triangularSolvePrimitive = define<Triangle>({
  name: 'triangularSolve',
  shape: ([a, b]) => {
    expectSquare('triangularSolve', 'a', a!)
    expectPairDType('triangularSolve', a!, b!)
    expectShape(
      a!.shape.length === b!.shape.length &&
        equalShapes(a!.shape.slice(0, -1), b!.shape.slice(0, -1)),
      'triangularSolve',
      { a, b },
      'a and b must agree in all axes but the last',
    )
    return [{ shape: b!.shape, dtype: b!.dtype }]
  },
  derivative: {
    kind: 'smooth',
    partials: [
      // A dX = dB - dA X
      (t, [a], [x], params) => {
        const moving = triangleOf(t, { lower: params.lower, diagonal: !params.unit })
        const change = product(params.transposed ? turned(moving) : moving, x!)
        return triangularSolve(a!, neg(change), params)
      },
      (t, [a], _, params) => triangularSolve(a!, t, params),
    ],
    transpose: ([ct], [a], params) => [
      null,
      triangularSolve(a!, ct!, { ...params, transposed: !params.transposed }),
    ],
  },
  batch: (inputs, batched, params, size) => {
    const [a, b] = withBatch(inputs, batched, size)
    return [triangularSolve(a!, b!, params)]
  },
  lower: { kind: 'loops', build },
})

/** X with op(A) X = B, A the named triangle of a [..., n, n], b [..., n, k]. A zero on the diagonal gives infinities. */
export const triangularSolve = (a: Tensor, b: Tensor, params: Triangle): Tensor =>
  bind1(triangularSolvePrimitive, [a, b], params)
