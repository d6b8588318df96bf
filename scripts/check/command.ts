/** Runs a program and keeps what it prints. */
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from '../source/sourceFile.ts'

/** How a program ended. */
export interface Ended {
  readonly code: number
  /** Standard output. */
  readonly stdout: string
  /** Standard output and error in the order they came. */
  readonly output: string
}

/** Where and how long a program may run. */
export interface CommandOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** After this the program is ended and has failed. */
  readonly seconds?: number
}

const binaries = join(root, 'node_modules', '.bin')

/** Runs a program of the workspace (`biome`, `tsc`, ...) or of the machine; never rejects. */
export const command = (
  program: string,
  args: readonly string[],
  { cwd = root, env = {}, seconds = 600 }: CommandOptions = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: {
        ...process.env,
        PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}`,
        NO_COLOR: '1',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: seconds * 1000,
      shell: process.platform === 'win32',
    })
    let stdout = ''
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.on('error', (error) =>
      resolve({ code: 127, stdout, output: `${output}${error.message}\n` }),
    )
    child.on('close', (code, signal) => {
      const ending = signal === null ? '' : `ended by ${signal} after at most ${seconds} s\n`
      resolve({ code: code ?? 1, stdout, output: output + ending })
    })
  })
