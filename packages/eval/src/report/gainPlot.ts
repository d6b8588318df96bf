/** The paired gains of a task over the reference, each with its interval: right of the line is better, whatever the metric. */
import type { ArmSummary, Gain, Summary, TaskSummary } from '../comparison/summary.ts'
import type { Verdict } from '../statistics/verdict.ts'
import { armClass } from './mark.ts'
import { html, type Markup } from './markup.ts'
import { formatInterval, formatMultiplier, formatSigned } from './number.ts'
import { linearScale, type Scale } from './scale.ts'
import { challengers, decimalsOfTask, whyNoInterval } from './sentence.ts'

const width = 520
const left = 74
const right = 156
const rowHeight = 23
const headHeight = 27
const top = 22

/** The class of a verdict's colour. */
export const verdictClass = (verdict: Verdict): string =>
  verdict === 'no gain shown' ? 'even' : verdict

interface Row {
  readonly label: string
  readonly gain: Gain
  readonly multiplier: string
  readonly overall: boolean
}

const rowsOf = (arm: ArmSummary): readonly Row[] => {
  const points = arm.points.flatMap(({ gain, labels, multiplier }): Row[] =>
    gain === null
      ? []
      : [
          {
            label: labels.toLocaleString('en-US'),
            gain,
            multiplier:
              multiplier === null || multiplier.kind === 'not measured'
                ? ''
                : formatMultiplier(multiplier),
            overall: false,
          },
        ],
  )
  return arm.gain === null || points.length < 2
    ? points
    : [...points, { label: 'all', gain: arm.gain, multiplier: '', overall: true }]
}

/** Wide intervals of few seeds would squeeze all others; the paper reaches to twice the largest mean and no less. */
const gainRange = (rows: readonly Row[]): readonly [number, number] => {
  const means = rows.map((row) => Math.abs(row.gain.mean))
  const reach = 2.5 * Math.max(...means, 1e-9)
  const ends = rows.flatMap(({ gain }) => [
    gain.mean,
    gain.interval?.low ?? gain.mean,
    gain.interval?.high ?? gain.mean,
  ])
  const low = Math.max(-reach, Math.min(0, ...ends))
  const high = Math.min(reach, Math.max(0, ...ends))
  const room = 0.06 * (high - low || 1)
  return [low - room, high + room]
}

const rowMarkup = (row: Row, y: number, x: Scale, decimals: number): Markup => {
  const { gain } = row
  const signed = (value: number) => formatSigned(value, decimals)
  const inside = (value: number) => Math.min(width - right, Math.max(left, x.at(value)))
  const note = `${gain.verdict}: ${signed(gain.mean)} ${formatInterval(gain.interval, signed) || whyNoInterval(gain)!}, ${gain.pairs} pairs`
  return html`<g class="${verdictClass(gain.verdict)}${row.overall ? ' overall' : ''}"><title>${note}</title>
<text x="${left - 10}" y="${y + 4}" text-anchor="end">${row.label}</text>
${gain.interval !== null && html`<line class="gain" x1="${inside(gain.interval.low)}" x2="${inside(gain.interval.high)}" y1="${y}" y2="${y}"/>`}
<circle class="gaindot" cx="${inside(gain.mean)}" cy="${y}" r="${row.overall ? 6 : 4.5}"/>
<text class="gaintext" x="${width - 82}" y="${y + 4}" text-anchor="end">${signed(gain.mean)}</text>
<text x="${width}" y="${y + 4}" text-anchor="end">${row.multiplier}</text></g>`
}

const grid = (x: Scale, height: number): Markup => html`
<rect class="better" x="${x.at(0)}" y="${top - 6}" width="${width - right - x.at(0)}" height="${height - top - 20}"/>
${x.ticks.map(
  (tick) =>
    html`<line class="${tick === 0 ? 'zero' : 'grid'}" x1="${x.at(tick)}" x2="${x.at(tick)}" y1="${top - 6}" y2="${height - 26}"/><text x="${x.at(tick)}" y="${height - 11}" text-anchor="middle">${tick > 0 ? `+${x.format(tick)}` : x.format(tick)}</text>`,
)}
${x.at(0) < width - right - 40 && html`<text x="${x.at(0) + 6}" y="10">better \u2192</text>`}<text x="${x.at(0) - 6}" y="10" text-anchor="end">\u2190 worse</text>
<text x="${width}" y="10" text-anchor="end">\u00d7 labels</text><text x="${width - 82}" y="10" text-anchor="end">gain</text>`

/** The gains of one task as SVG; a sentence where there is none. */
export const gainPlot = (summary: Summary, task: TaskSummary): Markup => {
  const arms = challengers(task).map((arm) => ({ arm: arm.arm, rows: rowsOf(arm) }))
  const all = arms.flatMap((arm) => arm.rows)
  if (all.length === 0)
    return html`<p class="note">No seed has scores of ${summary.reference} and of another arm.</p>`
  const height = top + 32 + arms.length * headHeight + all.length * rowHeight
  const x = linearScale(gainRange(all), [left, width - right], 4)
  const decimals = decimalsOfTask(task)
  let y = top + 2
  const groups = arms.map(({ arm, rows }) => {
    const head = html`<text class="armname ${armClass(summary, arm)}" x="0" y="${y + 11}">${arm}</text>`
    y += headHeight
    return html`${head}${rows.map((row) => {
      const markup = rowMarkup(row, y + 5, x, decimals)
      y += rowHeight
      return markup
    })}`
  })
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${`Gains over ${summary.reference} on ${task.task.name}`}">
${grid(x, height)}${groups}</svg>`
}
