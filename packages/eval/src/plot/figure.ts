/** Figures of one or several panels as SVG that reads on light and dark paper, with nothing in it but shapes, text and one style sheet. */
import { ArgumentError } from '@rootstock/core'
import { html, type Markup, trusted } from '../report/markup.ts'
import { extent, linearScale, logarithmicScale, type Scale } from '../report/scale.ts'
import { colours } from './colours.ts'
import { type Scales, type Series, seriesMarkup } from './series.ts'

/** An axis. */
export interface Axis {
  readonly label?: string
  /** What it shows. Default: all lines and points. */
  readonly range?: readonly [low: number, high: number]
  /** Default linear. */
  readonly scale?: 'linear' | 'logarithmic'
}

/** A picture with two axes. */
export interface Panel {
  readonly title?: string
  readonly x?: Axis
  readonly y?: Axis
  /** From the back to the front. */
  readonly series: readonly Series[]
}

/** Options of `figure`. */
export interface FigureOptions {
  /** Panels in a row. Default: all, up to 3. */
  readonly columns?: number
  /** Pixels of a panel with its axes. Default 300 by 230. */
  readonly width?: number
  readonly height?: number
}

const left = 54
const right = 14
const titleHeight = 26
const untitledHeight = 10
const tickHeight = 22
const labelHeight = 18
const legendHeight = 24
const margin = 8

// written out: some viewers of SVG know no variables
const ink = (paper: 0 | 1): string =>
  colours
    .map((pair, i) => `.line.c${i}{stroke:${pair[paper]}}.dot.c${i}{fill:${pair[paper]}}`)
    .join('\n')

const style = `
text{font:12px ui-sans-serif,system-ui,'Segoe UI','Helvetica Neue',Arial,sans-serif;fill:#5c655f}
.title{font-size:13px;font-weight:600;fill:#1b211e}
.grid{stroke:#8b938d;stroke-opacity:.22}.frame{fill:none;stroke:#8b938d;stroke-opacity:.55}
.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.thin{stroke-width:1;stroke-opacity:.55}.dashed{stroke-dasharray:5 4}
.contour{fill:none;stroke:#6d7f74;stroke-width:1}
${ink(0)}
@media(prefers-color-scheme:dark){text{fill:#a8b0aa}.title{fill:#e9e8e2}.contour{stroke:#93a89b}${ink(1)}}`

const rangeOf = (panel: Panel, axis: 'x' | 'y'): readonly [number, number] => {
  const given = panel[axis]?.range
  if (given !== undefined) return given
  const values = panel.series.flatMap((series) =>
    series.kind === 'contours' ? [] : Array.from(series[axis]),
  )
  if (panel[axis]?.scale !== 'logarithmic') return extent(values, axis === 'x' ? 0.02 : 0.06)
  const [low, high] = extent(
    values.filter((value) => value > 0).map((value) => Math.log10(value)),
    0.05,
  )
  // the margin must not lead beyond what a number can be
  return [10 ** Math.max(low, -307), 10 ** Math.min(high, 308)]
}

const scaleOf = (
  axis: Axis | undefined,
  range: readonly [number, number],
  pixels: readonly [number, number],
): Scale => {
  if (!(range[0] < range[1]) || (axis?.scale === 'logarithmic' && !(range[0] > 0)))
    throw new ArgumentError({
      operation: 'figure',
      inputs: { range },
      rule: 'a range must rise, and be positive on a logarithmic axis',
    })
  return axis?.scale === 'logarithmic'
    ? logarithmicScale(range, pixels)
    : linearScale(range, pixels, Math.abs(pixels[1] - pixels[0]) / 48)
}

const axesMarkup = (
  panel: Panel,
  { x, y }: Scales,
  { width, height, ceiling, floor }: Size,
): Markup => {
  const centre = (left + width - right) / 2
  return html`${y.ticks.map(
    (tick) =>
      html`<path class="grid" d="M${left} ${y.at(tick)}H${width - right}"/><text x="${left - 6}" y="${y.at(tick) + 4}" text-anchor="end">${y.format(tick)}</text>`,
  )}${x.ticks.map(
    (tick) =>
      html`<path class="grid" d="M${x.at(tick)} ${ceiling}V${floor}"/><text x="${x.at(tick)}" y="${floor + 16}" text-anchor="middle">${x.format(tick)}</text>`,
  )}<rect class="frame" x="${left}" y="${ceiling}" width="${width - right - left}" height="${floor - ceiling}"/>${
    panel.title !== undefined &&
    html`<text class="title" x="${centre}" y="${ceiling - 9}" text-anchor="middle">${panel.title}</text>`
  }${
    panel.x?.label !== undefined &&
    html`<text x="${centre}" y="${height - 6}" text-anchor="middle">${panel.x.label}</text>`
  }${
    panel.y?.label !== undefined &&
    html`<text transform="translate(11 ${(ceiling + floor) / 2})rotate(-90)" text-anchor="middle">${panel.y.label}</text>`
  }`
}

