/** Features of rows as numbers: a trunk run over data in batches. What probes train on and tables are made of. */
import { ArgumentError, jit, type Tensor } from '@rootstock/core'
import {
  evaluation,
  gather,
  type Rows,
  remember,
  type TableRows,
  type TapName,
  type Trunk,
  tapped,
} from '@rootstock/heads'
import { windows } from './windows.ts'

/** Options of `encode`. */
export interface EncodeOptions {
  /** Where to take features: a tap by name or position, or several side by side. Default the trunk's output. */
  readonly tap?: TapName | readonly TapName[] | undefined
  /** Rows to run, in this order. Default all. */
  readonly rows?: Int32Array | undefined
  /** Rows of a batch. Default 1024. */
  readonly batchSize?: number | undefined
}

/** Features of some rows, row after row. */
export interface Encoded {
  readonly rows: number
  readonly width: number
  /** `rows * width` numbers. */
  readonly inputs: Float32Array<ArrayBuffer>
}

// biome-ignore lint/suspicious/noExplicitAny: one memory serves trunks of all types
type AnyTrunk = Trunk<any>

const encoderOf = remember((trunk: AnyTrunk) =>
  jit((params: unknown, inputs: Tensor): Tensor => trunk.apply(params, inputs, evaluation)),
)

/** Throws unless the data are as wide as the trunk's input. */
export const checkWidth = (
  operation: string,
  trunk: { readonly in: number },
  data: { readonly width: number },
): void => {
  if (data.width === trunk.in) return
  throw new ArgumentError({
    operation,
    inputs: { 'trunk.in': trunk.in, 'data.width': data.width },
    rule: 'rows must be as wide as the input of the trunk',
  })
}

/**
 * The trunk's features of each row, in evaluation, as plain numbers. The result can stand wherever inputs do: give it targets and a
 * head can be trained on it.
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * import { encode } from '@rootstock/eval'
 * import { mlp } from '@rootstock/heads'
 * const trunk = mlp({ in: 2, hidden: [16, 8] })
 * const data = { rows: 3, width: 2, inputs: Float32Array.of(0, 1, 1, 0, 1, 1), targets: {} }
 * const params = trunk.init(random.key(0))
 * console.log(encode(trunk, params, data).width, encode(trunk, params, data, { tap: [0, 1] }).width) // 8 24
 * ```
 */
export const encode = <Params>(
  trunk: Trunk<Params>,
  params: Params,
  data: Rows<never> | TableRows,
  { tap, rows, batchSize = 1024 }: EncodeOptions = {},
): Encoded => {
  checkWidth('encode', trunk, data)
  const chosen = tap === undefined ? trunk : tapped(trunk, tap)
  const encoder = encoderOf(chosen)
  const indices = rows ?? Int32Array.from({ length: data.rows }, (_, i) => i)
  const inputs = new Float32Array(indices.length * chosen.out)
  for (const { from, to } of windows('encode', indices.length, batchSize)) {
    const { batch } = gather(data as Rows, [], indices.subarray(from, to))
    inputs.set(encoder(params, batch.inputs).data(), from * chosen.out)
  }
  return { rows: indices.length, width: chosen.out, inputs }
}
