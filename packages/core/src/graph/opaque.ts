/** Scheduling of single equations that fusion leaves alone: contractions, placements and free-form loops. */
import { invertPermutation, range, type Shape, sizeOf } from '../shape.ts'
import { type Cell, cellFor } from './cell.ts'
import { emitContraction, type Operand, outputView, rolesOf, rowsAsTheyLie } from './contraction.ts'
import { emitDepthwise } from './depthwise.ts'
import { cellsOf, type Expression, loadAll, uniform } from './expression.ts'
import type { Atom } from './graph.ts'
import { emitNest } from './nest.ts'
import { cellOf, define, dense, type Rule, type Scope, valueOf } from './scope.ts'
import type { Nest, Opaque } from './task.ts'
import { axesAsTheyLie, contiguous, permuteView, sliceView, type View } from './view.ts'

/** Where an input of a contraction lies, storing it first if it has no memory yet. */
const located = (scope: Scope, x: Atom): Operand => {
  const value = valueOf(scope, x)
  return value.kind === 'load' ? value : dense(scope, x)
}

/** Regions copied to their places in a cell, `fill` in the gaps; null where they leave none. */
interface Placement {
  readonly name: string
  readonly cell: Cell
  readonly view: View
  readonly fill: number | null
  readonly regions: readonly Region[]
}

interface Region {
  readonly shape: Shape
  readonly start: Shape
  readonly step: Shape
  readonly value: Expression
}

const placed = ({ name, cell, view, fill, regions }: Placement): Opaque => {
  const nest = (shape: Shape, at: View, value: Expression): Nest => ({
    kind: 'nest',
    shape,
    stores: [{ view: at, value, cell, kept: true }],
  })
  const copies = regions.map(({ shape, start, step, value }) =>
    nest(shape, sliceView(view, start, shape, step), value),
  )
  const gaps = fill === null ? [] : [nest(view.shape, view, uniform(cell.dtype, fill))]
  return {
    kind: 'opaque',
    reads: regions.flatMap(({ value }) => cellsOf(value)),
    writes: [cell],
    // regions do not overlap each other, but they overlap the fill: it must be over before
    steps: (emitter) => [
      ...emitter.kernel('fill', () => gaps.flatMap((gap) => emitNest(emitter, gap))),
      ...emitter.kernel(name, () => copies.flatMap((copy) => emitNest(emitter, copy))),
    ],
  }
}

/** An input with zeros around it, or cut where the margin is negative. */
const framed = (
  scope: Scope,
  x: Atom,
  margin: readonly (readonly [before: number, after: number])[],
): Operand => {
  const isCut = margin.some(([before, after]) => before < 0 || after < 0)
  const isPadded = margin.some(([before, after]) => before > 0 || after > 0)
  if (!isCut && !isPadded) return located(scope, x)
  const { dtype } = x
  const ones = x.shape.map(() => 1)
  const kept = x.shape.map((size, i) => {
    const [before, after] = margin[i]!
    return Math.max(0, size + Math.min(0, before) + Math.min(0, after))
  })
  const cut = (): Operand => {
    const { cell, view } = located(scope, x)
    const start = margin.map(([before]) => Math.max(0, -before))
    return { cell, view: sliceView(view, start, kept, ones) }
  }
  if (!isPadded) return cut()
  const source: Expression = isCut ? { kind: 'load', dtype, ...cut() } : valueOf(scope, x)
  // written in the order in which the source lies, and seen in that of x
  const axes = range(x.shape.length)
  const order = source.kind === 'load' ? axesAsTheyLie(source.view, axes) : axes
  const along = (list: readonly number[]) => order.map((axis) => list[axis]!)
  const shape = along(x.shape.map((size, i) => size + margin[i]![0] + margin[i]![1]))
  const [cell, view] = [cellFor({ shape, dtype }), contiguous(shape)]
  const region: Region = {
    shape: along(kept),
    start: along(margin.map(([before]) => Math.max(0, before))),
    step: ones,
    value: source.kind === 'load' ? { ...source, view: permuteView(source.view, order) } : source,
  }
  const regions = kept.includes(0) ? [] : [region]
  scope.tasks.push(placed({ name: 'pad', cell, view, fill: 0, regions }))
  return { cell, view: permuteView(view, invertPermutation(order)) }
}

/** A sum of products. */
export const scheduleContract: Rule<'contract'> = (scope, { inputs, params, outputs }, lower) => {
  const [left, right, output] = [inputs[0]!, inputs[1]!, outputs[0]!]
  if (sizeOf(left.shape) === 0 || sizeOf(right.shape) === 0 || sizeOf(output.shape) === 0) {
    define(scope, output, uniform(output.dtype, 0))
    return
  }
  const margin = lower.margin?.(params as never)
  const given = margin === undefined ? located(scope, left) : framed(scope, left, margin)
  const b = located(scope, right)
  const a = { ...given, view: lower.left?.(given.view, params as never, right) ?? given.view }
  const free = rolesOf(lower.axes(params as never), a.view.shape.length, right.shape.length)
  const isDepthwise = lower.depthwise?.(params as never, right) ?? false
  // an output that others see must have its axes in their order
  const isSeen = scope.targets.has(output)
  const roles = isSeen ? free : rowsAsTheyLie(free, a.view)
  const cell = cellOf(scope, output)
  const c = { cell, view: outputView(roles, output.shape, isDepthwise && !isSeen) }
  const emit = isDepthwise ? emitDepthwise : emitContraction
  scope.tasks.push({
    kind: 'opaque',
    reads: [a.cell, b.cell],
    writes: [cell],
    steps: (emitter) => emitter.kernel('contract', () => emit(emitter, roles, a, b, c)),
  })
  scope.values.set(output, { kind: 'load', dtype: output.dtype, ...c })
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
  const regions = inputs.map((x, i) => ({
    shape: x.shape,
    start: starts[i]!,
    step: steps,
    value: valueOf(scope, x),
  }))
  const view = contiguous(output.shape)
  scope.tasks.push(placed({ name: primitive.name, cell, view, fill, regions }))
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
