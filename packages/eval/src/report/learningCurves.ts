/** The learning curves of a task: score against label count, a line per arm, a dot per seed, intervals over seeds. */
import { type Comparison, metricOf, scoreLookup } from '../comparison/comparison.ts'
import type { ArmSummary, PointSummary, Summary, TaskSummary } from '../comparison/summary.ts'
import { pathThrough } from '../plot/path.ts'
import { armClass, armMark } from './mark.ts'
import { html, type Markup } from './markup.ts'
import { formatInterval, formatMultiplier, formatNumber } from './number.ts'
import { extent, labelScale, linearScale, type Scale } from './scale.ts'
import { decimalsOfTask } from './sentence.ts'

const width = 560
const height = 400
const left = 52
const right = 118
const top = 12
const bottom = 44

type Measured = PointSummary & { readonly mean: number }

const isMeasured = (point: PointSummary): point is Measured => point.mean !== null

/** Whiskers of neighbouring arms stand side by side, so that none hides another. */
const dodge = (index: number, count: number): number => (index - (count - 1) / 2) * 5

/** Wide intervals of few seeds reach beyond what a share can be; the paper ends where the metric does. */
const scoreRange = (task: TaskSummary): readonly [number, number] => {
  const points = task.arms.flatMap((arm) => arm.points.filter(isMeasured))
  const ends = points.flatMap(({ mean, interval }) => [
    mean,
    interval?.low ?? mean,
    interval?.high ?? mean,
  ])
  const means = points.map((point) => point.mean)
  const [least, most] = extent(means, 0.9)
  const [low, high] = extent(ends)
  const inside: readonly [number, number] = [Math.max(low, least), Math.min(high, most)]
  return metricOf(task.task).unit === 'share'
    ? [Math.max(inside[0], 0), Math.min(inside[1], 1)]
    : inside
}

