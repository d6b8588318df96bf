/**
 * Layers of a drawing, after Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system
 * structures" (1981): every box stands in a column to the right of all it uses, long arrows get a waypoint in each column
 * they cross, and the order inside columns is improved by medians until arrows cross no less often.
 */
import type { Arrow, Diagram } from './diagram.ts'

/** A box, or a waypoint of a long arrow. */
export interface Spot {
  /** The number of the box; null for a waypoint. */
  readonly box: number | null
  readonly layer: number
}

/** One step of an arrow, between neighbouring columns. */
export interface Link {
  readonly from: number
  readonly to: number
  /** Where it ends, from the top (0) to the bottom (1) of what it leads to. */
  readonly end: number
}

/** Spots by number (boxes first), columns of spots from top to bottom, and arrows as chains of spots. */
export interface Layering {
  readonly spots: readonly Spot[]
  readonly columns: readonly (readonly number[])[]
  readonly links: readonly Link[]
  readonly chains: readonly { readonly arrow: Arrow; readonly spots: readonly number[] }[]
}

/** Columns of boxes: operations as early as possible, what uses nothing as late as possible. */
const layersOf = ({ boxes, arrows }: Diagram): number[] => {
  const layers = boxes.map(() => 0)
  for (const box of boxes.keys()) {
    for (const { from, to } of arrows) {
      if (to === box) layers[box] = Math.max(layers[box]!, layers[from]! + 1)
    }
  }
  const sources = [...boxes.keys()].filter((box) => arrows.every(({ to }) => to !== box))
  for (const box of sources) {
    const users = arrows.filter(({ from }) => from === box).map(({ to }) => layers[to]!)
    layers[box] = users.length === 0 ? 0 : Math.min(...users) - 1
  }
  return layers
}

const withWaypoints = (diagram: Diagram): Omit<Layering, 'columns'> => {
  const layers = layersOf(diagram)
  const spots: Spot[] = layers.map((layer, box) => ({ box, layer }))
  const links: Link[] = []
  const ports = layers.map((_, box) => diagram.arrows.filter(({ to }) => to === box).length)
  const chains = diagram.arrows.map((arrow) => {
    const chain = [arrow.from]
    for (let layer = layers[arrow.from]! + 1; layer < layers[arrow.to]!; layer++) {
      chain.push(spots.length)
      spots.push({ box: null, layer })
    }
    chain.push(arrow.to)
    chain.slice(1).forEach((to, i) => {
      const end = to === arrow.to ? (arrow.port + 1) / (ports[to]! + 1) : 0.5
      links.push({ from: chain[i]!, to, end })
    })
    return { arrow, spots: chain }
  })
  return { spots, links, chains }
}

const placesIn = (columns: readonly (readonly number[])[]): Map<number, number> =>
  new Map(columns.flatMap((column) => column.map((spot, place) => [spot, place] as const)))

/** How often links cross each other. */
const crossings = (
  columns: readonly (readonly number[])[],
  { spots, links }: Omit<Layering, 'columns'>,
) => {
  const place = placesIn(columns)
  let count = 0
  links.forEach((a, i) => {
    for (const b of links.slice(i + 1)) {
      if (spots[a.from]!.layer !== spots[b.from]!.layer) continue
      const [left, right] = [
        place.get(a.from)! - place.get(b.from)!,
        place.get(a.to)! + a.end - place.get(b.to)! - b.end,
      ]
      if (left * right < 0) count++
    }
  })
  return count
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
}

/** Columns sorted by the medians of their neighbours, from one side to the other. */
const sweep = (
  columns: readonly (readonly number[])[],
  links: readonly Link[],
  forwards: boolean,
): number[][] => {
  const result = columns.map((column) => [...column])
  const order = [...result.keys()]
  for (const layer of forwards ? order : order.toReversed()) {
    const place = placesIn(result)
    const wish = new Map(
      result[layer]!.map((spot) => {
        const near = links.flatMap(({ from, to, end }) => {
          if (forwards) return to === spot ? [place.get(from)!] : []
          return from === spot ? [place.get(to)! + end] : []
        })
        return [spot, near.length === 0 ? place.get(spot)! : median(near)] as const
      }),
    )
    result[layer]!.sort((a, b) => wish.get(a)! - wish.get(b)! || place.get(a)! - place.get(b)!)
  }
  return result
}

const sweeps = 24

/** A diagram in columns with few crossings. */
export const layer = (diagram: Diagram): Layering => {
  const spread = withWaypoints(diagram)
  const last = Math.max(0, ...spread.spots.map((spot) => spot.layer))
  let columns: number[][] = Array.from({ length: last + 1 }, (_, at) =>
    [...spread.spots.keys()].filter((spot) => spread.spots[spot]!.layer === at),
  )
  let best = columns
  for (let i = 0; i < sweeps; i++) {
    columns = sweep(columns, spread.links, i % 2 === 0)
    if (crossings(columns, spread) < crossings(best, spread)) best = columns
  }
  return { ...spread, columns: best }
}
