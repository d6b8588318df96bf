/** Core as a web page gets it: one file without Node, small, and working. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'rolldown'
import { command, type Ended } from './command.ts'

/** The closest peer's library with its WebAssembly backend has 144 KiB as published. */
const mostKibibytes = 64

/** What bundling gave. */
export interface Bundled {
  readonly ended: Ended
  /** Minified and compressed; null when there is no bundle. */
  readonly kibibytes: number | null
}

const failed = (output: string): Bundled => ({
  ended: { code: 1, stdout: '', output },
  kibibytes: null,
})

/** Bundles a program for browsers from the packages installed in its folder, and runs the bundle. */
export const bundle = async (folder: string, program: string): Promise<Bundled> => {
  const file = join(folder, 'bundle.mjs')
  const logs: string[] = []
  try {
    await build({
      cwd: folder,
      input: program,
      platform: 'browser',
      // a warning here is an import of Node, or code that a bundler cannot follow
      onLog: (_, { message }) => logs.push(message),
      output: { file, minify: true },
    })
  } catch (error) {
    return failed(String(error))
  }
  if (logs.length > 0) return failed(logs.join('\n'))
  const kibibytes = gzipSync(readFileSync(file)).length / 1024
  if (kibibytes > mostKibibytes) {
    return failed(
      `the bundle has ${kibibytes.toFixed(0)} KiB; at most ${mostKibibytes} are allowed`,
    )
  }
  return { ended: await command('node', [file], { cwd: folder }), kibibytes }
}
