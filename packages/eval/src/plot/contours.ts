/** Lines of equal value of a function of the plane, by marching squares (Lorensen and Cline, Marching cubes, 1987). */

import type { Place } from './path.ts'

type Range = readonly [low: number, high: number]

/** Cells of the grid on which the function is taken. */
const columns = 72
const rows = 54

interface Grid {
  readonly values: Float64Array
  readonly x: Range
  readonly y: Range
}

const valueAt = ({ values }: Grid, i: number, j: number): number => values[j * (columns + 1) + i]!

const sample = (at: (x: number, y: number) => number, x: Range, y: Range): Grid => {
  const values = new Float64Array((columns + 1) * (rows + 1))
  for (let j = 0; j <= rows; j++) {
    for (let i = 0; i <= columns; i++) {
      const place = [
        x[0] + ((x[1] - x[0]) * i) / columns,
        y[0] + ((y[1] - y[0]) * j) / rows,
      ] as const
      values[j * (columns + 1) + i] = at(...place)
    }
  }
  return { values, x, y }
}

/** Corners of a cell, around it; side k lies between corners k and k + 1. */
const corners = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const

/** A side has one name from both of its cells: horizontal ones are even, vertical ones odd. */
const sideName = (i: number, j: number, side: number): number => {
  const [di, dj] = [Number(side === 1), Number(side === 2)]
  return 2 * ((j + dj) * (columns + 1) + i + di) + (side % 2)
}

/** The pairs of sides of a cell that the line connects. */
const crossings = (inside: readonly boolean[], middle: boolean): (readonly [number, number])[] => {
  const cut = [0, 1, 2, 3].filter((side) => inside[side] !== inside[(side + 1) % 4])
  if (cut.length === 2) return [[cut[0]!, cut[1]!]]
  if (cut.length < 4) return []
  // opposite corners: the middle says which pair is connected
  return inside[0] === middle
    ? [
        [0, 1],
        [2, 3],
      ]
    : [
        [3, 0],
        [1, 2],
      ]
}

/** Where the line cuts a side. */
const cutOf = (grid: Grid, level: number, i: number, j: number, side: number): Place => {
  const [a, b] = [corners[side]!, corners[(side + 1) % 4]!]
  const [from, to] = [valueAt(grid, i + a[0], j + a[1]), valueAt(grid, i + b[0], j + b[1])]
  const share = (level - from) / (to - from)
  const across = (i + a[0] + share * (b[0] - a[0])) / columns
  const up = (j + a[1] + share * (b[1] - a[1])) / rows
  return [grid.x[0] + across * (grid.x[1] - grid.x[0]), grid.y[0] + up * (grid.y[1] - grid.y[0])]
}

/** Pieces of line by the sides they connect, and where each side is cut. */
interface Pieces {
  readonly places: Map<number, Place>
  readonly neighbours: Map<number, number[]>
}

const piecesOf = (grid: Grid, level: number): Pieces => {
  const places = new Map<number, Place>()
  const neighbours = new Map<number, number[]>()
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const values = corners.map(([di, dj]) => valueAt(grid, i + di, j + dj))
      if (!values.every(Number.isFinite)) continue
      const middle = values.reduce((sum, value) => sum + value, 0) / 4 < level
      const inside = values.map((value) => value < level)
      for (const pair of crossings(inside, middle)) {
        const names = pair.map((side) => sideName(i, j, side))
        names.forEach((name, k) => {
          places.set(name, cutOf(grid, level, i, j, pair[k]!))
          neighbours.set(name, [...(neighbours.get(name) ?? []), names[1 - k]!])
        })
      }
    }
  }
  return { places, neighbours }
}

/** Follows a line from one of its cuts until it ends or closes, and takes its pieces away. */
const follow = ({ places, neighbours }: Pieces, start: number): Place[] => {
  const line: Place[] = []
  let at: number | undefined = start
  let before: number | undefined
  while (at !== undefined) {
    line.push(places.get(at)!)
    const ways: number[] = neighbours.get(at) ?? []
    neighbours.delete(at)
    const next = ways.find((way) => way !== before && neighbours.has(way))
    before = at
    at = next
    if (next === undefined && ways.includes(start) && line.length > 2) line.push(places.get(start)!)
  }
  return line
}

const linesAt = (grid: Grid, level: number): readonly (readonly Place[])[] => {
  const pieces = piecesOf(grid, level)
  const lines: Place[][] = []
  // open lines from their ends first; what is left is closed
  for (const [name, ways] of pieces.neighbours)
    if (ways.length === 1) lines.push(follow(pieces, name))
  for (const name of pieces.neighbours.keys()) lines.push(follow(pieces, name))
  return lines
}

/** For each level the lines along which a function has that value. */
export const contourLines = (
  at: (x: number, y: number) => number,
  levels: readonly number[],
  ranges: { readonly x: Range; readonly y: Range },
): readonly (readonly (readonly Place[])[])[] => {
  const grid = sample(at, ranges.x, ranges.y)
  return levels.map((level) => linesAt(grid, level))
}
