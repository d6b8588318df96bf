/** Side by side with the peers: `npm run bench -- --help`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runCommand } from './commandLine.ts'
import { available } from './install.ts'
import { createProbe, highest, machineNow } from './machine/machine.ts'
import { type Options, parseOptions, usage } from './options.ts'
import { linesOf } from './report/lines.ts'
import { markdownOf } from './report/markdown.ts'
import { type Measured, measure, type Outcome } from './rounds.ts'
import { entrantsOf } from './runner/runners.ts'

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
  const { workloads, threads, rounds, json, update } = options
  const entrants = entrantsOf(await available(options.runners, tell), threads)
  const probe = createProbe(threads)
  const start = machineNow(probe())
  const results: Measured[] = []
  for (const workload of workloads) {
    results.push(await measure(workload, entrants, { ...options, tell }, probe))
  }
  const machine = { ...start, limits: highest([start.limits, ...results.map((x) => x.limits)]) }
  const table = markdownOf(machine, results, rounds)
  if (update) updateReadme(table)
  const lines = linesOf(machine, results).map((line) => JSON.stringify(line))
  process.stdout.write(`${json ? lines.join('\n') : table}\n`)
  const isGood = (outcomes: readonly Outcome[]): boolean =>
    outcomes.every(({ family, kind }) => family !== 'rootstock' || kind === 'measured')
  return results.every(({ outcomes }) => isGood(outcomes)) ? 0 : 1
}

process.exitCode = await runCommand(parseOptions, usage, run)
