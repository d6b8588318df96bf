/** A comparison as it goes on. */
import type { CompareEvent } from '@rootstock/eval'
import { type Progress, paceText } from './progress.ts'

/** Shows which training is under way, and how many are left. */
export const showTrial =
  (progress: Progress) =>
  (event: CompareEvent): void => {
    if (event._tag !== 'TrialStepped' || event.event._tag !== 'Stepped') return
    const { number, trials, arm, labels, seed, secondsLeft } = event
    const { step, steps, rowsPerSecond, losses } = event.event
    const place = `${number} of ${trials}: ${arm}, ${labels.toLocaleString('en-US')} labels, seed ${seed}`
    progress.show({
      what: 'comparing',
      done: (number - 1 + step / steps) / trials,
      detail: `${place}, ${paceText(rowsPerSecond, losses)}`,
      secondsLeft,
    })
  }
