/** Diagrams as SVG that reads on light and dark pages, with nothing in it but shapes, text and one style sheet. */
import type { Box, Diagram } from './diagram.ts'
import { type Layering, layer } from './layers.ts'
import { type Placement, placeSpots, type Size } from './place.ts'

/** What the drawing says about itself. */
export interface Caption {
  readonly title: string
  /** Name of the result in the legend: the derivative of what. */
  readonly result: string
}

const line = 15
const ruleHeight = 6
const headLength = 5
const character = { title: 8, mono: 6.7 }
const padding = { x: 10, y: 8 }
const margin = 16
const legendHeight = 30

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const style = `
  text { font: 12px ui-sans-serif, system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif; fill: #1f2328 }
  .title { font-size: 14px; font-weight: 600 }
  .type { font-size: 10px; fill: #6e7781 }
  .number { font: 11px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace }
  .partial { fill: #bc4c00 }
  .box { stroke-width: 1.25 }
  .argument { fill: #0969da1f; stroke: #0969da }
  .captured { fill: #1a7f371f; stroke: #1a7f37 }
  .constant { fill: #8c959f1f; stroke: #8c959f; stroke-dasharray: 3 3 }
  .operation { fill: #8c959f14; stroke: #8c959f }
  .result { stroke: #8250df; stroke-width: 2.5 }
  .rule { stroke: #8c959f; stroke-opacity: 0.35 }
  .arrow { fill: none; stroke: #8c959f; stroke-width: 1.25 }
  .head { fill: #8c959f }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .type { fill: #9198a1 }
    .partial { fill: #f0883e }
    .result { stroke: #ab7df8 }
    .argument { stroke: #4493f8; fill: #4493f826 }
    .captured { stroke: #3fb950; fill: #3fb95026 }
  }`

/** A number short enough for a box. */
export const numberText = (x: number): string => {
  if (!Number.isFinite(x)) return x < 0 ? '−∞' : x > 0 ? '∞' : 'NaN'
  const size = Math.abs(x)
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e5)
      ? x.toExponential(1)
      : String(Number(x.toPrecision(3)))
  return text.replace('-', '−').replace('e−', 'e-').replace('e+', 'e')
}

const sizeOf = ({ title, type, value, partial }: Box): Size => {
  const rows = value.length + partial.length
  const widest = Math.max(0, ...[...value, ...partial].map((row) => row.length))
  const head = title.length * character.title + (rows === 0 ? 0 : 6) + type.length * 5.4
  return {
    width: Math.ceil(Math.max(44, head, widest * character.mono + 12) + 2 * padding.x),
    height:
      (1 + rows) * line +
      (rows === 0 ? 0 : 4) +
      (partial.length === 0 ? 0 : ruleHeight) +
      2 * padding.y,
  }
}

const coordinate = (x: number): string => String(Math.round(x * 10) / 10)

const boxSvg = (box: Box, { width, height }: Size, x: number, y: number): string => {
  const [left, top] = [x - width / 2, y - height / 2]
  const [start, end] = [coordinate(left + padding.x), coordinate(left + width - padding.x)]
  const head = coordinate(top + padding.y + 11)
  let baseline = top + padding.y + 15
  const row = (kind: string) => (text: string) => {
    baseline += line
    return `<text class="${kind}" x="${end}" y="${coordinate(baseline)}" text-anchor="end">${escape(text)}</text>`
  }
  const values = box.value.map(row('number'))
  const rule = coordinate(baseline + ruleHeight)
  baseline += ruleHeight
  const partials = box.partial.map(row('number partial'))
  const kinds = `box ${box.kind}${box.isResult ? ' result' : ''}`
  return [
    `<rect class="${kinds}" x="${coordinate(left)}" y="${coordinate(top)}" width="${width}" height="${height}" rx="7"/>`,
    `<text class="title" x="${start}" y="${head}">${escape(box.title)}</text>`,
    `<text class="type" x="${end}" y="${head}" text-anchor="end">${escape(box.type)}</text>`,
    ...values,
    partials.length === 0 ? '' : `<path class="rule" d="M${start} ${rule}H${end}"/>`,
    ...partials,
  ].join('')
}

