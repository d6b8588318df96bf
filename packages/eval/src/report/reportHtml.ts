/**
 * The report as one page: the answer first, then each task's plots, then losses, times, all numbers and the config. It loads
 * nothing and runs nothing, so it can be mailed, archived and opened from a disk.
 */
import { metricOf } from '../comparison/comparison.ts'
import type { Summary, TaskSummary } from '../comparison/summary.ts'
import { gainPlot, verdictClass } from './gainPlot.ts'
import { groupBy } from './group.ts'
import { hero, worth } from './hero.ts'
import { learningCurves } from './learningCurves.ts'
import { lossCurves } from './lossCurves.ts'
import { armClass } from './mark.ts'
import { escapeLines, html, type Markup } from './markup.ts'
import {
  formatInterval,
  formatMultiplier,
  formatNumber,
  formatSeconds,
  formatSigned,
} from './number.ts'
import type { Run } from './run.ts'
import {
  challengers,
  chanceSentence,
  decimalsOfTask,
  exceptions,
  unitText,
  verdictSentence,
  whyNoInterval,
} from './sentence.ts'
import { style } from './style.ts'
import { timeSection } from './timeSection.ts'
import { failureCard, trialSection } from './trials.ts'

const others = (summary: Summary): readonly string[] =>
  summary.arms.filter((arm) => arm !== summary.reference)

const header = (summary: Summary, run: Run): Markup => {
  const total = run.phases.reduce((sum, phase) => sum + phase.seconds, 0)
  const facts: readonly (readonly [string, string])[] = [
    ['Backend', run.backend],
    ['Time', formatSeconds(total)],
    ['Label counts', summary.labelCounts.map((n) => n.toLocaleString('en-US')).join(', ')],
    ['Seeds', String(summary.seeds.length)],
    ['Measured against', summary.reference],
    ['Intervals', `${summary.confidence * 100} %, paired`],
  ]
  return html`<header><div class="kind">Transfer report</div><h1>${summary.name}</h1>
${hero(summary)}
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></header>`
}

const verdictCell = (task: TaskSummary, name: string): Markup => {
  const arm = task.arms.find((a) => a.arm === name)
  if (arm?.gain == null) return html`<td><span class="badge even">not measured</span></td>`
  const { gain } = arm
  const signed = (value: number) => formatSigned(value, decimalsOfTask(task))
  const mark = { helps: '\u25b2 ', hurts: '\u25bc ', 'no gain shown': '' }[gain.verdict]
  const value = worth([arm])
  return html`<td><span class="badge ${verdictClass(gain.verdict)}">${mark}${gain.verdict}</span>
<small>${signed(gain.mean)} ${formatInterval(gain.interval, signed) || whyNoInterval(gain)}</small>${exceptions(arm, gain.verdict).map((text) => html`<small class="${verdictClass(text.startsWith('hurts') ? 'hurts' : 'helps')} exception">but ${text}</small>`)}${value !== null && html`<small>${value}</small>`}</td>`
}

const verdictTable = (summary: Summary): Markup => {
  const chance = chanceSentence(summary)
  return html`<h2>Verdicts</h2><p class="note">Gain over ${summary.reference}, averaged over the label counts within each seed; positive is better whatever the metric. \u201cNo gain shown\u201d is not \u201cno gain\u201d: the interval holds 0, or there are too few seeds for one. ${chance}</p>
<div class="card"><table><thead><tr><th>Task</th>${others(summary).map((arm) => html`<th>${arm}</th>`)}</tr></thead>
<tbody>${summary.tasks.map((task) => {
    const metric = metricOf(task.task)
    return html`<tr><th>${task.task.name}<small>${metric.title}${unitText(task)}, ${metric.direction} is better</small></th>${others(summary).map((arm) => verdictCell(task, arm))}</tr>`
  })}</tbody></table></div>`
}

const isScored = (task: TaskSummary): boolean =>
  task.arms.some((arm) => arm.points.some((point) => point.mean !== null))

