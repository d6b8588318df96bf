/** The thread that decodes one Parquet file and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import * as E from 'fp-ts/lib/Either.js'
import type { ColumnarOptions } from '../columnar.ts'
import { decodeParquet } from './decode.ts'

/** What the thread is given. */
export interface Work {
  readonly buffer: ArrayBuffer
  readonly options: ColumnarOptions
}

const { buffer, options } = workerData as Work
const decoded = await decodeParquet(buffer, options)
const columns = E.isRight(decoded) ? decoded.right.columns : []
const buffers = columns.flatMap((column) =>
  column.kind === 'string'
    ? [column.codes.buffer]
    : column.kind === 'number' && column.valid !== undefined
      ? [column.values.buffer, column.valid.buffer]
      : [column.values.buffer],
)
parentPort?.postMessage(decoded, buffers as ArrayBuffer[])
