/** Side by side with the peers: `npm run bench -- --help`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { available } from './install.ts'
import { createProbe } from './machine/limits.ts'
import { machineNow } from './machine/machine.ts'
import { type Options, parseOptions, usage } from './options.ts'
import { linesOf } from './report/lines.ts'
import { markdownOf } from './report/markdown.ts'
import { type Measured, measure } from './rounds.ts'

const tell = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

const readme = fileURLToPath(new URL('../README.md', import.meta.url))
const [begin, end] = ['<!-- last run -->', '<!-- end of last run -->']

const updateReadme = (table: string): void => {
  const text = readFileSync(readme, 'utf8')
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)]
  writeFileSync(readme, `${text.slice(0, from)}\n${table}\n${text.slice(to)}`)
}

const run = async (options: Options): Promise<number> => {
  const runners = available(options.runners, tell)
  const probe = createProbe()
  const start = machineNow(probe())
  const results: Measured[] = []
  for (const workload of options.workloads) {
    results.push(await measure(workload, runners, { ...options, threads: 1, tell }, probe))
  }
  const machine = { ...start, ...probe() }
  const table = markdownOf(machine, results, options.rounds)
  if (options.update) updateReadme(table)
  const lines = linesOf(machine, results).map((line) => JSON.stringify(line))
  process.stdout.write(`${options.json ? lines.join('\n') : table}\n`)
  const ours = results.filter(({ outcomes }) => outcomes[0]?.kind !== 'measured')
  return ours.length === 0 ? 0 : 1
}

const main = async (): Promise<number> => {
  let options: Options | null
  try {
    options = parseOptions(process.argv.slice(2))
  } catch (error) {
    tell(`${(error as Error).message}\n\n${usage}`)
    return 2
  }
  if (options !== null) return run(options)
  process.stdout.write(`${usage}\n`)
  return 0
}

process.exitCode = await main()
