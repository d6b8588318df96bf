/** Samples of branches, of recomputation and of functions with a hand-written reverse rule. */
import { add, mul, sub } from '../../numeric/arithmetic.ts'
import { less } from '../../numeric/comparison.ts'
import { exp } from '../../numeric/exponential.ts'
import { matmul } from '../../numeric/linear.ts'
import { sum } from '../../numeric/reductions.ts'
import { cast } from '../../numeric/rounding.ts'
import { cos, sin, tanh } from '../../numeric/trigonometry.ts'
import { customLinearPrimitive } from '../../primitives/custom.ts'
import type { Tensor } from '../../tensor.ts'
import { batchOf } from '../../trace/batch.ts'
import { bind, currentInterpreter, under } from '../../trace/interpreter.ts'
import { isOnTape, record } from '../../trace/linearize.ts'
import { transposeTape } from '../../trace/transpose.ts'
import { cond as choose, scan } from '../../transforms/control.ts'
import { customVjp, checkpoint as recompute } from '../../transforms/custom.ts'
import { bools, type Flat, floats, ints, type Sample, sample, spread } from './sample.ts'

type Pair = readonly [Tensor, Tensor]

const branches = (predicate: Tensor, [x, y]: Pair): readonly Tensor[] =>
  choose(
    predicate,
    (a: Tensor, b: Tensor): Pair => [mul(sin(a), b), a],
    (a: Tensor, b: Tensor): Pair => [sub(b, mul(a, a)), cos(b)],
    x,
    y,
  )

export const cond: readonly Sample[] = [
  ...[1, 0].map((flag) =>
    sample(
      flag === 1 ? 'then' : 'otherwise',
      [bools([flag], []), spread([2], 1), spread([2], 2)],
      ([predicate, x, y]) => branches(predicate!, [x!, y!]),
    ),
  ),
  sample('chosen by the operands', [spread([3], 3), spread([3], 4)], ([x, y]) =>
    branches(less(sum(x!), 100), [x!, y!]),
  ),
  sample('tensors from outside', [bools([0], []), spread([2, 2], 5), spread([2], 6)], (xs) => {
    const [predicate, weight, x] = xs as [Tensor, Tensor, Tensor]
    return [
      choose(
        predicate,
        (a: Tensor) => tanh(matmul(a, weight)),
        (a: Tensor) => mul(matmul(weight, a), x),
        x,
      ),
    ]
  }),
  sample('one branch constant', [bools([1], []), spread([], 7)], ([predicate, x]) => [
    choose(
      predicate!,
      (a: Tensor) => mul(a, a),
      (a: Tensor) => mul(a, 0),
      x!,
    ),
  ]),
  sample('nested', [bools([1], []), bools([0], []), spread([2], 8)], ([p, q, x]) => [
    choose(
      p!,
      (a: Tensor) =>
        choose(
          q!,
          (b: Tensor) => sin(b),
          (b: Tensor) => mul(b, a),
          a,
        ),
      (a: Tensor) => exp(a),
      x!,
    ),
  ]),
  sample('in a loop', [spread([], 9), spread([3], 10)], ([start, xs]) =>
    scan(
      (state: Tensor, x: Tensor) => {
        const next = choose(
          less(x, 0),
          (a: Tensor) => sin(a),
          (a: Tensor) => mul(a, x),
          state,
        )
        return [next, state] as const
      },
      start!,
      xs!,
    ),
  ),
  sample('int32 and size 0', [bools([0], []), ints([3, 4]), floats([], [0])], ([p, n, x]) =>
    choose(
      p!,
      (a: Tensor, b: Tensor): Pair => [add(a, 1), b],
      (a: Tensor, b: Tensor): Pair => [mul(a, 2), sin(b)],
      n!,
      x!,
    ),
  ),
]

const perceptron = (weight: Tensor, x: Tensor): Tensor =>
  tanh(matmul(tanh(matmul(x, weight)), weight))

