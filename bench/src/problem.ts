/**
 * A problem: the initial parameters and the batches of a workload, as one file that runners of any language read. The layout
 * is that of safetensors: a length, a JSON header with dtype, shape and offsets by name, then the elements.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Spec } from './spec.ts'

/** Elements and their shape. */
export interface Values {
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array
}

/** Values by name. */
export type Named = Readonly<Record<string, Values>>

/** What a runner is given. */
export interface Problem {
  readonly spec: Spec
  readonly params: Named
  /** Cycled through: step i sees batch i mod their number. */
  readonly batches: readonly Named[]
}

/** Values under a shape. */
export const values = (shape: readonly number[], data: Values['data']): Values => ({ shape, data })

/** Zeros of a shape. */
export const zeros = (...shape: readonly number[]): Values =>
  values(shape, new Float32Array(shape.reduce((product, size) => product * size, 1)))

interface Entry {
  readonly dtype: 'F32' | 'I32'
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

const entriesOf = ({ params, batches }: Problem): (readonly [string, Values])[] => [
  ...Object.entries(params).map(([name, x]) => [`params.${name}`, x] as const),
  ...batches.flatMap((batch, i) =>
    Object.entries(batch).map(([name, x]) => [`batches.${i}.${name}`, x] as const),
  ),
]

/** Writes a problem; the header is padded so that elements stay aligned. */
export const writeProblem = (file: string, problem: Problem): void => {
  const entries = entriesOf(problem)
  let at = 0
  const header: Record<string, Entry | Record<string, string>> = {
    __metadata__: { spec: JSON.stringify(problem.spec), batches: String(problem.batches.length) },
  }
  for (const [name, { shape, data }] of entries) {
    const dtype = data instanceof Float32Array ? 'F32' : 'I32'
    header[name] = { dtype, shape, data_offsets: [at, at + data.byteLength] }
    at += data.byteLength
  }
  const text = Buffer.from(JSON.stringify(header))
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ')
  text.copy(padded)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  const parts = entries.map(([, { data }]) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  )
  writeFileSync(file, Buffer.concat([length, padded, ...parts]))
}

/** Reads what `writeProblem` wrote. */
export const readProblem = (file: string): Problem => {
  const bytes = readFileSync(file)
  const start = 8 + Number(bytes.readBigUInt64LE(0))
  const { __metadata__: metadata, ...entries } = JSON.parse(
    bytes.toString('utf8', 8, start),
  ) as Record<string, Entry> & { readonly __metadata__: Record<string, string> }
  const params: Record<string, Values> = {}
  const batches = Array.from(
    { length: Number(metadata.batches) },
    (): Record<string, Values> => ({}),
  )
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(
    entries as Record<string, Entry>,
  )) {
    const part = bytes.subarray(start + data_offsets[0], start + data_offsets[1])
    const copy = part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength)
    const found = values(shape, dtype === 'F32' ? new Float32Array(copy) : new Int32Array(copy))
    const [kind, ...path] = name.split('.')
    if (kind === 'params') params[path.join('.')] = found
    else batches[Number(path[0])]![path.slice(1).join('.')] = found
  }
  return { spec: JSON.parse(metadata.spec!) as Spec, params, batches }
}
