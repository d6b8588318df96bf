/** The machine-readable report. */
import type { Summary } from '../comparison/summary.ts'
import type { Run } from './run.ts'

/** The form of report.json; a later form gets another number. */
const reportFormat = 'rootstock-report/1'

/**
 * The report as JSON text: `{ format, summary, run }`, everything that was measured and what it comes to. Numbers that are
 * not finite become null.
 *
 * @example
 * ```ts
 * import { reportJson, summarise } from '@rootstock/eval'
 * const run = {
 *   name: 'empty', tasks: [], arms: ['scratch'], reference: 'scratch', labelCounts: [], seeds: [], scores: [],
 *   backend: 'wasm', phases: [], config: {}, curves: [],
 * }
 * console.log(JSON.parse(reportJson(summarise(run), run)).format) // rootstock-report/1
 * ```
 */
export const reportJson = (summary: Summary, run: Run): string =>
  `${JSON.stringify({ format: reportFormat, summary, run }, null, 1)}\n`
