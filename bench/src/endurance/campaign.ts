/** The campaigns: each says what it measured and whether it is as it should be. */
import { setImmediate, setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { currentBackend, memory, type PeakBytes, peakBytes, setBackend } from '@rootstock/core'
import type { Backend, Program as LoopProgram } from '@rootstock/core/backend'
import type { Program } from '../runner/program.ts'
import type { Workload } from '../workload.ts'
import { workloads } from '../workloads/all.ts'
import { eager } from './eager.ts'
import { large } from './large.ts'
import type { Request } from './request.ts'
import { start } from './start.ts'
import { type Sample, trendOf } from './trend.ts'

/** Tells a line. */
export type Tell = (line: string) => void

/** A campaign: true when all is as it should be. */
export type Campaign = (request: Request, tell: Tell) => boolean | Promise<boolean>

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`

const programOf = ({ problem, spec, rootstock }: Workload): Program =>
  rootstock({ spec, ...problem() })

/** Seconds before resident memory is looked at: compilers and collectors settle. */
const warmUp = 30

/** Resident memory over time, sampled between steps: no timer runs in a loop that never waits. */
const rss: Campaign = async ({ workload, seconds, waits }, tell) => {
  const program = programOf(workload)
  const from = performance.now()
  const settled = Math.min(warmUp, seconds / 4)
  const every = (seconds - settled) / 20
  const samples: Sample[] = []
  let steps = 0
  let next = settled
  for (let now = 0; now < seconds; now = (performance.now() - from) / 1000) {
    const pending = program.step(steps++)
    if (pending !== undefined) await pending
    if (waits) await setImmediate()
    if (now < next) continue
    samples.push([now, process.memoryUsage.rss()])
    next = now + every
  }
  const { early, late, slope, isFlat } = trendOf(samples)
  for (const [now, bytes] of samples) tell(`  after ${now.toFixed(0)} s  ${mebibytes(bytes)}`)
  tell(
    `${steps} steps: at most ${mebibytes(early)} in the first half, ${mebibytes(late)} in the second, ${((60 * slope) / 2 ** 20).toFixed(2)} MiB a minute`,
  )
  return isFlat
}

/** Collections until nothing more is found: one leaves what was being swept, and what has finalisers. */
const collections = 3

/** What lives in the backend and in arrays, after full collections. */
const liveBytes = (collect: () => void): number => {
  for (let i = 0; i < collections; i++) collect()
  return memory().resident + memory().arena + process.memoryUsage().arrayBuffers
}

/** A full collection, which Node gives only to those who ask. */
const collector = (): (() => void) => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

/** Live bytes after a tenth of the steps and after all. */
const live: Campaign = async ({ workload, steps, waits }, tell) => {
  const collect = collector()
  const program = programOf(workload)
  const few = Math.ceil(steps / 10)
  let early = 0
  for (let i = 0; i < steps; i++) {
    if (i === few) early = liveBytes(collect)
    const pending = program.step(i)
    if (pending !== undefined) await pending
    if (waits) await setImmediate()
  }
  const late = liveBytes(collect)
  tell(`${mebibytes(early)} after ${few} steps, ${mebibytes(late)} after ${steps}`)
  return late <= early
}

/** Remembers what is compiled. */
const watched = (backend: Backend): { readonly backend: Backend; readonly seen: LoopProgram[] } => {
  const seen: LoopProgram[] = []
  const compile: Backend['compile'] = (program) => {
    seen.push(program)
    return backend.compile(program)
  }
  return { backend: { ...backend, compile }, seen }
}

const wasteOf = ({ planned, lowerBound }: PeakBytes): number => planned / Math.max(1, lowerBound)

/** The arena of the programs of each workload. */
const arena: Campaign = async (_, tell) => {
  const own = currentBackend()
  let isGood = true
  for (const workload of workloads) {
    const { backend, seen } = watched(own)
    setBackend(backend)
    const program = programOf(workload)
    await program.step(0)
    const peaks = seen.map(peakBytes)
    const worst = peaks.reduce((a, b) => (wasteOf(b) > wasteOf(a) ? b : a))
    const largest = peaks.reduce((a, b) => (b.planned > a.planned ? b : a))
    isGood &&= wasteOf(worst) <= 1.25
    tell(
      `${workload.name.padEnd(16)} largest ${mebibytes(largest.planned).padStart(10)}, at least ${mebibytes(largest.lowerBound).padStart(10)}; ${peaks.length} programs, worst ratio ${wasteOf(worst).toFixed(3)}`,
    )
  }
  setBackend(own)
  return isGood
}

/** Processor time in a second that threads without work may take, in milliseconds. */
const mostIdle = 10

/** Processor time of a process whose threads have nothing to do. */
const idle: Campaign = async ({ workload, seconds, threads }, tell) => {
  const program = programOf(workload)
  for (let i = 0; i < 20; i++) await program.step(i)
  await program.fence?.()
  await setTimeout(500)
  const before = process.cpuUsage()
  await setTimeout(1000 * seconds)
  const { user, system } = process.cpuUsage(before)
  const each = (user + system) / 1000 / seconds
  tell(`${threads} threads without work: ${each.toFixed(1)} ms of processor time in a second`)
  return each <= mostIdle
}

/** All campaigns. */
export const campaignOf: Readonly<Record<Request['campaign'], Campaign>> = {
  rss,
  live,
  arena,
  idle,
  large,
  start,
  eager,
}