/** Arrows: level through columns, curved between them. */
const arrowsSvg = (
  diagram: Diagram,
  { chains, spots }: Layering,
  { centres, columns }: Placement,
  sizes: readonly Size[],
): string[] => {
  const ports = diagram.boxes.map((_, box) => diagram.arrows.filter(({ to }) => to === box).length)
  const columnOf = (spot: number) => columns[spots[spot]!.layer]!
  return chains.map(({ arrow, spots: chain }) => {
    const heightOf = (spot: number): number => {
      if (spot !== arrow.to) return centres[spot]!.y
      const room = Math.min(12, (sizes[spot]!.height - 12) / Math.max(1, ports[spot]! - 1))
      return centres[spot]!.y + (arrow.port - (ports[spot]! - 1) / 2) * room
    }
    const steps = chain.slice(1).map((spot, i) => {
      const before = chain[i]!
      const [from, to] = [columnOf(before).right, columnOf(spot).left]
      const middle = coordinate((from + to) / 2)
      const [y1, y2] = [coordinate(heightOf(before)), coordinate(heightOf(spot))]
      const end = coordinate(spot === arrow.to ? to - headLength : to)
      return `H${coordinate(from)}C${middle} ${y1} ${middle} ${y2} ${end} ${y2}`
    })
    const start = `M${coordinate(columnOf(arrow.from).right)} ${coordinate(heightOf(arrow.from))}`
    return `<path class="arrow" d="${start}${steps.join('')}" marker-end="url(#head)"/>`
  })
}

const legendSvg = (diagram: Diagram, { result }: Caption, y: number): string => {
  const kinds = [
    ['argument', 'argument'],
    ['captured', 'captured'],
    ['constant', 'constant'],
    ['operation', 'operation'],
  ] as const
  let x = 0
  const parts = kinds.flatMap(([kind, name]) => {
    if (!diagram.boxes.some((box) => box.kind === kind)) return []
    const part = `<rect class="box ${kind}" x="${x}" y="${y}" width="16" height="12" rx="3"/><text x="${x + 22}" y="${y + 10}">${name}</text>`
    x += 34 + name.length * 6.6
    return [part]
  })
  if (diagram.boxes.some(({ value }) => value.length > 0)) {
    parts.push(`<text class="number" x="${x}" y="${y + 10}">value</text>`)
    x += 50
  }
  if (diagram.boxes.some(({ partial }) => partial.length > 0)) {
    parts.push(
      `<text class="number partial" x="${x}" y="${y + 10}">∂ ${escape(result)} / ∂ value</text>`,
    )
  }
  return parts.join('')
}

/** A diagram as a document of its own. */
export const diagramSvg = (diagram: Diagram, caption: Caption): string => {
  const layering = layer(diagram)
  const own = layering.spots.map(({ box }) =>
    box === null ? { width: 0, height: 6 } : sizeOf(diagram.boxes[box]!),
  )
  // boxes of a column are equally wide, so that arrows leave and enter along one line
  const widths = layering.columns.map((column) =>
    Math.max(...column.map((spot) => own[spot]!.width)),
  )
  const sizes = own.map((size, spot) => ({ ...size, width: widths[layering.spots[spot]!.layer]! }))
  const placement = placeSpots(layering, sizes)
  const boxes = diagram.boxes.map((box, i) => {
    const { x, y } = placement.centres[i]!
    return boxSvg(box, sizes[i]!, x, y)
  })
  const width = Math.ceil(Math.max(placement.size.width, 420) + 2 * margin)
  const height = Math.ceil(placement.size.height + legendHeight + 2 * margin)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-margin} ${-margin} ${width} ${height}" role="img">`,
    `<title>${escape(caption.title)}</title>`,
    `<style>${style}\n</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="3" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>',
    ...arrowsSvg(diagram, layering, placement, sizes),
    ...boxes,
    legendSvg(diagram, caption, Math.ceil(placement.size.height + margin)),
    '</svg>',
    '',
  ].join('\n')
}
