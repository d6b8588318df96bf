import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { glorot, labels, uniform } from '../src/generator.ts'

const theirs = new URL('../../../shared/peers/common/spec.mjs', import.meta.url)

interface Theirs {
  readonly uniform: (seed: number, n: number, low: number, high: number) => Float32Array
  readonly labels: (seed: number, n: number, classes: number) => Int32Array
  readonly glorot: (
    seed: number,
    shape: readonly number[],
    fanIn: number,
    fanOut: number,
  ) => Float32Array
}

describe('the generator', () => {
  it('gives the same values for a seed and a position, whatever else is drawn', () => {
    expect([...uniform(7, 4, -1, 1)]).toMatchInlineSnapshot(`
      [
        -0.1333169937133789,
        0.637519359588623,
        -0.46941256523132324,
        -0.7473427057266235,
      ]
    `)
    expect(uniform(7, 100, -1, 1).subarray(0, 4)).toEqual(uniform(7, 4, -1, 1))
    expect(uniform(8, 4, -1, 1)).not.toEqual(uniform(7, 4, -1, 1))
  })

  it('fills its range evenly', () => {
    const drawn = uniform(3, 20_000, 2, 4)
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(2)
    expect(Math.max(...drawn)).toBeLessThan(4)
    expect(drawn.reduce((sum, x) => sum + x, 0) / drawn.length).toBeCloseTo(3, 1)
    const counts = [0, 0, 0]
    for (const code of labels(5, 9000, 3)) counts[code]! += 1
    for (const count of counts) expect(count).toBeGreaterThan(2800)
  })

  it.skipIf(!existsSync(theirs))('gives the bits of the peers’ own measurements', async () => {
    const other = (await import(theirs.href)) as Theirs
    expect(uniform(103, 10_000, -1, 1)).toEqual(other.uniform(103, 10_000, -1, 1))
    expect(labels(202, 10_000, 10)).toEqual(other.labels(202, 10_000, 10))
    expect(glorot(10, [5, 5, 1, 32], [25, 800])).toEqual(other.glorot(10, [5, 5, 1, 32], 25, 800))
  })
})
