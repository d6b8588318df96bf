/** Scheduling of what fuses: elementwise operations, views, generated values and reductions. */
import { identityOf } from '../loop/loop.ts'
import { sizeOf } from '../shape.ts'
import { costOf, isWhole, loadAll, mapped, nodesOf, seenThrough, uniform } from './expression.ts'
import type { Atom } from './graph.ts'
import { runIsOneStride } from './reduction.ts'
import {
  cellOf,
  define,
  dense,
  isCheap,
  isShared,
  mostNodes,
  type Rule,
  storeTo,
  valueOf,
} from './scope.ts'
import { contiguous, type View } from './view.ts'

/** One scalar expression per element. */
export const scheduleMap: Rule<'map'> = (scope, equation) => {
  const argument = (x: Atom) => valueOf(scope, x)
  for (;;) {
    const distinct = [...new Set(equation.inputs)]
    const total = distinct.reduce((sum, x) => sum + nodesOf(argument(x)), 1)
    if (total <= mostNodes) break
    dense(scope, distinct.toSorted((a, b) => nodesOf(argument(b)) - nodesOf(argument(a)))[0]!)
  }
  define(scope, equation.outputs[0]!, mapped(equation, equation.inputs.map(argument)))
}

/** True when a view repeats elements along axes outside of those it walks, so that loops could not hoist them. */
const repeatsRows = (view: View): boolean => {
  const axes = view.shape.flatMap((size, axis) => (size > 1 ? [axis] : []))
  const still = axes.filter((axis) => view.strides[axis] === 0)
  const moving = axes.filter((axis) => view.strides[axis] !== 0)
  return still.length > 0 && moving.length > 0 && still[0]! < moving.at(-1)!
}

/** The same elements seen differently. */
export const scheduleView: Rule<'view'> = (scope, { inputs, params, outputs }, lower) => {
  const [input, output] = [inputs[0]!, outputs[0]!]
  const through = (view: View) => lower.view(view, params as never, output)
  const whole = through(contiguous(input.shape))
  const costly = costOf(valueOf(scope, input)) > 0
  if (
    costly &&
    ((isShared(scope, output) && !isCheap(valueOf(scope, input))) ||
      (whole !== null && repeatsRows(whole)))
  ) {
    dense(scope, input)
  }
  const seen =
    seenThrough(valueOf(scope, input), through) ?? seenThrough(dense(scope, input), through)
  if (seen === null) throw new Error('a view of a dense tensor must exist')
  const target = scope.targets.get(output)
  if (target === undefined || (isWhole(seen) && seen.cell === target))
    scope.values.set(output, seen)
  else define(scope, output, seen)
}

/** A function of the position. */
export const scheduleGenerate: Rule<'generate'> = (scope, equation) => {
  const output = equation.outputs[0]!
  const elements = equation.inputs.map((x) =>
    x.kind === 'literal' ? valueOf(scope, x) : dense(scope, x),
  )
  const view = contiguous(output.shape)
  define(scope, output, { kind: 'generate', dtype: output.dtype, equation, elements, view })
}

/** A reduction, always stored. */
export const scheduleReduce: Rule<'reduce'> = (scope, { inputs, params, outputs }, lower) => {
  const [input, output] = [inputs[0]!, outputs[0]!]
  const axes = lower.axes(params as never)
  const { shape } = input
  const op = lower.op(params as never)
  if (sizeOf(shape) === 0) {
    define(scope, output, uniform(output.dtype, identityOf(op, output.dtype)))
    return
  }
  if (!runIsOneStride(valueOf(scope, input), shape, axes)) dense(scope, input)
  const cell = cellOf(scope, output)
  storeTo(scope, output, cell, {
    kind: 'reduced',
    dtype: output.dtype,
    op,
    of: valueOf(scope, input),
    shape,
    axes,
  })
  scope.values.set(output, loadAll(cell, output.shape))
}
