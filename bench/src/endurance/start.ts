/** The campaign on what a program takes before its first step. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from '../statistics.ts'
import type { Campaign } from './campaign.ts'
import type { FirstStep } from './firstStep.ts'
import type { Request } from './request.ts'

const script = fileURLToPath(new URL('./firstStep.ts', import.meta.url))

/** Processes after the first: they find compiled code where the backend left it. */
const processes = 7

/** Milliseconds that compiling one program may take. */
const most = { first: 5000, later: 50 }

const firstStep = ({ workload, backend, threads }: Request, folder: string): FirstStep => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [script, workload.name, backend, String(threads)],
    { encoding: 'utf8', env: { ...process.env, XDG_CACHE_HOME: folder } },
  )
  if (status !== 0) throw new Error(`a first step failed: ${stderr}`)
  return JSON.parse(stdout) as FirstStep
}

const inWords = (steps: readonly FirstStep[]): string => {
  const [compile, all] = (['compile', 'all'] as const).map((key) =>
    median(steps.map((step) => step[key])).toFixed(0),
  )
  return `${compile} ms to compile its program, ${all} ms to the end of the first step`
}

/** A process that finds nothing in the cache of the backend, and others after it. */
export const start: Campaign = (request, tell) => {
  const folder = mkdtempSync(join(tmpdir(), 'rootstock-start-'))
  try {
    const first = firstStep(request, folder)
    const later = Array.from({ length: processes }, () => firstStep(request, folder))
    tell(`the first process: ${inWords([first])}`)
    tell(`${processes} after it, medians: ${inWords(later)}`)
    return first.compile <= most.first && median(later.map((step) => step.compile)) <= most.later
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