const axes = (x: Scale, y: Scale): Markup => html`
${y.ticks.map(
  (tick) =>
    html`<line class="grid" x1="${left}" x2="${width - right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/><text x="${left - 8}" y="${y.at(tick) + 4}" text-anchor="end">${y.format(tick)}</text>`,
)}
<line class="axis" x1="${left}" x2="${width - right}" y1="${height - bottom}" y2="${height - bottom}"/>
${x.ticks.map(
  (tick) =>
    html`<line class="axis" x1="${x.at(tick)}" x2="${x.at(tick)}" y1="${height - bottom}" y2="${height - bottom + 5}"/><text x="${x.at(tick)}" y="${height - bottom + 19}" text-anchor="middle">${x.format(tick)}</text>`,
)}
<text x="${(left + width - right) / 2}" y="${height - 6}" text-anchor="middle">labelled rows (logarithmic)</text>`

const curve = (
  summary: Summary,
  task: TaskSummary,
  arm: ArmSummary,
  seedScores: (arm: string) => readonly (readonly [labels: number, score: number])[],
  [x, y]: readonly [Scale, Scale],
): Markup => {
  const decimals = decimalsOfTask(task)
  const number = (value: number) => formatNumber(value, decimals)
  const shift = dodge(summary.arms.indexOf(arm.arm), summary.arms.length)
  const points = arm.points.filter(isMeasured)
  const place = (point: Measured) => [x.at(point.labels) + shift, y.at(point.mean)] as const
  const floor = height - bottom
  const inside = (value: number) => Math.min(floor, Math.max(top, y.at(value)))
  const whiskers = points.map(
    (point) =>
      point.interval !== null &&
      html`<line class="whisker" x1="${place(point)[0]}" x2="${place(point)[0]}" y1="${inside(point.interval.low)}" y2="${inside(point.interval.high)}"/>`,
  )
  const note = (point: Measured) =>
    `${arm.arm}, ${point.labels} labels: ${number(point.mean)} ${formatInterval(point.interval, number)} over ${point.seeds} seeds`
  const isReference = arm.arm === summary.reference
  const dots = seedScores(arm.arm).map(
    ([labels, score]) =>
      y.at(score) >= top &&
      y.at(score) <= floor &&
      html`<circle class="seed" cx="${x.at(labels) + shift}" cy="${y.at(score)}" r="2"/>`,
  )
  return html`<g class="${armClass(summary, arm.arm)}">${dots}${whiskers}<path class="armline${isReference ? ' reference' : ''}" d="${pathThrough(points.map(place))}"/>${points.map((point) => armMark(summary, arm.arm, place(point), note(point)))}</g>`
}

/** Names at the line's ends, pushed apart until none covers another. */
const names = (summary: Summary, task: TaskSummary, [x, y]: readonly [Scale, Scale]): Markup => {
  const ends = task.arms.flatMap((arm) => {
    const last = arm.points.findLast(isMeasured)
    return last === undefined ? [] : [{ arm: arm.arm, labels: last.labels, at: y.at(last.mean) }]
  })
  ends.sort((a, b) => a.at - b.at)
  const places = ends.map((end) => end.at)
  for (let i = 1; i < places.length; i++) places[i] = Math.max(places[i]!, places[i - 1]! + 15)
  const over = Math.max(0, (places.at(-1) ?? 0) - (height - bottom - 2))
  for (let i = places.length - 1; i >= 0; i--) {
    const ceiling = i === places.length - 1 ? places[i]! - over : places[i + 1]! - 15
    places[i] = Math.min(places[i]!, ceiling)
  }
  const short = (name: string) => (name.length > 17 ? `${name.slice(0, 16)}\u2026` : name)
  const edge = x.at(Math.max(...summary.labelCounts))
  return html`${ends.map(
    ({ arm }, i) =>
      html`<text class="armname ${armClass(summary, arm)}" x="${edge + 14 + 2.5 * (summary.arms.length - 1)}" y="${places[i]! + 4}">${short(arm)}<title>${arm}</title></text>`,
  )}`
}

/** The point that saves labels for certain, with the smallest label count; of several arms the best there. */
const bestSaving = (task: TaskSummary) => {
  const savings = task.arms.flatMap(({ arm, points }) =>
    points.flatMap(({ labels, mean, gain, multiplier }) =>
      mean !== null &&
      gain?.verdict === 'helps' &&
      multiplier?.kind === 'equal' &&
      multiplier.value >= 1.2
        ? [{ arm, labels, mean, times: multiplier.value, gain: gain.mean }]
        : [],
    ),
  )
  return savings.toSorted((a, b) => a.labels - b.labels || b.gain - a.gain)[0]
}

/** An arrow from a point to the place at which the reference is as good: the labels that were saved. */
const savingArrow = (
  summary: Summary,
  task: TaskSummary,
  [x, y]: readonly [Scale, Scale],
): Markup | null => {
  const best = bestSaving(task)
  if (best === undefined) return null
  const from = x.at(best.labels) + dodge(summary.arms.indexOf(best.arm), summary.arms.length) + 7
  const to = x.at(best.labels * best.times)
  const at = y.at(best.mean)
  const text = formatMultiplier({ kind: 'equal', value: best.times })
  return html`<g class="${armClass(summary, best.arm)}"><title>${best.arm} with ${best.labels} labels is as good as ${summary.reference} with ${Math.round(best.labels * best.times)}</title><line class="saving" x1="${from}" x2="${Math.max(from, to - 6)}" y1="${at}" y2="${at}"/><path class="savinghead" d="M${to} ${at}l-7 -4v8z"/><text class="saving" x="${Math.max(from, to) + 6}" y="${at + 4}">${text} labels</text></g>`
}

/** The learning curves of one task as SVG. */
export const learningCurves = (
  summary: Summary,
  task: TaskSummary,
  comparison: Comparison,
): Markup => {
  const x = labelScale(summary.labelCounts, [left + 22, width - right - 14])
  const y = linearScale(scoreRange(task), [height - bottom, top])
  const scoreAt = scoreLookup(comparison)
  const seedScores = (arm: string) =>
    summary.labelCounts.flatMap((labels) =>
      summary.seeds.flatMap((seed) => {
        const score = scoreAt(task.task, arm, labels, seed)
        return score === null ? [] : [[labels, score] as const]
      }),
    )
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${`Learning curves of ${task.task.name}`}">
${axes(x, y)}
${task.arms.map((arm) => curve(summary, task, arm, seedScores, [x, y]))}
${savingArrow(summary, task, [x, y])}
${names(summary, task, [x, y])}</svg>`
}
