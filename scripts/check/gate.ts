/** Runs steps, as many at a time as there are lanes, in an order that respects what they need. */
import type { Outcome, Step } from './step.ts'

/** A finished step. */
export interface Finished {
  readonly step: Step
  readonly outcome: Outcome
  readonly seconds: number
}

const failure = (error: unknown): Outcome => ({
  passed: 0,
  failed: 1,
  log: error instanceof Error ? (error.stack ?? error.message) : String(error),
})

const finish = async (step: Step): Promise<Finished> => {
  const start = performance.now()
  const outcome = await step.run().catch(failure)
  return { step, outcome, seconds: (performance.now() - start) / 1000 }
}

const notRun = (step: Step, needed: string): Finished => ({
  step,
  outcome: {
    passed: 0,
    failed: 1,
    log: `not run: it needs ${needed}, which failed`,
    note: 'not run',
  },
  seconds: 0,
})

/** What to tell while the gate runs. */
export interface Listener {
  readonly started: (step: Step) => void
  readonly ended: (finished: Finished) => void
}

/** Runs every step and reports each as it ends. A step that needs a failed one counts as failed and is not run. */
export const runGate = async (
  steps: readonly Step[],
  lanes: number,
  { started, ended }: Listener,
): Promise<Finished[]> => {
  const waiting = [...steps]
  const names = new Set(steps.map(({ name }) => name))
  const results = new Map<string, Finished>()
  const record = (finished: Finished): void => {
    results.set(finished.step.name, finished)
    ended(finished)
  }
  const isDone = (name: string): boolean => results.has(name) || !names.has(name)
  const running = new Set<Promise<void>>()
  const start = (step: Step): void => {
    const needed = step.after.find((name) => (results.get(name)?.outcome.failed ?? 0) > 0)
    started(step)
    const result = needed === undefined ? finish(step) : Promise.resolve(notRun(step, needed))
    const run: Promise<void> = result.then(record).finally(() => running.delete(run))
    running.add(run)
  }
  while (waiting.length > 0 || running.size > 0) {
    const ready = running.size < lanes ? waiting.findIndex(({ after }) => after.every(isDone)) : -1
    if (ready >= 0) start(waiting.splice(ready, 1)[0]!)
    else if (running.size > 0) await Promise.race(running)
    else throw new Error(`steps need each other: ${waiting.map(({ name }) => name).join(', ')}`)
  }
  return [...results.values()]
}
