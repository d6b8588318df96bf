/** A runner's process, seen from outside: it is started, prepares itself, and makes a trial whenever it is asked. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Message, Trial } from './protocol.ts'

/** How to start a runner; problem file and threads are appended to the arguments. */
export interface Command {
  readonly file: string
  readonly args: readonly string[]
  /** Added to this process's own; undefined takes away. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** A runner that has prepared itself. */
export interface Running {
  readonly kind: 'running'
  readonly metrics: Map<string, number>
  /** What must agree among runners. */
  readonly values: ReadonlyMap<string, readonly number[]>
  /** One trial of about that many milliseconds. */
  readonly trial: (ms: number) => Promise<Trial | Failed>
  /** Lets it report its last metrics and waits until it is gone. */
  readonly end: () => Promise<void>
}

/** It cannot express the workload, or it broke. */
export interface Failed {
  readonly kind: 'unsupported' | 'failed'
  readonly because: string
}

const parse = (line: string): Message | null => {
  if (!line.startsWith('{"kind":')) return null // libraries greet their users on standard output
  return JSON.parse(line) as Message
}

/** Messages one by one; null when there are no more. */
const messagesOf = (child: ChildProcessWithoutNullStreams): (() => Promise<Message | null>) => {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return async () => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done === true) return null
      const message = parse(value)
      if (message !== null) return message
    }
  }
}

const ended = (child: ChildProcessWithoutNullStreams): Promise<string> => {
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk.toString()}`.slice(-20_000)
  })
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) => {
      const reason = errors.match(/^\S*Error: .*$/m)?.[0] ?? errors.trim().split('\n').at(-1) ?? ''
      resolve(`ended with ${signal ?? code}${reason === '' ? '' : `: ${reason}`}`)
    })
  })
}

/** Waits for one message, at most so long; the process does not survive being late. */
const within = async <T>(
  child: ChildProcessWithoutNullStreams,
  seconds: number,
  wait: Promise<T>,
): Promise<T | Failed> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Failed>((resolve) => {
    timer = setTimeout(() => {
      child.kill('SIGKILL')
      resolve({ kind: 'failed', because: `took more than ${seconds} s` })
    }, 1000 * seconds)
  })
  const first = await Promise.race([wait, late])
  clearTimeout(timer)
  return first
}

/** Starts a runner and waits until it is ready, `seconds` at most. */
export const start = async (command: Command, seconds: number): Promise<Running | Failed> => {
  const child = spawn(command.file, command.args, { env: { ...process.env, ...command.env } })
  // a runner that broke shows itself by its end, not by the pipe to it
  child.stdin.on('error', () => undefined)
  const next = messagesOf(child)
  const gone = ended(child)
  const metrics = new Map<string, number>()
  const values = new Map<string, readonly number[]>()
  const until = async (kind: 'ready' | 'trial'): Promise<Message | Failed> => {
    for (let message = await next(); message !== null; message = await next()) {
      if (message.kind === 'metric') metrics.set(message.metric, message.value)
      else if (message.kind === 'values') values.set(message.metric, message.values)
      else if (message.kind === 'unsupported' || message.kind === kind) return message
    }
    return { kind: 'failed', because: await gone }
  }
  const prepared = await within(child, seconds, until('ready'))
  if (prepared.kind === 'unsupported' || prepared.kind === 'failed') return prepared
  return {
    kind: 'running',
    metrics,
    values,
    trial: async (ms) => {
      child.stdin.write(`trial ${ms}\n`)
      const message = await within(child, seconds, until('trial'))
      if (message.kind === 'trial') return message.trial
      return message.kind === 'failed' ? message : { kind: 'failed', because: 'gave no trial' }
    },
    end: async () => {
      child.stdin.end('end\n')
      await within(child, seconds, until('ready'))
    },
  }
}
