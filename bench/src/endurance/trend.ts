/** Whether something measured again and again stays what it is. */

/** Samples in time order, in two halves. */
export interface Trend {
  /** The largest sample of the first half and of the second. */
  readonly early: number
  readonly late: number
  /** Least-squares slope over all samples, per second. */
  readonly slope: number
  readonly isFlat: boolean
}

/** A value at a time in seconds. */
export type Sample = readonly [seconds: number, value: number]

/** Growth of the largest sample from one half to the next that still counts as none: pages come and go. */
const tolerance = 0.02

/** The trend of samples, at least two. Flat means that the second half does not rise above the first by more than 2 %. */
export const trendOf = (samples: readonly Sample[]): Trend => {
  const middle = Math.ceil(samples.length / 2)
  const most = (part: readonly Sample[]) => Math.max(...part.map(([, value]) => value))
  const [early, late] = [most(samples.slice(0, middle)), most(samples.slice(middle))]
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const [now, here] = [mean(samples.map(([t]) => t)), mean(samples.map(([, y]) => y))]
  let covariance = 0
  let variance = 0
  for (const [t, y] of samples) {
    covariance += (t - now) * (y - here)
    variance += (t - now) ** 2
  }
  return { early, late, slope: covariance / variance, isFlat: late <= (1 + tolerance) * early }
}