/** A panel's width, and where its axes stand. */
interface Size {
  readonly width: number
  readonly height: number
  readonly ceiling: number
  readonly floor: number
}

const nameOf = (series: Series): string | undefined =>
  series.kind === 'contours' ? undefined : series.name

/** The colour of every name, those that are given first. */
const colouring = (panels: readonly Panel[]): ReadonlyMap<string, number> => {
  const colour = new Map<string, number>()
  for (const series of panels.flatMap((panel) => panel.series)) {
    const name = nameOf(series)
    if (name === undefined || series.kind === 'contours' || colour.has(name)) continue
    colour.set(name, series.colour ?? 1 + (colour.size % (colours.length - 1)))
  }
  return colour
}

const panelMarkup = (
  panel: Panel,
  index: number,
  size: Size,
  colour: ReadonlyMap<string, number>,
): Markup => {
  const { width, ceiling, floor } = size
  const ranges = { x: rangeOf(panel, 'x'), y: rangeOf(panel, 'y') }
  const scales = {
    x: scaleOf(panel.x, ranges.x, [left, width - right]),
    y: scaleOf(panel.y, ranges.y, [floor, ceiling]),
  }
  const colourOf = (series: Series): number =>
    series.kind === 'contours' ? 0 : (series.colour ?? colour.get(series.name ?? '') ?? 0)
  return html`${axesMarkup(panel, scales, size)}
<clipPath id="p${index}"><rect x="${left}" y="${ceiling}" width="${width - right - left}" height="${floor - ceiling}"/></clipPath>
<g clip-path="url(#p${index})">
${panel.series.map((series) => html`${seriesMarkup(series, colourOf(series), scales, ranges)}\n`)}</g>`
}

const legendMarkup = (
  panels: readonly Panel[],
  colour: ReadonlyMap<string, number>,
  y: number,
): Markup => {
  let x = left
  const all = panels.flatMap((panel) => panel.series)
  const keys = [...colour].map(([name, c]) => {
    const series = all.find((one) => nameOf(one) === name)
    const from = x
    // fonts differ in width
    x += 44 + 7.6 * name.length
    const sign =
      series?.kind === 'points'
        ? html`<circle class="dot c${c}" cx="${from + 9}" cy="${y}" r="3.5"/>`
        : html`<path class="line c${c}${series?.kind === 'line' && series.dashed === true ? ' dashed' : ''}" d="M${from} ${y}h18"/>`
    return html`${sign}<text x="${from + 24}" y="${y + 4}">${name}</text>`
  })
  return html`${keys}`
}

/**
 * A figure of panels as an SVG document. Named lines and points get a colour each and stand in a legend below.
 * @example
 * ```ts
 * import { linspace, tanh } from '@rootstock/core'
 * import { figure } from '@rootstock/eval'
 * const x = linspace(-3, 3, 61)
 * const svg = figure('The hyperbolic tangent', [
 *   { x: { label: 'x' }, series: [{ kind: 'line', name: 'tanh', x: x.data(), y: tanh(x).data() }] },
 * ])
 * console.log(svg.startsWith('<svg'), svg.includes('>tanh</text>')) // true true
 * ```
 */
export const figure = (
  title: string,
  panels: readonly Panel[],
  { columns = Math.min(3, panels.length), width = 300, height = 230 }: FigureOptions = {},
): string => {
  if (panels.length === 0 || !Number.isInteger(columns) || columns < 1)
    throw new ArgumentError({
      operation: 'figure',
      inputs: { panels: panels.length, columns },
      rule: 'a figure needs at least one panel and one column',
    })
  const colour = colouring(panels)
  const rows = Math.ceil(panels.length / columns)
  const ceiling = panels.some((panel) => panel.title !== undefined) ? titleHeight : untitledHeight
  const isLabelled = panels.some((panel) => panel.x?.label !== undefined)
  const floor = height - tickHeight - (isLabelled ? labelHeight : 0)
  const [across, down] = [columns * width + 2 * margin, rows * height + 2 * margin]
  const whole = down + (colour.size > 0 ? legendHeight : 0)
  const placed = panels.map((panel, i) => {
    const corner = `translate(${margin + (i % columns) * width} ${margin + Math.floor(i / columns) * height})`
    return html`<g transform="${corner}">${panelMarkup(panel, i, { width, height, ceiling, floor }, colour)}</g>\n`
  })
  const drawing = html`<svg xmlns="http://www.w3.org/2000/svg" width="${across}" height="${whole}" viewBox="0 0 ${across} ${whole}" role="img">
<title>${title}</title>
<style>${trusted(style)}</style>
${placed}${legendMarkup(panels, colour, down + 6)}
</svg>
`
  return drawing.markup
}
