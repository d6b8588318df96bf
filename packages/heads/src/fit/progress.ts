/** Rate and time left. The first step compiles, so it does not count. */

/** Rows and seconds so far. */
export interface Progress {
  /** Call after each step with its number of rows. */
  readonly advance: (rows: number) => void
  readonly rowsPerSecond: () => number
  /** Seconds that this many more steps will take at the pace so far. */
  readonly secondsLeft: (steps: number) => number
  readonly seconds: () => number
}

/** Starts the clock. */
export const startProgress = (): Progress => {
  const began = performance.now()
  let from = began
  let now = began
  let steps = 0
  let rows = 0
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
  }
}

/** How long the loop may hold the thread before it lets other work run. */
const holdMilliseconds = 16

/** Gives a function to await between steps: it yields to the event loop when the thread was held for long. */
export const startBreathing = (): (() => Promise<void> | undefined) => {
  let last = performance.now()
  return () => {
    if (performance.now() - last < holdMilliseconds) return undefined
    return new Promise((resolve) => {
      setTimeout(() => {
        last = performance.now()
        resolve()
      }, 0)
    })
  }
}
