/** The tests of all packages and of these scripts. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command } from './command.ts'
import type { Outcome, Step } from './step.ts'

interface Report {
  readonly success: boolean
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly unknown[]
}

const readReport = (file: string): Report | null => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return null
  }
}

const runTests = async (): Promise<Outcome> => {
  const folder = mkdtempSync(join(tmpdir(), 'rootstock-tests-'))
  const file = join(folder, 'report.json')
  const { code, output } = await command('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  const report = readReport(file)
  rmSync(folder, { recursive: true, force: true })
  if (report === null) return { passed: 0, failed: 1, log: output }
  const { numPassedTests: passed, numFailedTests, numPendingTests, numTodoTests } = report
  // a file that fails to load, or an error outside tests, fails the run without a failed test
  const broken = code === 0 && report.success ? 0 : 1
  return {
    passed,
    failed: Math.max(numFailedTests, broken),
    skipped: numPendingTests + numTodoTests,
    note: `${report.testResults.length} files`,
    log: output,
  }
}

/** Every test passes. */
export const tests: Step = { name: 'tests', after: [], run: runTests }
