/** What an interval of gains says, in words. */
import type { Interval } from './interval.ts'

/** What was shown. `no gain shown` is not the same as `no gain`: the interval may just be wide. */
export type Verdict = 'helps' | 'no gain shown' | 'hurts'

/**
 * The verdict on an interval of gains, where a positive gain is better whatever the metric: `helps` when the whole interval
 * is above 0, `hurts` when it is below, else `no gain shown`; also when there is no interval.
 *
 * @example
 * ```ts
 * import { verdictOf } from '@rootstock/eval'
 * console.log(verdictOf({ low: 0.01, high: 0.03 })) // helps
 * ```
 */
export const verdictOf = (gain: Interval | null): Verdict => {
  if (gain === null) return 'no gain shown'
  if (gain.low > 0) return 'helps'
  return gain.high < 0 ? 'hurts' : 'no gain shown'
}
