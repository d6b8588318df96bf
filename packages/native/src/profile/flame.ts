/**
 * A profile as an SVG drawing, like a flame graph: the step at the bottom as wide as its time, above it its loops and kernels
 * in the order in which they run. Colours say how near each kernel comes to the machine's limit.
 */
import type { KernelProfile, Profile } from './profile.ts'
import { countText, percentText, timeText } from './units.ts'

const width = 1200
const rowHeight = 26
const margin = 16
const headerHeight = 58
/** Narrower bars have no text. */
const narrowest = 30
const characterWidth = 6.6

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Classes of shares of the limit, best first. */
const classes = [
  { name: 'near', least: 0.7, text: '70 % of the limit or more' },
  { name: 'fair', least: 0.3, text: '30 % to 70 %' },
  { name: 'far', least: 0, text: 'below 30 %' },
] as const

const style = `
  text { font: 12px ui-sans-serif, system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .small { fill: #57606a }
  rect { stroke: #ffffff; stroke-width: 1 }
  .near { fill: #7cc28a } .fair { fill: #e8c46b } .far { fill: #e79a84 } .loop { fill: #b6c3d4 } .step { fill: #d5dbe3 }
  .bar text { fill: #1f2328 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 } rect { stroke: #0d1117 }
  }`

/** A stretch of time in the drawing. */
interface Bar {
  readonly label: string
  readonly detail: string
  readonly kind: (typeof classes)[number]['name'] | 'loop' | 'step'
  readonly from: number
  readonly seconds: number
  readonly depth: number
}

const kernelDetail = ({ name, seconds, flops, bytes, bound, share }: KernelProfile): string =>
  [
    name,
    timeText(seconds),
    `${countText(flops, '')} float operations, ${countText(flops / seconds, 'FLOP/s')}`,
    `${countText(bytes, 'B')}, ${countText(bytes / seconds, 'B/s')}`,
    bound === 'memory' && share > 1.05
      ? 'data in cache'
      : `${percentText(share)} of what ${bound} allows`,
  ].join('\n')

/** Bars of kernels one after another; neighbours in the same loops share the bars of these. */
const barsOf = ({ kernels, backend }: Profile): Bar[] => {
  const bars: Bar[] = []
  let open: { readonly loops: readonly number[]; readonly from: number }[] = []
  let now = 0
  const close = (depth: number): void => {
    open.slice(depth).forEach(({ loops, from }, i) => {
      const label = `loop of ${loops.at(-1)}`
      const seconds = now - from
      const detail = `${label}\n${timeText(seconds)}`
      bars.push({ label, detail, kind: 'loop', from, seconds, depth: depth + i + 1 })
    })
    open = open.slice(0, depth)
  }
  for (const kernel of kernels) {
    const { loops, seconds, share } = kernel
    const shared = open.findIndex((x, i) => x.loops.at(-1) !== loops[i])
    close(shared < 0 ? Math.min(open.length, loops.length) : shared)
    for (let i = open.length; i < loops.length; i++)
      open.push({ loops: loops.slice(0, i + 1), from: now })
    const { name } = classes.find(({ least }) => share >= least)!
    const depth = loops.length + 1
    bars.push({
      label: kernel.name,
      detail: kernelDetail(kernel),
      kind: name,
      from: now,
      seconds,
      depth,
    })
    now += seconds
  }
  close(0)
  const label = `${kernels.length} kernels on ${backend}, ${timeText(now)}`
  return [{ label, detail: label, kind: 'step', from: 0, seconds: now, depth: 0 }, ...bars]
}

const drawBar = (bar: Bar, scale: number, deepest: number): string => {
  const x = margin + bar.from * scale
  const y = headerHeight + (deepest - bar.depth) * rowHeight
  const wide = bar.seconds * scale
  const letters = Math.floor((wide - 8) / characterWidth)
  const label =
    bar.label.length <= letters ? bar.label : `${bar.label.slice(0, Math.max(0, letters - 1))}…`
  const text =
    wide < narrowest ? '' : `<text x="${(x + 4).toFixed(1)}" y="${y + 17}">${escape(label)}</text>`
  const size = `width="${Math.max(wide, 0.5).toFixed(1)}" height="${rowHeight - 1}"`
  return `<g class="bar"><title>${escape(bar.detail)}</title><rect class="${bar.kind}" x="${x.toFixed(1)}" y="${y}" ${size} rx="2"/>${text}</g>`
}

const drawLegend = (y: number): string[] =>
  classes.map(({ name, text }, i) => {
    const x = margin + 230 * i
    return `<rect class="${name}" x="${x}" y="${y - 11}" width="14" height="14" rx="2"/><text class="small" x="${x + 20}" y="${y}">${text}</text>`
  })

/**
 * A profile as the text of an SVG file. Pointing at a bar shows its figures.
 * @example
 * ```ts
 * import { jit, ones, type Tensor, tanh } from '@rootstock/core'
 * import { profile, profileSvg } from '@rootstock/native'
 * const svg = profileSvg(profile(jit((x: Tensor) => tanh(x)), ones([100])), { title: 'tanh' })
 * console.log(svg.slice(0, 4)) // <svg
 * ```
 */
export const profileSvg = (
  profile: Profile,
  { title = 'Where the time goes' }: { readonly title?: string } = {},
): string => {
  const bars = barsOf(profile)
  const deepest = Math.max(...bars.map(({ depth }) => depth))
  const scale = (width - 2 * margin) / Math.max(bars[0]!.seconds, 1e-12)
  const bottom = headerHeight + (deepest + 1) * rowHeight
  const height = bottom + 40
  const { flops, bandwidth } = profile.limits
  const limits = `limits: ${countText(flops, 'FLOP/s')}, ${countText(bandwidth, 'B/s')}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escape(title)}</title><style>${style}</style>`,
    `<text class="title" x="${margin}" y="26">${escape(title)}</text>`,
    `<text class="small" x="${margin}" y="46">${limits}</text>`,
    ...bars.map((bar) => drawBar(bar, scale, deepest)),
    ...drawLegend(bottom + 24),
    '</svg>',
    '',
  ].join('\n')
}
