/** Runs families and says how they went. */
import { adaptersOf } from './adapters/families.ts'
import type { Adapters, Precision } from './arguments.ts'
import { checkCase, type Verdict } from './checkCase.ts'
import type { Family, GoldenCase } from './family.ts'

/** How one family went. */
export interface FamilyReport {
  readonly family: string
  readonly total: number
  readonly passed: number
  /** Names of operations the framework has nothing for. */
  readonly unsupported: readonly string[]
  /** One line for each case that failed. */
  readonly failures: readonly string[]
}

const precisions: readonly Precision[] = ['float32', 'float64']

/** A case passes when it passes in both precisions. */
const checkBoth = (test: GoldenCase, adapters: Adapters): Verdict => {
  const adapter = Object.hasOwn(adapters, test.op) ? adapters[test.op] : undefined
  if (adapter === undefined) return { kind: 'unsupported', what: test.op }
  let verdict: Verdict = { kind: 'passed' }
  for (const precision of precisions) {
    if (verdict.kind === 'passed') verdict = checkCase(test, adapter, precision)
  }
  return verdict
}

/** Runs all cases of a family, by default with the adapters of its name. */
export const checkFamily = (
  { family, cases }: Family,
  adapters: Adapters = adaptersOf(family),
): FamilyReport => {
  const unsupported = new Set<string>()
  const failures: string[] = []
  let passed = 0
  for (const test of cases) {
    const verdict = checkBoth(test, adapters)
    if (verdict.kind === 'passed') passed++
    else if (verdict.kind === 'unsupported') unsupported.add(verdict.what)
    else failures.push(`${test.name}: ${verdict.why}`)
  }
  return { family, total: cases.length, passed, unsupported: [...unsupported], failures }
}

/** `elementwise 417/417`, and below it what failed. */
export const reportText = ({
  family,
  total,
  passed,
  unsupported,
  failures,
}: FamilyReport): string => {
  const without = unsupported.length === 0 ? '' : ` (unsupported: ${unsupported.join(', ')})`
  return [
    `${family} ${passed}/${total}${without}`,
    ...failures.map((failure) => `  failed ${failure}`),
  ].join('\n')
}

/** The last line: what became of all cases. */
export const summaryText = (reports: readonly FamilyReport[], backend: string): string => {
  const sum = (of: (report: FamilyReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0)
  const total = sum((report) => report.total)
  const passed = sum((report) => report.passed)
  const failed = sum((report) => report.failures.length)
  return `${passed} of ${total} cases passed in float32 and float64 on the ${backend} backend, ${failed} failed, ${total - passed - failed} unsupported`
}
