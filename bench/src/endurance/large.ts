/** The campaign on an array larger than what 32 bits address. */
import { arange, cast, jit, memory, mod, slice, take, tensor } from '@rootstock/core'
import type { Campaign } from './campaign.ts'

const rows = 1200
const columns = 1_000_000
const length = rows * columns

/** Element i is i modulo this, so that rows differ and their sums are exact in float32. */
const period = 7

/** The sum of the first elements. */
const sumBefore = (count: number): number => {
  const rest = count % period
  return Math.floor(count / period) * ((period * (period - 1)) / 2) + (rest * (rest - 1)) / 2
}

const element = (i: number): number => i % period

/** How many of the values are not what they should be. */
const wrong = (values: ArrayLike<number>, expected: (i: number) => number): number =>
  Array.from(values).filter((value, i) => value !== expected(i)).length

/** Elements on both sides of some places: the ends, and 2^32 bytes. */
const window = 6
const places = [0, 2 ** 30 - window / 2, length - window]

/** 4.8 GB of float32: every row is summed, and elements are found by slices and by indices. */
export const large: Campaign = (_, tell) => {
  const start = performance.now()
  const x = jit(() => cast(mod(arange(length), period), 'float32'))()
  const sums = x.reshape([rows, columns]).sum({ axis: 1 }).data()
  const indices = [length - 1, 2 ** 30, 2 ** 30 - 1, 0]
  const taken = take(x, tensor(Int32Array.from(indices))).data()
  const counts = {
    sums: wrong(sums, (row) => sumBefore((row + 1) * columns) - sumBefore(row * columns)),
    slices: places.reduce((count, from) => {
      const found = slice(x, { start: [from], stop: [from + window] }).data()
      return count + wrong(found, (i) => element(from + i))
    }, 0),
    taken: wrong(taken, (i) => element(indices[i]!)),
  }
  const seconds = (performance.now() - start) / 1000
  const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`
  tell(
    `${x.shape.join()} float32: wrong are ${counts.sums} of ${rows} sums of rows, ${counts.slices} of ${window * places.length} elements of slices, ${counts.taken} of ${indices.length} by index`,
  )
  tell(
    `${seconds.toFixed(1)} s, ${gibibytes(memory().resident)} resident, ${gibibytes(1024 * process.resourceUsage().maxRSS)} at most in the process`,
  )
  return counts.sums + counts.slices + counts.taken === 0
}
