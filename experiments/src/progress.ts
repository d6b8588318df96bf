/** What a run says while it works: lines that stay, and on a terminal one line that is written over. */

/** Where text goes: `process.stdout`, or anything like it. */
export interface Screen {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly write: (text: string) => unknown
}

/** How far something has come. */
export interface Portion {
  readonly what: string
  /** From 0 to 1. */
  readonly done: number
  /** More to say: a rate, the model being trained. */
  readonly detail: string
  readonly secondsLeft: number
}

/** Says what happens. */
export interface Progress {
  /** Writes a line that stays. */
  readonly say: (line: string) => void
  /** Shows how far something has come; nothing unless it is a terminal. */
  readonly show: (portion: Portion) => void
}

const barWidth = 20
const refreshMilliseconds = 100

/** `5 s`, `2 min 05 s`. */
export const durationText = (seconds: number): string => {
  const whole = Math.round(seconds)
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  if (whole < 60) return `${whole} s`
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
}

const bar = (done: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, done)) * barWidth)
  return '\u2588'.repeat(full) + '\u2591'.repeat(barWidth - full)
}

const lineOf = ({ what, done, detail, secondsLeft }: Portion): string => {
  const left = secondsLeft > 0 ? `${durationText(secondsLeft)} left  ` : ''
  return `${what}  ${bar(done)} ${String(Math.floor(100 * done)).padStart(3)} %  ${left}${detail}`
}

/** How fast training is and each task's own loss, the most useful first: what does not fit is cut off. */
export const paceText = (
  rowsPerSecond: number,
  losses: Readonly<Record<string, number>>,
): string => {
  const each = Object.entries(losses).map(([task, loss]) => `${task} ${loss.toPrecision(3)}`)
  // the rate is known from the second step on
  const rate =
    rowsPerSecond > 0 ? [`${Math.round(rowsPerSecond).toLocaleString('en-US')} rows/s`] : []
  return [...rate, ...each].join('  ')
}

/** Progress on a screen; `clock` gives milliseconds. */
export const progressOn = (
  screen: Screen,
  clock: () => number = () => performance.now(),
): Progress => {
  let shown = Number.NEGATIVE_INFINITY
  let isDirty = false
  return {
    say: (line) => {
      screen.write(`${isDirty ? '\r\u001b[2K' : ''}${line}\n`)
      isDirty = false
    },
    show: (portion) => {
      const now = clock()
      if (screen.isTTY !== true || now - shown < refreshMilliseconds) return
      shown = now
      isDirty = true
      screen.write(`\r\u001b[2K${lineOf(portion).slice(0, (screen.columns ?? 80) - 1)}`)
    },
  }
}
