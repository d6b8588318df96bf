/**
 * What a runner says, one JSON object a line on its standard output. It is started with the problem's file and the number
 * of threads, prepares itself, and then obeys the lines on its standard input: `trial <milliseconds>` and `end`.
 */

/** Steps made one after another. Latency in microseconds where single calls are timed. */
export interface Trial {
  readonly steps: number
  readonly wallMs: number
  /** Process time, all threads. */
  readonly cpuMs: number
  readonly p50Us?: number
  readonly p99Us?: number
}

/** One line. */
export type Message =
  | { readonly kind: 'metric'; readonly metric: string; readonly value: number }
  /** What must be equal among runners: losses, or first elements of the result. */
  | { readonly kind: 'values'; readonly metric: string; readonly values: readonly number[] }
  | { readonly kind: 'ready' }
  | { readonly kind: 'trial'; readonly trial: Trial }
  | { readonly kind: 'unsupported'; readonly because: string }

/** Elements of a result that are compared. */
export const comparedElements = 48

/** Steps of training before losses are compared again. */
export const comparedSteps = 5
