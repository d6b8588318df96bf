import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { coverageTable, simulate } from './coverage.ts'

describe('the coverage of intervals', () => {
  const samples = 1000
  const rows = simulate(samples)
  // Two standard errors of a share of 95 % over the samples.
  const slack = 2 * Math.sqrt((0.95 * 0.05) / samples)

  test('the chosen interval holds the truth as often as it says, at 5 to 20 pairs', () => {
    const usual = rows.filter((row) => row.values >= 5 && !row.source.startsWith('very skewed'))
    expect(usual).toHaveLength(20)
    for (const row of usual) expect(row).toSatisfy(() => row.chosen >= 0.95 - slack)
  })

  test('very skewed differences lose at most three points, where Student loses up to eight', () => {
    const skewed = rows.filter((row) => row.values >= 5 && row.source.startsWith('very skewed'))
    expect(Math.min(...skewed.map((row) => row.chosen))).toBeGreaterThan(0.92)
    expect(Math.min(...skewed.map((row) => row.student))).toBeLessThan(0.9)
  })

  test('the percentile bootstrap, which was rejected, is too narrow at 5 to 10 pairs', () => {
    const few = rows.filter((row) => row.values >= 5 && row.values <= 10)
    for (const row of few) expect(row).toSatisfy(() => row.percentile < 0.95 - slack)
  })

  test('the table in the README is this simulation', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    // The formatter pads the cells of tables.
    const narrow = (text: string) => text.replace(/ +/g, ' ').replace(/-+/g, '-')
    expect(narrow(readme)).toContain(narrow(coverageTable(rows)))
  })
})
