/** The words of a report: the same sentences in the terminal and in the page. */
import { metricOf } from '../comparison/comparison.ts'
import type { ArmSummary, Gain, Summary, TaskSummary } from '../comparison/summary.ts'
import type { Verdict } from '../statistics/verdict.ts'
import { decimalsOf, formatSigned, listed } from './number.ts'

/** Verdicts in the order they are told. */
const verdicts: readonly Verdict[] = ['helps', 'no gain shown', 'hurts']

/** The arms that are measured against the reference. */
export const challengers = (task: TaskSummary): readonly ArmSummary[] =>
  task.arms.filter((arm) => arm.gain !== null || arm.points.some((point) => point.gain !== null))

/** Why there is no interval, where there is none. */
export const whyNoInterval = (gain: Gain): string | null => {
  if (gain.interval !== null) return null
  if (gain.pairs < 2) return 'one seed gives no interval'
  return `${gain.pairs} equal differences give no interval`
}

/** The decimals of a task's numbers, from its scores. */
export const decimalsOfTask = (task: TaskSummary): number =>
  decimalsOf(
    metricOf(task.task),
    task.arms.flatMap((arm) => arm.points.flatMap((point) => point.mean ?? [])),
  )

/** ` (US dollars)` after a metric that is measured in the target's unit, where that is known. */
export const unitText = ({ task }: TaskSummary): string =>
  metricOf(task).unit === 'target' && task.unit !== undefined ? ` (${task.unit})` : ''

const countsWith = (arm: ArmSummary, verdict: Verdict): string =>
  listed(
    arm.points
      .filter((point) => point.gain?.verdict === verdict)
      .map((point) => point.labels.toLocaleString('en-US')),
  )

/** Says where the verdict over all label counts hides that single counts differ from it; empty where it does not. */
export const exceptions = (arm: ArmSummary, overall: Verdict): readonly string[] =>
  verdicts
    .filter((verdict) => verdict !== overall && verdict !== 'no gain shown')
    .map((verdict) => [verdict, countsWith(arm, verdict)] as const)
    .filter(([, counts]) => counts !== '')
    .map(([verdict, counts]) => `${verdict} at ${counts} labels`)

/** One sentence for an arm on a task: verdict, gain, interval, pairs and exceptions. */
export const verdictSentence = (summary: Summary, task: TaskSummary, arm: ArmSummary): string => {
  const { gain } = arm
  if (gain === null)
    return `${arm.arm}: not measured, no seed has scores of this arm and ${summary.reference} at every label count`
  const signed = (value: number) => formatSigned(value, decimalsOfTask(task))
  const evidence =
    gain.interval === null
      ? whyNoInterval(gain)!
      : `${summary.confidence * 100} % interval ${signed(gain.interval.low)} to ${signed(gain.interval.high)}`
  const metric = metricOf(task.task).title
  return `${arm.arm}: ${gain.verdict}, ${signed(gain.mean)} ${metric}, ${evidence}, ${gain.pairs} ${gain.pairs === 1 ? 'pair' : 'pairs'}${exceptions(
    arm,
    gain.verdict,
  )
    .map((text) => `; ${text}`)
    .join('')}`
}

/** One sentence for an arm over all tasks: `helps on 3 of 4 tasks, no gain shown on 1`. */
export const armSentence = (summary: Summary, arm: string): string => {
  const gains = summary.tasks.map((task) => task.arms.find((a) => a.arm === arm)?.gain ?? null)
  const parts = verdicts
    .map((verdict) => [verdict, gains.filter((gain) => gain?.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count], i) =>
      i === 0
        ? `${verdict} on ${count} of ${gains.length} ${gains.length === 1 ? 'task' : 'tasks'}`
        : `${verdict} on ${count}`,
    )
  const absent = gains.filter((gain) => gain === null).length
  if (absent > 0) parts.push(`not measured on ${absent}`)
  return listed(parts)
}

/** How many of the verdicts would be wrong by chance: what a reader of many intervals has to know. `null` for one verdict. */
export const chanceSentence = (summary: Summary): string | null => {
  const count = summary.tasks.flatMap((task) =>
    task.arms.filter((arm) => arm.gain?.interval),
  ).length
  if (count < 2) return null
  const expected = count * (1 - summary.confidence)
  return `If no arm had any effect, about ${expected.toFixed(1)} of these ${count} overall verdicts would still say helps or hurts.`
}
