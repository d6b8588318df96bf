/** What the command line asks for. */
import { parseArgs } from 'node:util'
import { positive } from './commandLine.ts'
import { backends, oracle, peers, type Runner } from './runner/runners.ts'
import type { Workload } from './workload.ts'
import { workloads } from './workloads/all.ts'

/** A run. */
export interface Options {
  readonly workloads: readonly Workload[]
  /** Rootstock's first. */
  readonly runners: readonly Runner[]
  readonly threads: readonly number[]
  readonly rounds: number
  readonly trialMs: number
  readonly patience: number
  /** JSON lines instead of a table. */
  readonly json: boolean
  /** Write the table into the README. */
  readonly update: boolean
}

/** How to call the program. */
export const usage = `npm run bench -- [options]

  --only W2,W5       workloads, by name or the start of it; all
  --backends native  Rootstock's backends; all that are there
  --peers jax-js     families of peers, 'none' for Rootstock alone; all that are there
  --threads 1,2      numbers of threads, for those who can
  --rounds 7         rounds of one trial for each runner
  --trial 300        milliseconds of a trial
  --patience 120     seconds a runner may take to prepare itself or for one trial
  --json             JSON lines instead of a table
  --update           write the table into bench/README.md

Workloads: ${workloads.map(({ name }) => name).join(' ')}
Peers: ${[...new Set([...peers, oracle].map(({ family }) => family))].join(' ')}`

const list = (text: string): string[] => text.split(',').filter((part) => part !== '')

const choose = <T>(
  kind: string,
  wanted: string,
  all: readonly T[],
  is: (x: T, name: string) => boolean,
): T[] => {
  for (const name of list(wanted)) {
    if (!all.some((x) => is(x, name))) throw new Error(`no ${kind} is called ${name}`)
  }
  return all.filter((x) => list(wanted).some((name) => is(x, name)))
}

/** W1 means W1_matmul_64 and the like, not W10. */
const isCalled = ({ name }: Workload, wanted: string): boolean =>
  name === wanted || name.startsWith(`${wanted}_`) || new RegExp(`^${wanted}[a-z]_`).test(name)

const isBackend = ({ name }: Runner, wanted: string): boolean => name === `rootstock-${wanted}`
const isPeer = ({ name, family }: Runner, wanted: string): boolean =>
  family === wanted || name === wanted

const numbers = (name: string, text: string): number[] =>
  list(text).map((part) => {
    const value = positive(name, part)
    if (Number.isInteger(value)) return value
    throw new Error(`--${name} must be whole numbers, not ${part}`)
  })

const peersOf = (wanted: string | undefined): readonly Runner[] => {
  if (wanted === undefined) return peers
  return wanted === 'none' ? [] : choose('peer', wanted, [...peers, oracle], isPeer)
}

/** Options, or null when help was asked for. Throws an `Error` that says what is wrong. */
export const parseOptions = (args: readonly string[]): Options | null => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      backends: { type: 'string' },
      peers: { type: 'string' },
      threads: { type: 'string', default: '1,2' },
      rounds: { type: 'string', default: '7' },
      trial: { type: 'string', default: '300' },
      patience: { type: 'string', default: '120' },
      json: { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const { only } = values
  return {
    workloads: only === undefined ? workloads : choose('workload', only, workloads, isCalled),
    runners: [
      ...(values.backends === undefined
        ? backends
        : choose('backend', values.backends, backends, isBackend)),
      ...peersOf(values.peers),
    ],
    threads: numbers('threads', values.threads),
    rounds: Math.ceil(positive('rounds', values.rounds)),
    trialMs: positive('trial', values.trial),
    patience: positive('patience', values.patience),
    json: values.json,
    update: values.update,
  }
}
