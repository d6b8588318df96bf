/**
 * `npm run browser`: trains four nets with the built core in headless Chromium, in a page and in a worker, with and without
 * cross-origin isolation, and compares every bit with Node. Exits with 1 when one differs. Without a browser it says so and
 * exits with 0.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { findChromium, open } from './chromium.ts'
import type { Report } from './run.ts'
import { type Place, serve } from './server.ts'
import { type Digests, trainAll } from './training.ts'

/** Milliseconds after which a page is given up. */
const patience = 120_000

const cases: readonly { readonly place: Place; readonly isIsolated: boolean }[] = [
  { place: 'page', isIsolated: false },
  { place: 'page', isIsolated: true },
  { place: 'worker', isIsolated: false },
  { place: 'worker', isIsolated: true },
]

/** What is wrong with a report, or null. */
const mistake = (
  report: Report | { readonly error: string },
  isIsolated: boolean,
  expected: Digests,
): string | null => {
  if ('error' in report) return report.error
  if (report.isIsolated !== isIsolated) return `isolated: ${report.isIsolated}`
  for (const digests of report.digests) {
    for (const [name, digest] of Object.entries(expected)) {
      if (digests[name] !== digest) return `${name}: ${digests[name]} where Node has ${digest}`
    }
  }
  // two threads were asked for, and can be had where memory can be shared
  if (report.shared > 0 !== isIsolated) return `threads shared ${report.shared} runs`
  return null
}

const runIn = async (program: string, place: Place, isIsolated: boolean): Promise<string> => {
  using server = await serve(isIsolated)
  await using _ = open(program, `${server.url}/${place}?threads=2`)
  const late = pause(patience, JSON.stringify({ error: 'no answer' }), { ref: false })
  return await Promise.race([server.reported, late])
}

const program = findChromium()
if (program === null) {
  console.log('browser: skipped, there is no Chromium (CHROMIUM may name one)')
} else {
  const start = performance.now()
  const expected = await trainAll(1)
  console.log(`Node, one thread: ${Math.round(performance.now() - start)} ms`)
  for (const { place, isIsolated } of cases) {
    const report = JSON.parse(await runIn(program, place, isIsolated)) as Report
    const wrong = mistake(report, isIsolated, expected)
    const title = `${place}, ${isIsolated ? 'isolated' : 'not isolated'}`
    if (wrong !== null) process.exitCode = 1
    console.log(
      wrong === null
        ? `${title}: same bits, ${Math.round(report.milliseconds)} ms, ${report.shared} runs shared by threads`
        : `${title}: WRONG, ${wrong}`,
    )
  }
}
