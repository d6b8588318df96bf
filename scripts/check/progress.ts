/** Shows on a terminal which steps are running; silent elsewhere. */
import type { Listener } from './gate.ts'
import { describeStep } from './report.ts'

const clearLine = '\r\u001b[K'

/** A listener that prints every finished step, and the running ones on a line that comes and goes. */
export const createProgress = (
  out: NodeJS.WriteStream,
): Listener & { readonly stop: () => void } => {
  const running = new Map<string, number>()
  const show = (): void => {
    const names = [...running].map(
      ([name, start]) => `${name} ${((performance.now() - start) / 1000).toFixed(0)} s`,
    )
    out.write(`${clearLine}     ${names.join(', ')}`)
  }
  const timer = out.isTTY ? setInterval(show, 1000) : null
  return {
    started: ({ name }) => {
      running.set(name, performance.now())
    },
    ended: (finished) => {
      running.delete(finished.step.name)
      out.write(`${timer === null ? '' : clearLine}${describeStep(finished)}\n`)
    },
    stop: () => {
      if (timer === null) return
      clearInterval(timer)
      out.write(clearLine)
    },
  }
}
