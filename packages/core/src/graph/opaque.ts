/** Scheduling of single equations that fusion leaves alone: contractions, placements and free-form loops. */
import { sizeOf } from '../shape.ts'
import type { Cell } from './cell.ts'
import { emitContraction, type Operand } from './contraction.ts'
import { cellsOf, loadAll, uniform } from './expression.ts'
import type { Atom } from './graph.ts'
import { emitNest } from './nest.ts'
import { cellOf, define, dense, type Rule, type Scope, valueOf } from './scope.ts'
import type { Nest, Store } from './task.ts'
import { contiguous, sliceView } from './view.ts'

/** Where an input of a contraction lies, storing it first if it has no memory yet. */
const located = (scope: Scope, x: Atom): Operand => {
  const value = valueOf(scope, x)
  return value.kind === 'load' ? value : dense(scope, x)
}

/** A sum of products. */
export const scheduleContract: Rule<'contract'> = (scope, { inputs, params, outputs }, lower) => {
  const [left, right, output] = [inputs[0]!, inputs[1]!, outputs[0]!]
  if (sizeOf(left.shape) === 0 || sizeOf(right.shape) === 0 || sizeOf(output.shape) === 0) {
    define(scope, output, uniform(output.dtype, 0))
    return
  }
  const [given, b] = [located(scope, left), located(scope, right)]
  const a = { ...given, view: lower.left?.(given.view, params as never, right) ?? given.view }
  const axes = lower.axes(params as never)
  const cell = cellOf(scope, output)
  const c = { cell, view: contiguous(output.shape) }
  scope.tasks.push({
    kind: 'opaque',
    reads: [a.cell, b.cell],
    writes: [cell],
    steps: (emitter) => emitter.kernel('contract', () => emitContraction(emitter, axes, a, b, c)),
  })
  scope.values.set(output, loadAll(cell, output.shape))
}

/** Inputs copied into regions of the output. */
export const schedulePlace: Rule<'place'> = (
  scope,
  { primitive, inputs, params, outputs },
  lower,
) => {
  const output = outputs[0]!
  const { fill, starts, steps } = lower.regions(inputs, params as never)
  const cell = cellOf(scope, output)
  const whole = contiguous(output.shape)
  const nest = (shape: Nest['shape'], store: Omit<Store, 'cell' | 'kept'>): Nest => ({
    kind: 'nest',
    shape,
    stores: [{ ...store, cell, kept: true }],
  })
  const regions = inputs.map((x, i) =>
    nest(x.shape, { view: sliceView(whole, starts[i]!, x.shape, steps), value: valueOf(scope, x) }),
  )
  const gaps =
    fill === null ? [] : [nest(output.shape, { view: whole, value: uniform(output.dtype, fill) })]
  scope.tasks.push({
    kind: 'opaque',
    reads: inputs.flatMap((x) => cellsOf(valueOf(scope, x))),
    writes: [cell],
    // regions do not overlap each other, but they overlap the fill: it must be over before
    steps: (emitter) => [
      ...emitter.kernel('fill', () => gaps.flatMap((gap) => emitNest(emitter, gap))),
      ...emitter.kernel(primitive.name, () =>
        regions.flatMap((region) => emitNest(emitter, region)),
      ),
    ],
  })
  scope.values.set(output, loadAll(cell, output.shape))
}

/** Statements the primitive writes itself, over dense buffers. */
export const scheduleLoops: Rule<'loops'> = (
  scope,
  { primitive, inputs, params, outputs },
  lower,
) => {
  const sources = inputs.map((x) => dense(scope, x).cell)
  const cells = outputs.map((x) => cellOf(scope, x))
  const empty = outputs.every((x) => sizeOf(x.shape) === 0)
  scope.tasks.push({
    kind: 'opaque',
    reads: sources,
    writes: cells,
    steps: (emitter) => {
      const block = (of: readonly Cell[]) => (x: Atom, i: number) => ({
        shape: x.shape,
        dtype: x.dtype,
        buffer: emitter.number(of[i]!),
      })
      const build = () =>
        lower.build(
          {
            inputs: inputs.map(block(sources)),
            outputs: outputs.map(block(cells)),
            index: emitter.fresh,
            local: emitter.fresh,
            scratch: (dtype, length) =>
              emitter.number({ dtype, length, place: null, sharedWith: null }),
          },
          params as never,
        )
      return empty ? [] : emitter.kernel(primitive.name, build)
    },
  })
  outputs.forEach((x, i) => {
    scope.values.set(x, loadAll(cells[i]!, x.shape))
  })
}
