/** Loss against step in small panels: one line per arm, the mean of its seeds, in a band from the least to the most. */
import type { Summary } from '../comparison/summary.ts'
import { pathThrough } from '../plot/path.ts'
import { groupBy } from './group.ts'
import { armClass } from './mark.ts'
import { html, type Markup } from './markup.ts'
import type { LossCurve } from './run.ts'
import { linearScale, lossScale, type Scale } from './scale.ts'

const width = 260
const height = 158
const left = 44
const right = 8
const top = 8
const bottom = 30
const places = 80

/** The most panels of one heading; the rest is in report.json. */
const mostPanels = 24

/** Mean, least and most over seeds at one step. */
interface Spread {
  readonly step: number
  readonly mean: number
  readonly least: number
  readonly most: number
}

interface Series {
  readonly arm: string | undefined
  readonly spreads: readonly Spread[]
}

interface Panel {
  readonly title: string
  readonly series: readonly Series[]
}

/** Loss at a step by linear interpolation; NaN outside the measured steps. `points` ascend. */
const lossAt = (points: LossCurve['points'], step: number): number => {
  const next = points.findIndex(([s]) => s >= step)
  if (next < 0) return Number.NaN
  const [stepAbove, above] = points[next]!
  if (stepAbove === step) return above
  if (next === 0) return Number.NaN
  const [stepBelow, below] = points[next - 1]!
  return below + ((step - stepBelow) / (stepAbove - stepBelow)) * (above - below)
}

/** Curves of different seeds on one grid of at most 80 steps, so that the page stays small. */
const spreadsOf = (curves: readonly LossCurve[]): readonly Spread[] => {
  const clean = curves.map((curve) => curve.points.filter((point) => point.every(Number.isFinite)))
  const steps = [...new Set(clean.flatMap((points) => points.map(([step]) => step)))]
  steps.sort((a, b) => a - b)
  const stride = Math.max(1, (steps.length - 1) / (places - 1))
  const count = Math.min(places, steps.length)
  return Array.from({ length: count }, (_, i) => steps[Math.round(i * stride)]!).flatMap((step) => {
    const losses = clean.map((points) => lossAt(points, step)).filter(Number.isFinite)
    if (losses.length === 0) return []
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length
    return [{ step, mean, least: Math.min(...losses), most: Math.max(...losses) }]
  })
}

const titleOf = (curve: LossCurve, withTask: boolean): string =>
  [
    withTask && curve.task,
    curve.labels !== undefined && `${curve.labels.toLocaleString('en-US')} labels`,
  ]
    .filter((part) => part !== false)
    .join(', ') || curve.phase

const panelsOf = (curves: readonly LossCurve[], withTask: boolean): readonly Panel[] =>
  [
    ...groupBy(curves, (curve) =>
      JSON.stringify([curve.phase, curve.task, curve.labels ?? null]),
    ).values(),
  ]
    .toSorted((a, b) => (a[0]!.labels ?? 0) - (b[0]!.labels ?? 0))
    .map((panel) => ({
      title: titleOf(panel[0]!, withTask),
      series: [...groupBy(panel, (curve) => curve.arm ?? '').values()].map((series) => ({
        arm: series[0]!.arm,
        spreads: spreadsOf(series),
      })),
    }))

const axes = (x: Scale, y: Scale): Markup => html`
${y.ticks.map(
  (tick) =>
    html`<line class="grid" x1="${left}" x2="${width - right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/><text x="${left - 6}" y="${y.at(tick) + 4}" text-anchor="end">${y.format(tick)}</text>`,
)}
<line class="axis" x1="${left}" x2="${width - right}" y1="${height - bottom}" y2="${height - bottom}"/>
${x.ticks.map(
  (tick) =>
    html`<text x="${x.at(tick)}" y="${height - bottom + 16}" text-anchor="middle">${x.format(tick)}</text>`,
)}`

const seriesMarkup = (
  summary: Summary,
  { arm, spreads }: Series,
  [x, y]: readonly [Scale, Scale],
): Markup => {
  const along = (value: (spread: Spread) => number, list = spreads) =>
    list.map((spread) => [x.at(spread.step), y.at(value(spread))] as const)
  const band = [...along((s) => s.most), ...along((s) => s.least, spreads.toReversed())]
  const last = spreads.at(-1)
  const note = `${arm === undefined ? '' : `${arm}: `}${last === undefined ? 'no finite loss' : `${last.mean.toPrecision(4)} at step ${last.step}`}`
  return html`<g class="${arm === undefined ? 'arm1' : armClass(summary, arm)}"><title>${note}</title><path class="band" d="${pathThrough(band)}"/><path class="armline${arm === summary.reference ? ' reference' : ''}" d="${pathThrough(along((s) => s.mean))}"/></g>`
}

const panelMarkup = (summary: Summary, panel: Panel): Markup => {
  const spreads = panel.series.flatMap((series) => series.spreads)
  if (spreads.length === 0)
    return html`<div><h3>${panel.title}</h3><p class="note">no finite loss</p></div>`
  const steps = spreads.map((spread) => spread.step)
  const first = Math.min(...steps)
  const last = Math.max(...steps)
  const x = linearScale([first, last > first ? last : first + 1], [left, width - right], 3)
  const y = lossScale(
    spreads.flatMap(({ least, most }) => [least, most]),
    [height - bottom, top],
  )
  return html`<div><h3>${panel.title}</h3><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${`Loss of ${panel.title}`}">${axes(x, y)}${panel.series.map((series) => seriesMarkup(summary, series, [x, y]))}</svg></div>`
}

/** Panels of loss curves; nothing for none. */
export const lossCurves = (
  summary: Summary,
  curves: readonly LossCurve[],
  { withTask }: { readonly withTask: boolean },
): Markup | null => {
  const panels = panelsOf(curves, withTask)
  if (panels.length === 0) return null
  const more = panels.length - mostPanels
  return html`<div class="panels">${panels.slice(0, mostPanels).map((panel) => panelMarkup(summary, panel))}</div>${more > 0 && html`<p class="note">${more} more are in report.json.</p>`}`
}
