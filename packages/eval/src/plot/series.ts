/** What a panel shows: lines, points and contours, and how they get onto paper. */
import { html, type Markup } from '../report/markup.ts'
import type { Scale } from '../report/scale.ts'
import { contourLines } from './contours.ts'
import { isFinitePlace, type Place, paper, pathThrough } from './path.ts'

/** What lines and points have in common. */
interface Look {
  /** Shown in the legend; equal names have equal colours in all panels. */
  readonly name?: string
  /** 0 (grey) to 6. Default: grey without a name, else the next colour. */
  readonly colour?: number
}

/** A line through places in order; where a number is not finite it is broken. */
export interface Line extends Look {
  readonly kind: 'line'
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  readonly dashed?: boolean
  /** For lines of which there are many. */
  readonly thin?: boolean
  /** A dot at the end, as paths have it that lead somewhere. */
  readonly ends?: boolean
}

/** Dots. */
export interface Points extends Look {
  readonly kind: 'points'
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  /** Radius in pixels. Default 2.5. */
  readonly size?: number
}

/** Lines of equal value of a function of the plane, the lower the darker. */
export interface Contours {
  readonly kind: 'contours'
  readonly at: (x: number, y: number) => number
  /** In increasing order. */
  readonly levels: readonly number[]
}

/** One thing that a panel shows. */
export type Series = Line | Points | Contours

/** Both scales of a panel. */
export interface Scales {
  readonly x: Scale
  readonly y: Scale
}

const placesOf = ({ x, y }: Line | Points, scales: Scales): Place[] =>
  Array.from({ length: Math.min(x.length, y.length) }, (_, i) => [
    scales.x.at(x[i]!),
    scales.y.at(y[i]!),
  ])

const lineMarkup = (line: Line, colour: number, scales: Scales): Markup => {
  const places = placesOf(line, scales)
  const kinds = `line c${colour}${line.dashed === true ? ' dashed' : ''}${line.thin === true ? ' thin' : ''}`
  const end = line.ends === true ? places.findLast(isFinitePlace) : undefined
  return html`<path class="${kinds}" d="${pathThrough(places)}"/>${
    end !== undefined &&
    html`<circle class="${`dot c${colour}`}" cx="${paper(end[0])}" cy="${paper(end[1])}" r="4"/>`
  }`
}

const pointsMarkup = (points: Points, colour: number, scales: Scales): Markup => {
  const size = points.size ?? 2.5
  const circles = placesOf(points, scales)
    .filter(isFinitePlace)
    .map(
      ([x, y]) =>
        `M${paper(x - size)} ${paper(y)}a${size} ${size} 0 1 0 ${2 * size} 0a${size} ${size} 0 1 0 ${-2 * size} 0z`,
    )
  return html`<path class="${`dot c${colour}`}" d="${circles.join('')}"/>`
}

const contoursMarkup = (
  { at, levels }: Contours,
  scales: Scales,
  ranges: { readonly x: readonly [number, number]; readonly y: readonly [number, number] },
): Markup => {
  const lines = contourLines(at, levels, ranges).map((level, i) => {
    const path = level
      .map((line) => pathThrough(line.map(([x, y]) => [scales.x.at(x), scales.y.at(y)])))
      .join('')
    const ink = (0.85 - (0.6 * i) / Math.max(1, levels.length - 1)).toFixed(2)
    return html`<path class="contour" stroke-opacity="${ink}" d="${path}"/>`
  })
  return html`${lines}`
}

/** A series as SVG. */
export const seriesMarkup = (
  series: Series,
  colour: number,
  scales: Scales,
  ranges: { readonly x: readonly [number, number]; readonly y: readonly [number, number] },
): Markup => {
  switch (series.kind) {
    case 'line':
      return lineMarkup(series, colour, scales)
    case 'points':
      return pointsMarkup(series, colour, scales)
    case 'contours':
      return contoursMarkup(series, scales, ranges)
  }
}
