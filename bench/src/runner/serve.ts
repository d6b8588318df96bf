/** The side of a runner in JavaScript: prepares a program, then measures it on demand. */
import { createInterface } from 'node:readline'
import { type Problem, readProblem } from '../problem.ts'
import { type Contestant, type Program, Unsupported } from './program.ts'
import { comparedElements, comparedSteps, type Message, type Trial } from './protocol.ts'

const say = (message: Message): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Runs steps `from` .. `from + count - 1`; awaits only what has to be awaited. */
const run = async (program: Program, from: number, count: number): Promise<void> => {
  for (let i = from; i < from + count; i++) {
    const pending = program.step(i)
    if (pending !== undefined) await pending
  }
  await program.fence?.()
}

/** Announces what must agree with other runners; the number of steps it took. */
const compare = async (program: Program): Promise<number> => {
  const values = (metric: string, found: ArrayLike<number>) => {
    say({ kind: 'values', metric, values: Array.from(found).slice(0, comparedElements) })
  }
  const first = async () => {
    const start = performance.now()
    await run(program, 0, 1)
    say({ kind: 'metric', metric: 'first_step_ms', value: performance.now() - start })
  }
  if (program.loss === undefined) {
    await first()
    if (program.values !== undefined) values('values', await program.values())
    return 1
  }
  values('loss_init', [await program.loss()])
  await first()
  await run(program, 1, comparedSteps - 1)
  values('loss_after_5', [await program.loss()])
  return comparedSteps
}

const quantile = (sorted: Float64Array, q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!

/** One trial of about the given length. `pace` is the time of a step so far, in milliseconds. */
const measure = async (
  program: Program,
  from: number,
  ms: number,
  pace: number,
): Promise<Trial> => {
  const steps = Math.max(1, Math.round(ms / pace))
  const cpu = cpuMs()
  const start = performance.now()
  await run(program, from, steps)
  return { steps, wallMs: performance.now() - start, cpuMs: cpuMs() - cpu }
}

/** One trial in which each call is timed. */
const time = async (program: Program, from: number, ms: number, pace: number): Promise<Trial> => {
  const steps = Math.max(1, Math.round(ms / pace))
  const microseconds = new Float64Array(steps)
  const cpu = cpuMs()
  const start = performance.now()
  for (let i = 0; i < steps; i++) {
    const before = performance.now()
    const pending = program.step(from + i)
    if (pending !== undefined) await pending
    microseconds[i] = 1000 * (performance.now() - before)
  }
  const wallMs = performance.now() - start
  microseconds.sort()
  return {
    steps,
    wallMs,
    cpuMs: cpuMs() - cpu,
    p50Us: quantile(microseconds, 0.5),
    p99Us: quantile(microseconds, 0.99),
  }
}

const warmUpMs = 500

const prepare = async (problem: Problem, contestant: Contestant, threads: number) => {
  const start = performance.now()
  const program = await contestant(problem, threads)
  const done = await compare(program)
  say({ kind: 'metric', metric: 'prepare_ms', value: performance.now() - start })
  return { program, done }
}

const obey = async ({ spec }: Problem, program: Program, done: number): Promise<void> => {
  const trial = spec.kind === 'inference' ? time : measure
  let made = done
  let pace = Number.POSITIVE_INFINITY
  const once = async (ms: number): Promise<Trial> => {
    const result = await trial(program, made, ms, pace)
    made += result.steps
    pace = result.wallMs / result.steps
    return result
  }
  // doubling until compilers have settled: a first step says little about the hundredth
  for (let ms = 0, spent = 0; spent < warmUpMs; ms = Math.max(1, 2 * ms))
    spent += (await once(ms)).wallMs
  say({ kind: 'ready' })
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, argument] = line.split(' ')
    if (command === 'end') break
    say({ kind: 'trial', trial: await once(Number(argument)) })
  }
  if (program.loss !== undefined) {
    say({ kind: 'metric', metric: 'loss_final', value: await program.loss() })
  }
  say({ kind: 'metric', metric: 'peak_rss_mb', value: process.resourceUsage().maxRSS / 1024 })
}

/** Serves a contestant until it is told to end; ends the process. */
export const serve = async (contestant: Contestant): Promise<never> => {
  const problem = readProblem(process.argv[2]!)
  try {
    const { program, done } = await prepare(problem, contestant, Number(process.argv[3]))
    await obey(problem, program, done)
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error
    say({ kind: 'unsupported', because: error.message })
  }
  process.exit(0)
}
