/** What the trainings of a comparison cost, and which of them failed: no comparison is fair whose budgets are not told. */
import type { Comparison, Trial } from '../comparison/comparison.ts'
import { html, type Markup } from './markup.ts'
import { formatSeconds, listed } from './number.ts'

type Trials = Pick<Comparison, 'arms' | 'trials' | 'labelCounts'>

const trialsOf = (trials: readonly Trial[], arm: string, labels?: number): readonly Trial[] =>
  trials.filter((trial) => trial.arm === arm && (labels === undefined || trial.labels === labels))

/** `500`, or `500 to 540`. */
const stepRange = (trials: readonly Trial[]): string => {
  const steps = trials.map((trial) => trial.steps)
  const [least, most] = [Math.min(...steps), Math.max(...steps)].map((count) =>
    count.toLocaleString('en-US'),
  )
  return least === most ? least! : `${least} to ${most}`
}

/** The steps of the trainings of each arm in one sentence; null where they are not known. */
export const budgetSentence = ({ arms, trials = [] }: Trials): string | null => {
  const known = arms.filter((arm) => trialsOf(trials, arm).length > 0)
  if (known.length === 0) return null
  const parts = known.map((arm) => `${arm} ${stepRange(trialsOf(trials, arm))}`)
  return `Steps of a training: ${listed(parts)}.`
}

/** Each failed training with its reason, the first of them all; nothing where none failed. */
export const failureLines = ({ trials = [] }: Trials): readonly string[] => {
  const failed = trials.filter((trial) => trial.failure !== null)
  if (failed.length === 0) return []
  const told = failed.slice(0, 5).map(({ arm, labels, seed, failure }) => {
    const count = labels.toLocaleString('en-US')
    return `${arm} with ${count} labels, seed ${seed}: ${failure}`
  })
  const rest = failed.length - told.length
  return [
    `${failed.length} of ${trials.length} trainings failed; they have no score, and their pairs are left out.`,
    ...told,
    ...(rest === 0 ? [] : [`and ${rest} more`]),
  ]
}

const cell = (trials: readonly Trial[]): Markup => {
  if (trials.length === 0) return html`<td class="number"></td>`
  const seconds = trials.reduce((sum, trial) => sum + trial.seconds, 0) / trials.length
  return html`<td class="number">${stepRange(trials)}<small>${formatSeconds(seconds)}</small></td>`
}

/** A table of arms and label counts: steps of a training, and its mean time. Nothing where they are not known. */
export const trialSection = ({ arms, trials = [], labelCounts }: Trials): Markup | null => {
  if (trials.length === 0) return null
  const counts = labelCounts.toSorted((a, b) => a - b)
  return html`<section><h2>Budgets</h2><p class="note">Steps of a training and its mean time, by labelled rows.</p><div class="card"><table class="dense"><thead><tr><th>Arm</th>${counts.map((count) => html`<th class="number">${count.toLocaleString('en-US')}</th>`)}</tr></thead>
<tbody>${arms.map((arm) => html`<tr><td>${arm}</td>${counts.map((count) => cell(trialsOf(trials, arm, count)))}</tr>`)}</tbody></table></div></section>`
}

/** A card that says which trainings failed. */
export const failureCard = (run: Trials): Markup | null => {
  const [head, ...lines] = failureLines(run)
  if (head === undefined) return null
  return html`<div class="card hurts warning"><strong>${head}</strong><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></div>`
}
