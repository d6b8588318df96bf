/**
 * Which rows come when: a pure function of (seed, epoch, cursor). Nothing is remembered between calls, so training that stopped
 * at a cursor goes on with the rows it would have seen.
 */
import { ArgumentError, jit, type Key, random, type Tensor, tensor } from '@rootstock/core'

/** What determines the batches of an epoch. */
export interface BatchOptions {
  readonly rows: number
  /** Rows of a batch; the last one is smaller where this does not divide `rows`. */
  readonly size: number
  readonly seed: number
  /** Counted from 0. */
  readonly epoch: number
  /** Batches of the epoch that have been used already. Default 0. */
  readonly cursor?: number
}

// Streams 0 and 1 of a seed belong to parameters and steps.
const orderStream = 2

const compileOrder = (rows: number) =>
  jit((key: Key, epoch: Tensor) =>
    random.permutation(random.fold(random.fold(key, orderStream), epoch), rows),
  )

// Few rows make short epochs, which an uncompiled order would double.
const orders = new Map<number, ReturnType<typeof compileOrder>>()

const orderOf = (rows: number, seed: number, epoch: number): Int32Array => {
  if (rows === 0) return new Int32Array(0)
  const drawn = orders.get(rows) ?? compileOrder(rows)
  orders.set(rows, drawn)
  return drawn(random.key(seed), tensor(epoch, { dtype: 'int32' })).data() as Int32Array
}

const expectWhole = (name: string, value: number, least: number): void => {
  if (Number.isInteger(value) && value >= least) return
  throw new ArgumentError({
    operation: 'batchIndices',
    inputs: { [name]: value },
    rule: `${name} must be a whole number of at least ${least}`,
  })
}

/**
 * Row numbers of the batches of an epoch that are still to come, in order; every row occurs once in an epoch. `fit` uses this order.
 * @example
 * ```ts
 * import { batchIndices } from '@rootstock/heads'
 * const batches = batchIndices({ rows: 10, size: 4, seed: 1, epoch: 0 })
 * console.log(batches.map((batch) => batch.length)) // [ 4, 4, 2 ]
 * const rest = batchIndices({ rows: 10, size: 4, seed: 1, epoch: 0, cursor: 2 })
 * console.log(String(rest[0]) === String(batches[2])) // true
 * ```
 */
export const batchIndices = (options: BatchOptions): readonly Int32Array[] => {
  const { rows, size, seed, epoch, cursor = 0 } = options
  expectWhole('rows', rows, 0)
  expectWhole('size', size, 1)
  expectWhole('epoch', epoch, 0)
  expectWhole('cursor', cursor, 0)
  const order = orderOf(rows, seed, epoch)
  const count = Math.max(0, Math.ceil(rows / size) - cursor)
  return Array.from({ length: count }, (_, i) =>
    order.subarray((cursor + i) * size, (cursor + i + 1) * size),
  )
}
