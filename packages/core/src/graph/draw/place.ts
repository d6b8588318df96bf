/** Places of boxes and waypoints: columns side by side, and in each the spots near the middle of what they are linked to. */
import type { Layering } from './layers.ts'

/** Width and height. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** Centres of spots, edges of columns, and the whole drawing. */
export interface Placement {
  readonly centres: readonly { readonly x: number; readonly y: number }[]
  readonly columns: readonly { readonly left: number; readonly right: number }[]
  readonly size: Size
}

const columnGap = 56
const rowGap = 18

/** A run of spots that stand as close as they may; `wish` is the weighted mean of where they would like to begin. */
interface Run {
  wish: number
  weight: number
  count: number
}

/**
 * The places nearest to the wished ones (in weighted squares) that keep the order and the distances: after subtracting the
 * distances an isotonic regression, solved by pooling neighbours that are in each other's way (Ayer et al., 1955).
 */
export const apart = (
  wishes: readonly number[],
  weights: readonly number[],
  distances: readonly number[],
): number[] => {
  const offsets: number[] = []
  wishes.forEach((_, i) => {
    offsets.push(i === 0 ? 0 : offsets[i - 1]! + distances[i - 1]!)
  })
  const runs: Run[] = []
  wishes.forEach((wish, i) => {
    runs.push({ wish: wish - offsets[i]!, weight: weights[i]!, count: 1 })
    while (runs.length > 1 && runs.at(-2)!.wish > runs.at(-1)!.wish) {
      const [above, below] = [runs.at(-2)!, runs.pop()!]
      const weight = above.weight + below.weight
      above.wish = (above.wish * above.weight + below.wish * below.weight) / weight
      above.weight = weight
      above.count += below.count
    }
  })
  const places = runs.flatMap(({ wish, count }) => new Array<number>(count).fill(wish))
  return places.map((place, i) => place + offsets[i]!)
}

const rounds = 40

/** Vertical centres of all spots. */
const rows = ({ spots, columns, links }: Layering, heights: readonly number[]): number[] => {
  const y = spots.map(() => 0)
  const distancesOf = (column: readonly number[]) =>
    column.slice(1).map((spot, i) => (heights[spot]! + heights[column[i]!]!) / 2 + rowGap)
  // a waypoint between waypoints weighs most, so that long arrows run straight
  const weights = spots.map(({ box }) => (box === null ? 4 : 1))
  const place = (column: readonly number[], wishes: readonly number[]): void => {
    const placed = apart(
      wishes,
      column.map((spot) => weights[spot]!),
      distancesOf(column),
    )
    column.forEach((spot, i) => {
      y[spot] = placed[i]!
    })
  }
  for (const column of columns)
    place(
      column,
      column.map(() => 0),
    )
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? columns : columns.toReversed()
    for (const column of order) {
      const wishes = column.map((spot) => {
        const near = links.flatMap(({ from, to }) =>
          from === spot ? [y[to]!] : to === spot ? [y[from]!] : [],
        )
        return near.length === 0 ? y[spot]! : near.reduce((a, b) => a + b) / near.length
      })
      place(column, wishes)
    }
  }
  return y
}

/** Places for spots of the given sizes. */
export const placeSpots = (layering: Layering, sizes: readonly Size[]): Placement => {
  const { spots, columns } = layering
  if (spots.length === 0) return { centres: [], columns: [], size: { width: 0, height: 0 } }
  const y = rows(
    layering,
    sizes.map(({ height }) => height),
  )
  let left = 0
  const edges = columns.map((column) => {
    const width = Math.max(0, ...column.map((spot) => sizes[spot]!.width))
    const edge = { left, right: left + width }
    left += width + columnGap
    return edge
  })
  const top = Math.min(...y.map((at, spot) => at - sizes[spot]!.height / 2))
  const bottom = Math.max(...y.map((at, spot) => at + sizes[spot]!.height / 2))
  return {
    centres: spots.map(({ layer }, spot) => {
      const edge = edges[layer]!
      return { x: (edge.left + edge.right) / 2, y: y[spot]! - top }
    }),
    columns: edges,
    size: { width: Math.max(0, left - columnGap), height: bottom - top },
  }
}
