/**
 * The measurement. All runners of a workload prepare themselves, show that they compute the same, and are then measured in
 * rounds, one after another within each, so that what disturbs the machine disturbs all alike.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { highest, type Seen } from './machine/machine.ts'
import { writeProblem } from './problem.ts'
import type { Trial } from './runner/protocol.ts'
import type { Entrant } from './runner/runners.ts'
import { type Failed, type Running, start } from './runner/start.ts'
import type { Expected, Workload } from './workload.ts'

/** What became of an entrant. */
export type Outcome = {
  readonly runner: string
  readonly family: string
  readonly threads: number
} & (
  | {
      readonly kind: 'measured'
      readonly metrics: ReadonlyMap<string, number>
      readonly values: ReadonlyMap<string, readonly number[]>
      /** One for each round. */
      readonly trials: readonly Trial[]
    }
  | { readonly kind: 'wrong' | Failed['kind']; readonly because: string }
)

/** A workload and its outcomes, in the order of the entrants. */
export interface Measured {
  readonly workload: Workload
  readonly outcomes: readonly Outcome[]
  /** The highest limits that were seen around its rounds: minutes earlier or later the machine may be another. */
  readonly limits: readonly Seen[]
}

/** How long and how often. */
export interface Schedule {
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
  readonly entrant: Entrant
  readonly process: Running | Failed
  readonly trials: Trial[]
  /** What ended it early. */
  stopped: { readonly kind: 'wrong' | Failed['kind']; readonly because: string } | null
}

const prepare = async (
  workload: Workload,
  entrant: Entrant,
  file: string,
  expected: Expected,
  { patience, tell }: Schedule,
): Promise<Entry> => {
  const { runner, threads } = entrant
  tell(`${workload.name}: preparing ${runner.name}, threads: ${threads}`)
  const process = await start(runner.command(workload, file, threads), patience)
  if (process.kind !== 'running') return { entrant, process, trials: [], stopped: process }
  const because = disagreement(expected, process.values, workload.tolerance * (runner.slack ?? 1))
  return {
    entrant,
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

const outcomeOf = ({ entrant, process, trials, stopped }: Entry): Outcome => {
  const { runner, threads } = entrant
  const who = { runner: runner.name, family: runner.family, threads }
  if (stopped !== null) return { ...who, ...stopped }
  const { metrics, values } = process as Running
  return { ...who, kind: 'measured', metrics, values, trials }
}

/** Measures one workload; `look` sees the machine's limits before each round and after the last. */
export const measure = async (
  workload: Workload,
  entrants: readonly Entrant[],
  schedule: Schedule,
  look: () => readonly Seen[],
): Promise<Measured> => {
  const folder = mkdtempSync(join(tmpdir(), 'rootstock-bench-'))
  try {
    const problem = { spec: workload.spec, ...workload.problem() }
    const file = join(folder, 'problem.safetensors')
    writeProblem(file, problem)
    const expected = workload.expected(problem)
    const entries: Entry[] = []
    for (const entrant of entrants) {
      entries.push(await prepare(workload, entrant, file, expected, schedule))
    }
    const looks: (readonly Seen[])[] = []
    for (let round = 0; round < schedule.rounds; round++) {
      schedule.tell(`${workload.name}: round ${round + 1} of ${schedule.rounds}`)
      looks.push(look())
      await makeRound(entries, round, schedule.trialMs)
    }
    looks.push(look())
    for (const { process } of entries) if (process.kind === 'running') await process.end()
    return { workload, outcomes: entries.map(outcomeOf), limits: highest(looks) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
