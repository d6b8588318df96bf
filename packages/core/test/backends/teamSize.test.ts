import { describe, expect, it } from 'vitest'
import { adaptiveSize, fixedSize } from '../../src/backends/teamSize.ts'

/** Which sizes a team of four chooses in `runs` runs, on a clock by which a run takes `cost` of its size. */
const sizes = (runs: number, cost: (threads: number, run: number) => number): number[] => {
  let clock = 0
  const team = adaptiveSize(4, () => clock)
  const found: number[] = []
  for (let i = 0; i < runs; i++) {
    team((threads) => {
      found.push(threads)
      clock += cost(threads, i)
    })
  }
  return found
}

const countOf = (list: readonly number[], value: number): number =>
  list.filter((x) => x === value).length

describe('a team', () => {
  it('keeps to all threads where they are faster, with ever fewer trials', () => {
    const found = sizes(5000, (threads) => 8 / threads)
    expect(countOf(found, 1)).toBeLessThan(15)
    expect(countOf(found.slice(0, 100), 1)).toBeGreaterThan(1)
  })

  it('keeps to one thread where waiting for the others takes longer', () => {
    const found = sizes(5000, (threads) => (threads === 1 ? 1 : 100))
    expect(countOf(found, 4)).toBeLessThan(25)
    expect(found.at(-1)).toBe(1)
  })

  it('follows a machine that becomes busy, and free again', () => {
    const isBusy = (run: number) => run >= 3000 && run < 6000
    const found = sizes(12_000, (threads, run) => (threads === 1 ? 4 : isBusy(run) ? 400 : 1))
    expect(found[2990]).toBe(4)
    expect(found[5990]).toBe(1)
    expect(found[11_990]).toBe(4)
  })

  it('has the size it was given', () => {
    const found: number[] = []
    fixedSize(3)((threads) => found.push(threads))
    expect(found).toEqual([3])
  })
})
