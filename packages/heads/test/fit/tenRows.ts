/** Ten rows with two tasks, models of them and a training that is short and repeatable. */
import { adam, paths, type Tensor, tanh } from '@rootstock/core'
import {
  classification,
  explainFit,
  type FitOptions,
  type Fitted,
  fit,
  mlp,
  multitask,
  type Rows,
  regression,
} from '@rootstock/heads'
import * as E from 'fp-ts/lib/Either.js'

export type Task = 'kind' | 'size'

/** Ten rows with a kind and a size; some labels are missing. */
export const ten = (): Rows<Task> => {
  const inputs = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i * 1.7))
  return {
    rows: 10,
    width: 4,
    inputs,
    targets: {
      kind: {
        values: Int32Array.from({ length: 10 }, (_, i) => i % 3),
        mask: Uint8Array.from({ length: 10 }, (_, i) => (i === 4 ? 0 : 1)),
      },
      size: {
        values: Float32Array.from({ length: 10 }, (_, i) => (i < 6 ? Math.cos(i) : Number.NaN)),
        mask: Uint8Array.from({ length: 10 }, (_, i) => (i < 6 ? 1 : 0)),
      },
    },
  }
}

export const heads = { kind: classification({ classes: ['a', 'b', 'c'] }), size: regression() }
export const model = multitask(mlp({ in: 4, hidden: [32, 32], activation: tanh }), heads)
export const noisy = multitask(mlp({ in: 4, hidden: [16], dropout: 0.3 }), heads)

export type Params = ReturnType<typeof model.init>
export type Options = FitOptions<Params, Task>

export const options: Options = {
  model,
  data: ten(),
  optimizer: adam({ learningRate: 0.02 }),
  epochs: 3,
  batchSize: 4,
  seed: 7,
}

export const run = async (changes: Partial<Options> = {}): Promise<Fitted<Params, Task>> => {
  const result = await fit({ ...options, ...changes })()
  if (E.isLeft(result)) throw new Error(explainFit(result.left))
  return result.right
}

export const bits = (params: unknown) =>
  paths(params).map(([path, leaf]) => [path, ...(leaf as Tensor).data()] as const)
