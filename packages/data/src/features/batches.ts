/**
 * Batches as a pure function of (seed, epoch, cursor). Nothing is remembered between calls: a training run that stopped at
 * a cursor goes on from there with the rows it would have seen.
 */
import { expectWhole } from '../argument.ts'
import { shuffled } from './shuffle.ts'

/** What determines the batches of an epoch. */
export interface BatchOptions {
  readonly rows: number
  readonly size: number
  readonly seed: number
  readonly epoch: number
  /**
   * The last batch when `size` does not divide `rows`: `keep` it smaller (default; every row once per epoch), or `drop` it
   * (all batches of one shape, so that a compiled step is compiled once; other rows are left out in each epoch). When there
   * are fewer rows than `size`, the only batch is kept in any case.
   */
  readonly last?: 'keep' | 'drop'
}

/**
 * Number of batches in an epoch.
 *
 * @example
 * ```ts
 * import { batchCount } from '@rootstock/data'
 *
 * console.log(batchCount({ rows: 10, size: 4 }), batchCount({ rows: 10, size: 4, last: 'drop' })) // 3 2
 * ```
 */
export const batchCount = ({
  rows,
  size,
  last = 'keep',
}: Pick<BatchOptions, 'rows' | 'size' | 'last'>): number => {
  expectWhole('batchCount', 'rows', rows)
  expectWhole('batchCount', 'size', size, 1)
  return last === 'drop' && rows >= size ? Math.floor(rows / size) : Math.ceil(rows / size)
}

/**
 * Row numbers of the batches of an epoch, in order. With `last: 'keep'` each row occurs exactly once. Throws when `rows`, `seed`
 * or `epoch` is no whole number, or `size` less than 1.
 *
 * @example
 * ```ts
 * import { batchIndices } from '@rootstock/data'
 *
 * const batches = batchIndices({ rows: 10, size: 4, seed: 1, epoch: 0 })
 * console.log(batches.map((batch) => batch.length)) // [ 4, 4, 2 ]
 * ```
 */
export const batchIndices = (options: BatchOptions): readonly Int32Array[] => {
  const { rows, size, seed, epoch } = options
  for (const name of ['rows', 'seed', 'epoch'] as const)
    expectWhole('batchIndices', name, options[name])
  expectWhole('batchIndices', 'size', size, 1)
  const order = shuffled(rows, seed, epoch + 2)
  return Array.from({ length: batchCount(options) }, (_, i) =>
    order.subarray(i * size, Math.min(rows, (i + 1) * size)),
  )
}

/**
 * The batches of an epoch from a cursor on: `cursor` batches have been used already.
 *
 * @example
 * ```ts
 * import { batches } from '@rootstock/data'
 *
 * const rest = batches({ rows: 10, size: 4, seed: 1, epoch: 0, cursor: 2 })
 * console.log([...rest].map((batch) => batch.length)) // [ 2 ]
 * ```
 */
export function* batches(
  options: BatchOptions & { readonly cursor?: number },
): Generator<Int32Array, void, undefined> {
  yield* batchIndices(options).slice(options.cursor ?? 0)
}
