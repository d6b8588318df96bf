/**
 * The order of reductions. Floating-point sums depend on their order, so the order is part of their meaning: it depends on
 * the logical shape of the input and the axes and on nothing else, neither on fusion nor on strides, threads or backend.
 */
import type { Shape } from '../shape.ts'
import { collapse } from './collapse.ts'
import { type Expression, leavesOf } from './expression.ts'
import type { View } from './view.ts'

/** Elements of a run that are reduced with lanes before their result joins the sequence. */
export const blockLength = 4096

/** Reduced axes in row-major order: `outer` is walked in sequence, `run` is one stretch of consecutive elements. */
export interface ReductionOrder {
  readonly outer: readonly number[]
  readonly run: readonly number[]
}

/**
 * The rule. Axes of size 1 do not count. The longest suffix of axes that are all reduced is the run; the other reduced
 * axes are the outer ones. The result is the identity combined in sequence, outer positions in row-major order, with:
 * - where there is a run: for each block of 4096 consecutive elements of the run (the last may be shorter), in order, the
 *   `lanes` reduction of the block;
 * - where there is none: the elements themselves.
 */
export const reductionOrder = (shape: Shape, axes: readonly number[]): ReductionOrder => {
  const reduced = new Set(axes)
  const run: number[] = []
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1) continue
    if (!reduced.has(axis)) break
    run.unshift(axis)
  }
  const outer = axes.filter((axis) => shape[axis] !== 1 && !run.includes(axis))
  return { outer: outer.toSorted((a, b) => a - b), run }
}

/** True when the run is one stride in every leaf of the reduced expression, so that one loop index can walk it. */
export const runIsOneStride = (of: Expression, shape: Shape, axes: readonly number[]): boolean => {
  const { run } = reductionOrder(shape, axes)
  const views: View[] = leavesOf(of).map((leaf) => leaf.view)
  return (
    collapse(
      shape,
      run,
      views.map((view) => view.strides),
    ).length <= 1
  )
}
