/** Walks: how the elements along an axis of a contraction's operand lie. */
import type { Interval } from './interval.ts'
import type { Walk } from './loop.ts'

/** How many elements there are. */
export const sizeOfWalk = (walk: Walk): number =>
  walk.reduce((product, { count }) => product * count, 1)

/** How far element i is from the first. */
export const positionIn = (walk: Walk, i: number): number => {
  let [position, rest] = [0, i]
  for (const { count, stride } of walk.toReversed()) {
    position += (rest % count) * stride
    rest = Math.floor(rest / count)
  }
  return position
}

/** How far the elements reach, before and behind the first; there must be some. */
export const spanOfWalk = (walk: Walk): Interval => ({
  low: walk.reduce((sum, { count, stride }) => sum + Math.min(0, stride * (count - 1)), 0),
  high: walk.reduce((sum, { count, stride }) => sum + Math.max(0, stride * (count - 1)), 0),
})

/** The one stride of all elements, 0 where there is but one; null when the steps are nested. */
export const strideOfWalk = (walk: Walk): number | null =>
  walk.length <= 1 ? (walk[0]?.stride ?? 0) : null
