/** The head of the page: for each arm one tile with the answer, to be read from across a room. */
import { metricOf } from '../comparison/comparison.ts'
import type { ArmSummary, Gain, Summary, TaskSummary } from '../comparison/summary.ts'
import type { Multiplier } from '../statistics/multiplier.ts'
import { verdictClass } from './gainPlot.ts'
import { armClass } from './mark.ts'
import { html, type Markup } from './markup.ts'
import { formatInterval, formatMultiplier, formatSigned } from './number.ts'
import { armSentence, decimalsOfTask, whyNoInterval } from './sentence.ts'

type Measured = Exclude<Multiplier, { readonly kind: 'not measured' }>

/** The multiplier at the smallest label count that has one: few labels are what transfer is for. */
const firstMultiplier = (
  arm: ArmSummary,
): { readonly labels: number; readonly multiplier: Measured } | null => {
  for (const { labels, mean, multiplier } of arm.points) {
    if (mean !== null && multiplier !== null && multiplier.kind !== 'not measured')
      return { labels, multiplier }
  }
  return null
}

/** `worth 1.4× the labels at 20 labels`; with several tasks from the least to the most. */
export const worth = (arms: readonly ArmSummary[]): string | null => {
  const found = arms.flatMap((arm) => firstMultiplier(arm) ?? [])
  const [first] = found
  if (first === undefined) return null
  const ordered = found
    .filter(({ labels }) => labels === first.labels)
    .map(({ multiplier }) => multiplier)
    .toSorted((a, b) => a.value - b.value)
  const [least, most] = [ordered[0]!, ordered.at(-1)!].map(formatMultiplier)
  const range = least === most ? least! : `${least} to ${most}`
  return `worth ${range} the labels at ${first.labels.toLocaleString('en-US')} labels`
}

/** A square for each task, in the colour of its verdict. */
const strip = (tasks: readonly (readonly [TaskSummary, Gain | null])[]): Markup =>
  html`<div class="strip">${tasks.map(([task, gain]) => html`<i class="${gain === null ? 'even' : verdictClass(gain.verdict)}" title="${`${task.task.name}: ${gain?.verdict ?? 'not measured'}`}"></i>`)}</div>`

/** Of one task the verdict and its evidence; of several how many say what. */
const answer = (
  summary: Summary,
  arm: string,
  tasks: readonly (readonly [TaskSummary, Gain | null])[],
): Markup => {
  const [first] = tasks
  if (first === undefined || tasks.length > 1)
    return html`<strong>${armSentence(summary, arm)}</strong>${strip(tasks)}`
  const [task, gain] = first
  if (gain === null) return html`<strong class="even">not measured</strong>`
  const signed = (value: number) => formatSigned(value, decimalsOfTask(task))
  return html`<strong class="${verdictClass(gain.verdict)}">${gain.verdict}</strong><span>${signed(gain.mean)} ${metricOf(task.task).title} ${formatInterval(gain.interval, signed) || whyNoInterval(gain)}</span>`
}

const tile = (summary: Summary, name: string): Markup => {
  const arms = summary.tasks.flatMap((task) => task.arms.find(({ arm }) => arm === name) ?? [])
  const tasks = summary.tasks.map((task) => {
    const found = task.arms.find(({ arm }) => arm === name)
    return [task, found?.gain ?? null] as const
  })
  const value = worth(arms)
  return html`<div class="tile ${armClass(summary, name)}"><h3>${name}</h3>${answer(summary, name, tasks)}${value !== null && html`<span>${value}</span>`}</div>`
}

/** The tiles of all arms that are measured against the reference. */
export const hero = (summary: Summary): Markup => {
  const challenging = summary.arms.filter((arm) => arm !== summary.reference)
  return html`<div class="tiles">${challenging.map((arm) => tile(summary, arm))}</div>`
}
