/**
 * The measurement. All runners of a workload prepare themselves, show that they compute the same, and are then measured in
 * rounds, one after another within each, so that what disturbs the machine disturbs all alike.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeProblem } from './problem.ts'
import type { Trial } from './runner/protocol.ts'
import type { Runner } from './runner/runners.ts'
import { type Failed, type Running, start } from './runner/start.ts'
import type { Expected, Workload } from './workload.ts'

/** What became of a runner. */
export type Outcome =
  | {
      readonly kind: 'measured'
      readonly runner: string
      readonly threads: number
      readonly metrics: ReadonlyMap<string, number>
      readonly values: ReadonlyMap<string, readonly number[]>
      /** One for each round. */
      readonly trials: readonly Trial[]
    }
  | {
      readonly kind: 'wrong' | Failed['kind']
      readonly runner: string
      readonly threads: number
      readonly because: string
    }

/** A workload and its outcomes, in the order of the runners. */
export interface Measured {
  readonly workload: Workload
  readonly outcomes: readonly Outcome[]
}

/** How long and how often. */
export interface Schedule {
  readonly threads: number
  readonly rounds: number
  readonly trialMs: number
  /** Seconds a runner may take to prepare itself, or for one trial. */
  readonly patience: number
  /** Told what happens, for people who wait. */
  readonly tell: (line: string) => void
}

/** Why values are not those expected, or null when they are. */
export const disagreement = (
  expected: Expected,
  found: ReadonlyMap<string, readonly number[]>,
  tolerance: number,
): string | null => {
  for (const [metric, wanted] of Object.entries(expected)) {
    const given = found.get(metric)
    if (given === undefined) return `${metric} is missing`
    const scale = Math.max(...wanted.map(Math.abs))
    const at = wanted.findIndex(
      (x, i) => !(Math.abs(x - (given[i] ?? Number.NaN)) <= tolerance * scale),
    )
    if (at >= 0) return `${metric} is ${given[at]} where ${wanted[at]} is right`
  }
  return null
}

interface Entry {
  readonly runner: Runner
  readonly process: Running | Failed
  readonly trials: Trial[]
  /** What ended it early. */
  stopped: { readonly kind: 'wrong' | Failed['kind']; readonly because: string } | null
}

const prepare = async (
  workload: Workload,
  runner: Runner,
  file: string,
  expected: Expected,
  { threads, patience, tell }: Schedule,
): Promise<Entry> => {
  tell(`${workload.name}: preparing ${runner.name}`)
  const process = await start(runner.command(workload, file, threads), patience)
  if (process.kind !== 'running') return { runner, process, trials: [], stopped: process }
  const because = disagreement(expected, process.values, workload.tolerance * (runner.slack ?? 1))
  return {
    runner,
    process,
    trials: [],
    stopped: because === null ? null : { kind: 'wrong', because },
  }
}

/** One trial of each, starting with another one in each round. */
const makeRound = async (
  entries: readonly Entry[],
  round: number,
  trialMs: number,
): Promise<void> => {
  const first = round % entries.length
  for (const entry of [...entries.slice(first), ...entries.slice(0, first)]) {
    if (entry.stopped !== null || entry.process.kind !== 'running') continue
    const trial = await entry.process.trial(trialMs)
    if ('kind' in trial) entry.stopped = trial
    else entry.trials.push(trial)
  }
}

const outcomeOf = ({ runner, process, trials, stopped }: Entry, threads: number): Outcome => {
  if (stopped !== null) return { ...stopped, runner: runner.name, threads }
  const { metrics, values } = process as Running
  return { kind: 'measured', runner: runner.name, threads, metrics, values, trials }
}

/** Measures one workload. `between` runs before each round. */
export const measure = async (
  workload: Workload,
  runners: readonly Runner[],
  schedule: Schedule,
  between: () => void,
): Promise<Measured> => {
  const folder = mkdtempSync(join(tmpdir(), 'rootstock-bench-'))
  try {
    const problem = { spec: workload.spec, ...workload.problem() }
    const file = join(folder, 'problem.safetensors')
    writeProblem(file, problem)
    const expected = workload.expected(problem)
    const entries: Entry[] = []
    for (const runner of runners) {
      entries.push(await prepare(workload, runner, file, expected, schedule))
    }
    for (let round = 0; round < schedule.rounds; round++) {
      schedule.tell(`${workload.name}: round ${round + 1} of ${schedule.rounds}`)
      between()
      await makeRound(entries, round, schedule.trialMs)
    }
    for (const { process } of entries) if (process.kind === 'running') await process.end()
    return { workload, outcomes: entries.map((entry) => outcomeOf(entry, schedule.threads)) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
