/** What the gate prints. */
import type { Finished } from './gate.ts'

/** One line for a finished step, its table, and its log when it failed. */
export const describeStep = ({ step, outcome, seconds }: Finished): string => {
  const { passed, failed, skipped = 0, note = '', table, log } = outcome
  const counts = [`${passed} passed`]
  if (failed > 0) counts.push(`${failed} failed`)
  if (skipped > 0) counts.push(`${skipped} skipped`)
  const mark = failed > 0 ? 'FAIL' : 'ok  '
  const time = `${seconds.toFixed(1)} s`.padStart(8)
  const head = `${mark} ${step.name.padEnd(10)} ${time}  ${counts.join(', ')}${note === '' ? '' : ` (${note})`}`
  return [
    head,
    ...(table === undefined ? [] : [table]),
    ...(failed > 0 ? [log.trimEnd()] : []),
  ].join('\n')
}

const total = (finished: readonly Finished[], count: 'passed' | 'failed' | 'skipped'): number =>
  finished.reduce((sum, { outcome }) => sum + (outcome[count] ?? 0), 0)

/** The closing lines: how the cases are counted, then the counts alone. */
export const describeTotal = (finished: readonly Finished[], seconds: number): string => {
  const parts = finished.map(
    ({ step, outcome }) => `${outcome.passed + outcome.failed} ${step.name}`,
  )
  const skipped = total(finished, 'skipped')
  return [
    `\n${seconds.toFixed(0)} s. Counted: ${parts.join(', ')}.`,
    `${total(finished, 'passed')} passed, ${total(finished, 'failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  ].join('\n')
}