export const checkpoint: readonly Sample[] = [
  sample('two layers', [spread([2, 2], 1), spread([2], 2)], ([weight, x]) => [
    recompute(perceptron)(weight!, x!),
  ]),
  sample('tensors from outside', [spread([2, 2], 3), spread([2], 4)], ([weight, x]) => [
    recompute((y: Tensor) => perceptron(weight!, y))(x!),
  ]),
  sample('nested, several outputs', [spread([2], 5)], ([x]) =>
    recompute((y: Tensor): Pair => [recompute((z: Tensor) => sin(sin(z)))(y), mul(y, y)])(x!),
  ),
  sample('in a loop', [spread([2], 6), spread([3, 2], 7)], ([start, xs]) =>
    scan(
      (state: Tensor, x: Tensor) => {
        const next = recompute((a: Tensor, b: Tensor) => sin(mul(a, b)))(state, x)
        return [next, next] as const
      },
      start!,
      xs!,
    ),
  ),
  sample('an output that does not move', [spread([2], 8), ints([1, 2])], ([x, n]) =>
    recompute((a: Tensor, b: Tensor): Pair => [mul(a, sin(a)), add(b, 1)])(x!, n!),
  ),
  sample('size 0', [floats([], [0])], ([x]) => [recompute((a: Tensor) => sin(a))(x!)]),
]

/** tanh with the rule that remembers its value. */
const squash = customVjp((x: Tensor) => tanh(x), {
  forward: (x) => {
    const y = tanh(x)
    return [y, y]
  },
  backward: (y, ct: Tensor): [Tensor] => [mul(ct, sub(1, mul(y, y)))],
})

/** (x y, sin x) with a rule that remembers both inputs. */
const twice = customVjp((x: Tensor, y: Tensor): Pair => [mul(x, y), sin(x)], {
  forward: (x, y): [Pair, Pair] => [
    [mul(x, y), sin(x)],
    [x, y],
  ],
  backward: ([x, y]: Pair, [u, v]: Pair): [Tensor, Tensor] => [
    add(mul(u, y), mul(v, cos(x))),
    mul(u, x),
  ],
})

const reverseOnly = { forward: false }

export const custom: readonly Sample[] = [
  sample('one input', [spread([3], 1)], ([x]) => [squash(x!)], reverseOnly),
  sample('0-d', [spread([], 2)], ([x]) => [squash(x!)], reverseOnly),
  sample('size 0', [floats([], [0, 2])], ([x]) => [squash(x!)], reverseOnly),
  sample(
    'two inputs, two outputs',
    [spread([2], 3), spread([2], 4)],
    ([x, y]) => twice(x!, y!),
    reverseOnly,
  ),
  sample('composed', [spread([2], 5)], ([x]) => [mul(squash(sin(squash(x!))), x!)], reverseOnly),
  sample(
    'in a loop',
    [spread([2], 6), spread([3, 2], 7)],
    ([start, xs]) =>
      scan(
        (state: Tensor, x: Tensor) => {
          const next = squash(add(state, x))
          return [next, mul(next, x)] as const
        },
        start!,
        xs!,
      ),
    reverseOnly,
  ),
  sample(
    'in a branch',
    [bools([1], []), spread([2], 8)],
    ([predicate, x]) => [
      choose(
        predicate!,
        (a: Tensor) => squash(mul(a, a)),
        (a: Tensor) => a,
        x!,
      ),
    ],
    reverseOnly,
  ),
]

/** The transpose of t -> run(t), where run is known by its transpose only: what a tape that holds it computes. */
const transposed = (run: Flat, ct: Tensor): readonly Tensor[] => {
  const { result, owner, inputs, entries } = record(
    (tangents, builder) => under(builder, () => run(tangents)),
    [null],
    [ct],
    currentInterpreter(),
  )
  const outputs = result.map((x) => (isOnTape({ owner }, x) ? x : null))
  return transposeTape({ owner, inputs, entries, outputs }, [ct]).map((x) => x!)
}

/** (r, t) -> r t */
const scaled: Flat = ([factor, tangent]) =>
  bind(customLinearPrimitive, [factor!, tangent!], {
    residuals: 1,
    outputs: [{ shape: tangent!.shape, dtype: tangent!.dtype }],
    backward: ([r], [ct]) => [mul(r!, ct!)],
  })

const factors = spread([2, 3], 1)

/** The factors in the precision of another tensor. */
const like = (x: Tensor, rows: Tensor = factors): Tensor => cast(rows, x.dtype)

export const customLinear: readonly Sample[] = [
  sample('transposed', [spread([2, 3], 2)], ([ct]) =>
    transposed(([t]) => scaled([like(ct!), t!]), ct!),
  ),
  sample('a batch of it', [spread([2, 3], 3)], ([ct]) =>
    transposed(([t]) => batchOf(scaled, [like(ct!), t!], [true, true], 2), ct!),
  ),
  sample('one map for a batch', [spread([4, 2, 3], 4)], ([ct]) =>
    transposed(([t]) => batchOf(scaled, [like(ct!), t!], [false, true], 4), ct!),
  ),
]
