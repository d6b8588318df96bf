/** The report for a terminal of 100 columns. */
import { metricOf } from '../comparison/comparison.ts'
import type { ArmSummary, PointSummary, Summary, TaskSummary } from '../comparison/summary.ts'
import { printable } from './markup.ts'
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
  unitText,
  verdictSentence,
} from './sentence.ts'
import { budgetSentence, failureLines } from './trials.ts'

const columns = 100
const gap = '  '

const shorten = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}\u2026`

/** Rows of one arm at one label count: arm, labels, score, interval, gain, interval, verdict, multiplier. */
const cells = (arm: ArmSummary, point: PointSummary, decimals: number): readonly string[] => {
  const plain = (value: number) => formatNumber(value, decimals)
  const signed = (value: number) => formatSigned(value, decimals)
  const { gain } = point
  return [
    arm.arm,
    point.labels.toLocaleString('en-US'),
    point.mean === null ? 'none' : plain(point.mean),
    formatInterval(point.interval, plain),
    gain === null ? '' : signed(gain.mean),
    gain === null ? '' : formatInterval(gain.interval, signed),
    gain?.verdict ?? '',
    point.multiplier === null || point.mean === null ? '' : formatMultiplier(point.multiplier),
  ]
}

/** Columns as wide as their widest cell; a column without any content below its title vanishes. */
const align = (rows: readonly (readonly string[])[]): readonly string[] => {
  const [head = []] = rows
  const used = head.map((_, c) => c).filter((c) => rows.slice(1).some((row) => row[c] !== ''))
  const widths = head.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)))
  const rightAligned = new Set([1, 2, 4, 7])
  return rows.map((row) =>
    used
      .map((c) => (rightAligned.has(c) ? row[c]!.padStart(widths[c]!) : row[c]!.padEnd(widths[c]!)))
      .join(gap)
      .trimEnd(),
  )
}

const table = (task: TaskSummary): readonly string[] => {
  const decimals = decimalsOfTask(task)
  const metric = metricOf(task.task)
  const head = ['arm', 'labels', metric.name, '', 'gain', '', 'verdict', '\u00d7 labels']
  const body = task.arms.flatMap((arm) =>
    arm.points.map((point) => cells({ ...arm, arm: printable(arm.arm) }, point, decimals)),
  )
  const once = body.map((row, i) => (row[0] === body[i - 1]?.[0] ? ['', ...row.slice(1)] : row))
  const widest = (rows: readonly string[]) => Math.max(...rows.map((row) => row.length))
  const whole = align([head, ...once])
  if (widest(whole) <= columns - 2) return whole
  const without = (row: readonly string[]) => row.map((cell, c) => (c === 3 ? '' : cell))
  const narrow = align([head, ...once.map(without)])
  const spare = columns - 2 - (widest(narrow) - Math.max(...once.map((row) => row[0]!.length)))
  return align([
    head,
    ...once.map((row) => [shorten(row[0]!, Math.max(8, spare)), ...without(row).slice(1)]),
  ])
}

/** Breaks a line at spaces so that it fits; what follows the first is indented. */
const wrap = (text: string, indent: string): string => {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1]!
    if (line !== '' && indent.length + 3 + line.length + word.length > columns) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.map((line, i) => indent + (i === 0 ? '' : '  ') + line).join('\n')
}

const taskText = (summary: Summary, task: TaskSummary): string => {
  const { direction, title } = metricOf(task.task)
  return [
    wrap(printable(`${task.task.name}: ${title}${unitText(task)}, ${direction} is better`), ''),
    ...table(task).map((line) => `  ${line}`),
    ...challengers(task).map((arm) => wrap(printable(verdictSentence(summary, task, arm)), '  ')),
  ].join('\n')
}

/**
 * The report as text for a terminal of 100 columns: a table and a sentence per arm for each task. With the run, the backend
 * and the times come last. Names are printed without the characters that steer a terminal.
 *
 * @example
 * ```ts
 * import { renderText, summarise } from '@rootstock/eval'
 * const summary = summarise({
 *   name: 'small',
 *   tasks: [{ name: 'dish', kind: 'classification', metric: 'accuracy' }],
 *   arms: ['scratch'],
 *   reference: 'scratch',
 *   labelCounts: [10],
 *   seeds: [1],
 *   scores: [{ arm: 'scratch', labels: 10, seed: 1, task: 'dish', metrics: { accuracy: 0.5 } }],
 * })
 * console.log(renderText(summary))
 * ```
 */
export const renderText = (summary: Summary, run?: Run): string => {
  const seeds = summary.seeds.length
  const head = `${summary.name}: gains over ${summary.reference}, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}, ${summary.confidence * 100} % intervals`
  const chance = chanceSentence(summary)
  const budget = run === undefined ? null : budgetSentence(run)
  const failures = run === undefined ? [] : failureLines(run)
  const times = run?.phases.map(({ name, seconds }) => `${name} ${formatSeconds(seconds)}`)
  return [
    wrap(printable(head), ''),
    ...summary.tasks.map((task) => taskText(summary, task)),
    ...(chance === null ? [] : [wrap(chance, '')]),
    ...(failures.length === 0
      ? []
      : [failures.map((line, i) => wrap(printable(line), i === 0 ? '' : '  ')).join('\n')]),
    ...(budget === null ? [] : [wrap(printable(budget), '')]),
    ...(run === undefined
      ? []
      : [wrap(printable([`backend ${run.backend}`, ...(times ?? [])].join(', ')), '')]),
  ].join('\n\n')
}