const taskSection = (summary: Summary, run: Run, task: TaskSummary): Markup => {
  const metric = metricOf(task.task)
  const curves = run.curves.filter(
    (curve) => curve.arm !== undefined && curve.task === task.task.name,
  )
  const unit = unitText(task)
  const losses = lossCurves(summary, curves, { withTask: false })
  return html`<section><h2>${task.task.name}</h2><p class="note">${challengers(task).map((arm) => html`${verdictSentence(summary, task, arm)}.<br>`)}</p>
<div class="card"><div class="pair"><div><h3>${metric.title}${unit}, ${metric.direction} is better</h3>${isScored(task) ? learningCurves(summary, task, run) : html`<p class="note">No arm has a score.</p>`}</div>
<div><h3>Paired gain over ${summary.reference}, by labelled rows</h3>${gainPlot(summary, task)}</div></div>
${losses !== null && html`<details><summary>Losses while training</summary><p class="note">Mean over seeds, in a band from the least to the most.</p>${legend(summary)}${losses}</details>`}</div></section>`
}

const legend = (summary: Summary): Markup =>
  html`<div class="legend">${summary.arms.map((arm) => html`<span class="${armClass(summary, arm)}"><i class="key"></i>${arm}</span>`)}</div>`

/** Curves without an arm, such as pretraining, and those of no compared task: under the heading of their phase. */
const phaseSections = (summary: Summary, run: Run): Markup => {
  const tasks = new Set(summary.tasks.map((task) => task.task.name))
  const free = run.curves.filter((curve) => curve.arm === undefined || !tasks.has(curve.task))
  const phases = [...groupBy(free, (curve) => curve.phase)]
  return html`${phases.map(([phase, curves]) => html`<section><h2>Loss: ${phase}</h2><div class="card">${lossCurves(summary, curves, { withTask: true })}</div></section>`)}`
}

const numberRows = (task: TaskSummary): readonly Markup[] => {
  const decimals = decimalsOfTask(task)
  const plain = (value: number) => formatNumber(value, decimals)
  const signed = (value: number) => formatSigned(value, decimals)
  return task.arms.flatMap((arm) =>
    arm.points.map(
      ({ gain, interval, labels, mean, multiplier, seeds }) =>
        html`<tr><td>${task.task.name}</td><td>${arm.arm}</td><td class="number">${labels.toLocaleString('en-US')}</td><td class="number">${seeds}</td><td class="number">${mean === null ? 'none' : plain(mean)}</td><td>${formatInterval(interval, plain)}</td><td class="number">${gain === null ? '' : signed(gain.mean)}</td><td>${formatInterval(gain?.interval ?? null, signed)}</td><td>${gain?.verdict ?? ''}</td><td class="number">${multiplier === null || mean === null ? '' : formatMultiplier(multiplier)}</td></tr>`,
    ),
  )
}

const numbersSection = (summary: Summary): Markup => {
  const heads = [
    'Task',
    'Arm',
    'Labels',
    'Seeds',
    'Score',
    'Interval',
    'Gain',
    'Interval',
    'Verdict',
    '\u00d7 labels',
  ]
  const numeric = new Set([2, 3, 4, 6, 9])
  return html`<details><summary>All numbers</summary><div class="card"><table class="dense"><thead><tr>${heads.map((head, i) => html`<th class="${numeric.has(i) ? 'number' : ''}">${head}</th>`)}</tr></thead><tbody>${summary.tasks.map(numberRows)}</tbody></table></div></details>`
}

/**
 * The report as one self-contained HTML page with SVG plots: verdicts, learning curves with intervals, paired gains, losses,
 * times, all numbers and the config, in light and dark. Every name is escaped, and the page forbids itself scripts and requests.
 *
 * @example
 * ```ts
 * import { reportHtml, summarise } from '@rootstock/eval'
 * const run = {
 *   name: '<empty>', tasks: [], arms: ['scratch'], reference: 'scratch', labelCounts: [], seeds: [], scores: [],
 *   backend: 'wasm', phases: [], config: {}, curves: [],
 * }
 * console.log(reportHtml(summarise(run), run).includes('&lt;empty&gt;')) // true
 * ```
 */
export const reportHtml = (summary: Summary, run: Run): string => {
  const config = JSON.stringify(run.config, null, 2) ?? 'none'
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${summary.name}: transfer report</title><style>${style}</style></head>
<body><main>${header(summary, run)}${failureCard(run)}${verdictTable(summary)}
${summary.tasks.map((task) => taskSection(summary, run, task))}
${phaseSections(summary, run)}${trialSection(run)}${timeSection(summary, run)}
<h2>Everything else</h2>${numbersSection(summary)}
<details><summary>Config</summary><pre>${escapeLines(config)}</pre></details>
<p class="note">Intervals are over seeds on one set of test rows: they tell how far another draw of labels and another initialisation would move the result, not another test set.</p>
</main></body></html>`
  return `${page.markup}\n`
}
