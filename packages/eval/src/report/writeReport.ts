/** Writing the report: the one place of this package that touches a disk. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Summary } from '../comparison/summary.ts'
import { reportHtml } from './reportHtml.ts'
import { reportJson } from './reportJson.ts'
import type { Run } from './run.ts'

/** A report could not be written. */
export interface ReportUnwritable {
  readonly _tag: 'ReportUnwritable'
  readonly path: string
  readonly reason: string
}

/** Where the two files of a report are. */
export interface ReportFiles {
  readonly html: string
  readonly json: string
}

/** The failure in words. */
export const explainReport = (error: ReportUnwritable): string =>
  `The report could not be written to ${error.path}: ${error.reason}`

const attempt = <T>(path: string, act: () => Promise<T>): TE.TaskEither<ReportUnwritable, T> =>
  TE.tryCatch(act, (thrown) => ({
    _tag: 'ReportUnwritable' as const,
    path,
    reason: thrown instanceof Error ? thrown.message : String(thrown),
  }))

/** Writes beside the file, then renames: a reader sees the old report or the new one, never half of one. */
const writeWhole = (path: string, text: string): TE.TaskEither<ReportUnwritable, string> =>
  attempt(path, async () => {
    const unfinished = `${path}.${process.pid}.unfinished`
    await writeFile(unfinished, text)
    await rename(unfinished, path)
    return path
  })

/**
 * Writes `report.html` and `report.json` into a folder, which is made if it is absent. A failure of the disk is a value on
 * the left.
 *
 * @example
 * ```ts
 * import { tmpdir } from 'node:os'
 * import { summarise, writeReport } from '@rootstock/eval'
 * const run = {
 *   name: 'empty', tasks: [], arms: ['scratch'], reference: 'scratch', labelCounts: [], seeds: [], scores: [],
 *   backend: 'wasm', phases: [], config: {}, curves: [],
 * }
 * const written = await writeReport(`${tmpdir()}/rootstock-example`, summarise(run), run)()
 * console.log(written._tag) // Right
 * ```
 */
export const writeReport = (
  folder: string,
  summary: Summary,
  run: Run,
): TE.TaskEither<ReportUnwritable, ReportFiles> =>
  pipe(
    attempt(folder, () => mkdir(folder, { recursive: true })),
    TE.chain(() => writeWhole(join(folder, 'report.json'), reportJson(summary, run))),
    TE.bindTo('json'),
    TE.bind('html', () => writeWhole(join(folder, 'report.html'), reportHtml(summary, run))),
  )
