/** Collapsing axes: neighbours that every access walks as if they were one axis become one loop. */
import type { Shape } from '../shape.ts'

/** Axes walked together: `size` steps, each with the strides of `axis`, the last of them. */
export interface Run {
  readonly size: number
  readonly axis: number
}

/**
 * The given axes as few loops, outermost first, dropping those of size 1. Neighbours merge when in each list of strides
 * the outer one steps over exactly the whole inner one.
 */
export const collapse = (
  shape: Shape,
  axes: readonly number[],
  strides: readonly (readonly number[])[],
): Run[] => {
  const runs: Run[] = []
  for (const axis of axes) {
    const size = shape[axis]!
    if (size === 1) continue
    const last = runs.at(-1)
    const joins =
      last !== undefined && strides.every((list) => list[last.axis] === list[axis]! * size)
    if (joins) runs.pop()
    runs.push({ size: joins ? last.size * size : size, axis })
  }
  return runs
}
