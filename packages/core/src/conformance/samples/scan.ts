/** Samples of `scan`: bodies as users write them, with state of several kinds, in both directions and inside each other. */

import { add, mul, sub } from '../../numeric/arithmetic.ts'
import { less, where } from '../../numeric/comparison.ts'
import { take } from '../../numeric/indexing.ts'
import { matmul } from '../../numeric/linear.ts'
import { sum } from '../../numeric/reductions.ts'
import { cast } from '../../numeric/rounding.ts'
import { sin, tanh } from '../../numeric/trigonometry.ts'
import type { Tensor } from '../../tensor.ts'
import { scan as loop, type ScanOptions } from '../../transforms/control.ts'
import { bools, floats, ints, type Sample, sample, spread } from './sample.ts'

/** h' = tanh(h W + x), with W from outside the loop. */
const recurrent = (name: string, length: number, options: ScanOptions = {}): Sample =>
  sample(name, [spread([2, 2], 1), spread([2], 2), spread([length, 2], 3)], ([weight, h, xs]) => {
    const step = (state: Tensor, x: Tensor) => {
      const next = tanh(add(matmul(state, weight!), x))
      return [next, mul(next, x)] as const
    }
    return loop(step, h!, xs!, options)
  })

/** Two carries that exchange their places. */
const exchanging = sample('carries change places', [spread([], 4), spread([], 5)], ([a, b]) => {
  const step = ([x, y]: readonly [Tensor, Tensor]) => [[y, mul(x, sin(y))] as const, x] as const
  const [[x, y], outputs] = loop(step, [a!, b!] as const, undefined, { length: 3 })
  return [x, y, outputs]
})

/** Counts in int32, looks up a row by the count and decides by a bool. */
const mixed = sample(
  'int32 and bool state',
  [spread([3, 2], 6), ints([0], []), bools([1], []), spread([2], 7)],
  ([table, count, flag, total]) => {
    const step = (state: { count: Tensor; flag: Tensor; total: Tensor }) => {
      const row = take(table!, state.count)
      const next = {
        count: add(state.count, 1),
        flag: less(sum(row), 0),
        total: where(state.flag, add(state.total, mul(row, row)), state.total),
      }
      return [next, next.flag] as const
    }
    const start = { count: count!, flag: flag!, total: total! }
    const [last, flags] = loop(step, start, undefined, { length: 3 })
    return [last.count, last.flag, last.total, flags]
  },
)

/** A loop within a loop; the inner one starts from the outer state. */
const nested = sample('nested', [spread([2], 8), spread([2, 3, 2], 9)], ([start, rows]) => {
  const inner = (total: Tensor, x: Tensor) => {
    const next = sin(add(total, x))
    return [next, next] as const
  }
  const outer = (state: Tensor, xs: Tensor) => {
    const [last, all] = loop(inner, state, xs)
    return [mul(last, state), sum(all, { axis: 0 })] as const
  }
  return loop(outer, start!, rows!)
})

/** State that no input moves, an unused sequence, and an output that is the same at every step. */
const idle = sample('idle parts', [spread([2], 10), spread([3, 2], 11), spread([3], 12)], (xs) => {
  const [start, used, unused] = xs as [Tensor, Tensor, Tensor]
  const step = (state: Tensor, slice: readonly [Tensor, Tensor]) =>
    [state, [mul(slice[0], start), sub(1, state)] as const] as const
  const [last, outputs] = loop(step, start, [used, unused] as const)
  return [last, ...outputs]
})

export const scan: readonly Sample[] = [
  recurrent('recurrent', 3),
  recurrent('reverse', 3, { reverse: true }),
  recurrent('length 0', 0),
  recurrent('length 1', 1),
  exchanging,
  mixed,
  nested,
  idle,
  sample('no state', [spread([3, 2], 13)], ([xs]) => [
    loop((state: readonly Tensor[], x: Tensor) => [state, mul(x, x)] as const, [], xs!)[1],
  ]),
  sample('slices of size 0', [floats([], [0]), floats([], [2, 0])], ([start, xs]) =>
    loop((state: Tensor, x: Tensor) => [add(state, x), x] as const, start!, xs!),
  ),
  sample('a sequence of int32', [spread([], 14), ints([1, 0, 2])], ([start, xs]) =>
    loop(
      (state: Tensor, x: Tensor) => [mul(state, add(cast(x, state.dtype), 0.5)), state] as const,
      start!,
      xs!,
    ),
  ),
]
