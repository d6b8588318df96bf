/**
 * How many threads run a program. Results do not depend on it, so it may follow the machine: where other processes want the
 * processors too, threads that wait for each other can be many times slower than one alone, and where they do not, one alone
 * wastes them. Each program remembers how long either took and tries the other now and then.
 */

/** Chooses a number of threads, runs, and remembers. */
export type TeamSize = (run: (threads: number) => void) => void

/** Always so many threads. */
export const fixedSize =
  (threads: number): TeamSize =>
  (run) => {
    run(threads)
  }

/** Runs between two trials, at first and at most: each trial that changes nothing makes the next one rarer. */
const soonest = 8
const latest = 1024
/** Share of the last run in the remembered time. */
const freshness = 0.25

/** One thread or `most`, whichever has been faster lately. `now` is a clock. */
export const adaptiveSize = (
  most: number,
  now: () => number = () => performance.now(),
): TeamSize => {
  const seconds: [shared: number | null, alone: number | null] = [null, null]
  let chosen: 0 | 1 = 0
  let pause = soonest
  let until = soonest
  const timed = (which: 0 | 1, run: (threads: number) => void): void => {
    const start = now()
    run(which === 0 ? most : 1)
    const spent = now() - start
    const before = seconds[which]
    seconds[which] = before === null ? spent : before + freshness * (spent - before)
  }
  return (run) => {
    if (until > 0) {
      until--
      timed(chosen, run)
      return
    }
    const other = chosen === 0 ? 1 : 0
    // what it took long ago says nothing
    seconds[other] = null
    timed(other, run)
    if (seconds[other]! < seconds[chosen]!) {
      chosen = other
      pause = soonest
    } else pause = Math.min(2 * pause, latest)
    until = pause
  }
}
