/** Rate, time left, and turns for other work. The first step compiles, so it does not count. */

/** How long the loop may hold the thread before it lets other work run. */
const holdMilliseconds = 16

/** Rows and seconds so far. */
export interface Progress {
  /** Call after each step with its number of rows. */
  readonly advance: (rows: number) => void
  readonly rowsPerSecond: () => number
  /** Seconds that this many more steps will take at the pace so far. */
  readonly secondsLeft: (steps: number) => number
  readonly seconds: () => number
  /** To await between steps: yields to the event loop when the thread was held for long. */
  readonly breathe: () => Promise<void> | undefined
}

/** Starts the clock. */
export const startProgress = (): Progress => {
  const began = performance.now()
  let from = began
  let now = began
  let steps = 0
  let rows = 0
  let yielded = began
  const pace = () => (now - from) / 1000
  return {
    advance: (count) => {
      now = performance.now()
      steps++
      if (steps === 1) from = now
      else rows += count
    },
    rowsPerSecond: () => (pace() > 0 ? rows / pace() : 0),
    secondsLeft: (left) => (steps > 1 ? (left * pace()) / (steps - 1) : 0),
    seconds: () => (performance.now() - began) / 1000,
    breathe: () => {
      if (performance.now() - yielded < holdMilliseconds) return undefined
      return new Promise((resolve) => {
        setTimeout(() => {
          yielded = performance.now()
          resolve()
        }, 0)
      })
    },
  }
}
