/** What the command line of a campaign asks for. */
import { parseArgs } from 'node:util'
import { positive } from '../commandLine.ts'
import type { Workload } from '../workload.ts'
import { workloads } from '../workloads/all.ts'

/** The campaigns. */
export const campaigns = ['rss', 'live', 'arena', 'idle', 'large', 'start', 'eager'] as const

/** A campaign and its circumstances. */
export interface Request {
  readonly campaign: (typeof campaigns)[number]
  readonly workload: Workload
  readonly backend: 'native' | 'wasm'
  readonly threads: number
  readonly seconds: number
  readonly steps: number
  /** Give way to other work after each step, as `fit` does now and then, instead of never. */
  readonly waits: boolean
}

/** How to call the program. */
export const usage = `npm run endurance -- <campaign> [options]

  rss     resident memory of a training loop over time
  live    live bytes after a tenth and after all of the steps
  arena   the planned arena of every workload, and the least that any plan could need
  idle    processor time of threads without work
  large   an array of 4.8 GB, larger than what 32 bits address; needs 5 GiB of memory
  start   what compiling takes in a new process, with an empty cache and with what is left there
  eager   operations outside jit: what starting one takes, and ten million elements beside jit

  --workload W5       the training step of rss (default W5), live (W2), idle (W3) and start (W7)
  --backend native    native or wasm (default native; wasm for large)
  --threads 1         (default 1, idle 2)
  --seconds 600       of rss and of idle (default 600, idle 5)
  --steps 10000       of live (default 10000)
  --async             let other work run between steps; else never`

const workloadCalled = (name: string): Workload => {
  const found = workloads.find((one) => one.name === name || one.name.startsWith(`${name}_`))
  if (found !== undefined) return found
  throw new Error(`no workload is called ${name}`)
}

const usual = {
  rss: 'W5',
  live: 'W2',
  arena: 'W5',
  idle: 'W3',
  large: 'W5',
  start: 'W7',
  eager: 'W5',
} as const

/** Reads the arguments; null is a request for help. Throws where they cannot be understood. */
export const parseRequest = (args: readonly string[]): Request | null => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      workload: { type: 'string' },
      backend: { type: 'string' },
      threads: { type: 'string' },
      seconds: { type: 'string' },
      steps: { type: 'string', default: '10000' },
      async: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const [name] = positionals
  const campaign = campaigns.find((one) => one === name)
  if (campaign === undefined || positionals.length > 1)
    throw new Error(`one of ${campaigns.join(', ')}, not ${positionals.join(' ') || 'nothing'}`)
  const backend = values.backend ?? (campaign === 'large' ? 'wasm' : 'native')
  if (backend !== 'native' && backend !== 'wasm')
    throw new Error(`--backend must be native or wasm, not ${backend}`)
  const isIdle = campaign === 'idle'
  return {
    campaign,
    workload: workloadCalled(values.workload ?? usual[campaign]),
    backend,
    threads: positive('threads', values.threads ?? (isIdle ? '2' : '1')),
    seconds: positive('seconds', values.seconds ?? (isIdle ? '5' : '600')),
    steps: positive('steps', values.steps),
    waits: values.async,
  }
}
