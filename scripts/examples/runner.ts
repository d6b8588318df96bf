/**
 * Runs example files one after the other in one process and reports each as a line of JSON:
 * `node runner.ts <file>...`. A process of its own keeps the checks apart from what examples do to theirs.
 */
import { readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { format } from 'node:util'
import { currentBackend, setBackend } from '@rootstock/core'

/** What one example did. */
export interface Run {
  readonly file: string
  /** Printed text by the line of the call that printed it. */
  readonly printed: Readonly<Record<number, string>>
  /** SVG pictures that it wrote into the current folder, by file name. */
  readonly drawn: Readonly<Record<string, string>>
  readonly error: string | null
}

/** Takes the pictures out of the current folder, so that the next example finds none. */
const takePictures = (): Record<string, string> => {
  const names = readdirSync('.').filter((name) => name.endsWith('.svg'))
  return Object.fromEntries(
    names.map((name) => {
      const picture = readFileSync(name, 'utf8')
      rmSync(name)
      return [name, picture]
    }),
  )
}

const callLine = (url: string): number => {
  const frame = new Error('where').stack?.split('\n').find((line) => line.includes(`${url}:`))
  return Number(/:(\d+):\d+\)?$/.exec(frame ?? '')?.[1] ?? 0)
}

const runExample = async (file: string): Promise<Run> => {
  const url = pathToFileURL(file).href
  const backend = currentBackend()
  const printed: Record<number, string> = {}
  let error: string | null = null
  const warned = (warning: Error): void => {
    error ??= `warning: ${warning.message}`
  }
  process.on('warning', warned)
  console.log = (...values: unknown[]) => {
    const line = callLine(url)
    const text = format(...values)
    printed[line] = line in printed ? `${printed[line]}\n${text}` : text
  }
  try {
    await import(url)
    // warnings are emitted in the next turn
    await new Promise((resolve) => setImmediate(resolve))
  } catch (thrown) {
    error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  }
  process.off('warning', warned)
  // the only state that packages share
  setBackend(backend)
  return { file, printed, drawn: takePictures(), error }
}

for (const file of process.argv.slice(2)) {
  const run = await runExample(file)
  writeSync(1, `${JSON.stringify(run)}\n`)
}
