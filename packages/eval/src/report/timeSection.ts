/** Where the time of a run went: a bar of phases, and the seconds of each. */
import type { Summary } from '../comparison/summary.ts'
import { armClass } from './mark.ts'
import { html, type Markup } from './markup.ts'
import { formatSeconds } from './number.ts'
import type { Run } from './run.ts'
import { palette } from './style.ts'

/** An arm's phase has the arm's colour; other phases have the palette's from its end. */
const phaseColours = (summary: Summary, { phases }: Run): readonly string[] => {
  let last = palette
  return phases.map(({ name }) => {
    if (summary.arms.includes(name)) return armClass(summary, name)
    last = last > 1 ? last - 1 : palette - 1
    return `arm${last}`
  })
}

/** The bar and its table; nothing where no time is known. */
export const timeSection = (summary: Summary, run: Run): Markup | null => {
  const total = run.phases.reduce((sum, phase) => sum + phase.seconds, 0)
  if (!(total > 0)) return null
  const share = (seconds: number) => (100 * seconds) / total
  const colours = phaseColours(summary, run)
  let from = 0
  const bars = run.phases.map(({ name, seconds }, i) => {
    const bar = html`<rect class="mark ${colours[i]!}" x="${from}" y="0" width="${10 * share(seconds)}" height="22"><title>${name}: ${formatSeconds(seconds)}</title></rect>`
    from += 10 * share(seconds)
    return bar
  })
  return html`<section><h2>Time</h2><div class="card"><svg class="bars" viewBox="0 0 1000 22" role="img" aria-label="Time of each phase">${bars}</svg>
<table class="dense"><tbody>${run.phases.map(
    ({ name, seconds }, i) =>
      html`<tr><td class="${colours[i]!}"><i class="key"></i> ${name}</td><td class="number">${formatSeconds(seconds)}</td><td class="number">${share(seconds).toFixed(0)} %</td></tr>`,
  )}<tr><td>together, on ${run.backend}</td><td class="number">${formatSeconds(total)}</td><td></td></tr></tbody></table></div></section>`
}
