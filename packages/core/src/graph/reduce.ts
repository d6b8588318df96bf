/** Reductions as statements, in the order that `reduction.ts` fixes. */

import { identityOf, type Scalar, type Statement } from '../loop/loop.ts'
import { add, constant, local, max, min, mul } from '../loop/scalar.ts'
import { range, sizeOf } from '../shape.ts'
import { collapse, type Run } from './collapse.ts'
import type { Emitter } from './emitter.ts'
import { createEvaluator, type Position, type Value } from './evaluate.ts'
import { type Expression, type Leaf, leavesOf } from './expression.ts'
import { openLoops } from './openLoops.ts'
import { blockLength, reductionOrder } from './reduction.ts'

export type Reduced = Extract<Expression, { kind: 'reduced' }>

/** Two scalars combined. */
export const combine = { add, mul, min, max } as const

/** Axes of the input that remain, in order. */
export const keptAxes = ({ shape, axes }: Reduced): number[] =>
  range(shape.length).filter((axis) => !axes.includes(axis))

/** Moves the coordinates of the nest onto the axes of the reduction's input that remain. */
const onInput = (position: Position, reduced: Reduced): Position => {
  const kept = keptAxes(reduced)
  return {
    ...position,
    coordinates: position.coordinates.map((c) => ({ ...c, axis: kept[c.axis]! })),
  }
}

/** What the loop of a reduction does besides: writes into its body, and knows the values of what it has stored there. */
export type Company = (inside: Position) => (leaf: Leaf) => Value | null

const alone: Company = () => () => null

/** One `reduce` statement over a run; yields its local. */
const emitRun = (
  emitter: Emitter,
  position: Position,
  { op, dtype, of }: Reduced,
  { axis, size }: Run,
  order: 'sequence' | 'lanes',
  company = alone,
): Scalar => {
  const index = emitter.fresh()
  const body: Statement[] = []
  const moving = size === 1 ? [] : [{ axis, index, scale: 1, level: position.blocks.length }]
  const inside: Position = {
    ...position,
    blocks: [...position.blocks, body],
    coordinates: [...position.coordinates, ...moving],
  }
  const value = createEvaluator(emitter, inside, [of], company(inside))(of).scalar
  const id = emitter.fresh()
  position.blocks
    .at(-1)!
    .push({ kind: 'reduce', id, op, dtype, order, index, extent: size, body, value })
  return local(dtype, id)
}

/** Combines the blocks of a run into an accumulator. */
const emitBlocks = (
  emitter: Emitter,
  position: Position,
  reduced: Reduced,
  run: Run,
  take: (position: Position, value: Scalar) => void,
): void => {
  const whole = Math.floor(run.size / blockLength)
  const rest = run.size - whole * blockLength
  if (whole > 0) {
    const loops = openLoops(emitter, [{ axis: run.axis, size: whole }], false, position)
    const [block, ...others] = loops.position.coordinates.toReversed()
    const coordinates = [...others.reverse(), { ...block!, scale: blockLength }]
    const inside = { ...loops.position, coordinates }
    take(inside, emitRun(emitter, inside, reduced, { ...run, size: blockLength }, 'lanes'))
    loops.close()
  }
  if (rest > 0) {
    const origin = [...position.origin, { axis: run.axis, by: whole * blockLength }]
    const tail = { ...position, origin }
    take(tail, emitRun(emitter, tail, reduced, { ...run, size: rest }, 'lanes'))
  }
}

/** The one loop that takes a reduction as a whole, with others that walk `strides` in it; null where it takes more. */
export const wholeRun = (
  { of, shape, axes }: Reduced,
  strides: readonly (readonly number[])[],
): Run | null => {
  const order = reductionOrder(shape, axes)
  const all = [...strides, ...leavesOf(of).map((leaf) => leaf.view.strides)]
  const [run, ...others] = collapse(shape, order.run, all)
  const isWhole = order.outer.length === 0 && others.length === 0
  return isWhole && run !== undefined && run.size <= blockLength ? run : null
}

/**
 * The reduction's value at a position of the nest, in a local of its innermost block. `company` goes with reductions that
 * have a `wholeRun` together.
 */
export const emitReduced = (
  emitter: Emitter,
  nest: Position,
  reduced: Reduced,
  company = alone,
): Value => {
  const { op, dtype, of, shape, axes } = reduced
  const level = nest.blocks.length - 1
  const start = constant(dtype, identityOf(op, dtype))
  if (sizeOf(axes.map((axis) => shape[axis]!)) === 0) return { scalar: start, level: 0 }
  const position = onInput(nest, reduced)
  const order = reductionOrder(shape, axes)
  const strides = leavesOf(of).map((leaf) => leaf.view.strides)
  const outer = collapse(shape, order.outer, strides)
  const [run] = collapse(shape, order.run, strides)
  if (run === undefined && outer.length <= 1) {
    const single = outer[0] ?? { axis: 0, size: 1 }
    return { scalar: emitRun(emitter, position, reduced, single, 'sequence'), level }
  }
  if (run !== undefined && outer.length === 0 && run.size <= blockLength) {
    return { scalar: emitRun(emitter, position, reduced, run, 'lanes', company), level }
  }
  const id = emitter.fresh()
  const accumulator = local(dtype, id)
  const take = (where: Position, value: Scalar): void => {
    where.blocks.at(-1)!.push({ kind: 'set', id, value: combine[op](accumulator, value) })
  }
  position.blocks.at(-1)!.push({ kind: 'var', id, value: start })
  const loops = openLoops(emitter, outer, false, position)
  const inside = loops.position
  if (run !== undefined) emitBlocks(emitter, inside, reduced, run, take)
  else take(inside, createEvaluator(emitter, inside, [of], () => null)(of).scalar)
  loops.close()
  return { scalar: accumulator, level }
}
