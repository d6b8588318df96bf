/** The training loop that every Rootstock workload with parameters shares: one jitted step whose state is donated. */
import {
  adam,
  adamW,
  applyUpdates,
  jit,
  sgd,
  type Tensor,
  type Transform,
  tensor,
  valueAndGrad,
} from '@rootstock/core'
import type { Named, Problem } from '../problem.ts'
import type { Program } from '../runner/program.ts'
import type { Training } from '../spec.ts'

/** Named arrays as tensors. */
export type Tensors = Readonly<Record<string, Tensor>>

/** Tensors of named arrays. */
export const tensorsOf = (named: Named): Tensors =>
  Object.fromEntries(
    Object.entries(named).map(([name, { shape, data }]) => [name, tensor(data, { shape })]),
  )

/** What there is to train. */
export interface Model<Params> {
  readonly params: Params
  /** The loss of a batch; `step` is an int32 scalar in training, absent where noise has no place. */
  readonly loss: (params: Params, batch: Tensors, step?: Tensor) => Tensor
  /** The loss with its gradient, where that is not plainly its derivative. */
  readonly descent?: (params: Params, batch: Tensors) => readonly [Tensor, Params]
}

// biome-ignore lint/suspicious/noExplicitAny: the state of a transform is its own affair
const transformOf = ({ optimizer, learningRate, weightDecay = 0 }: Training): Transform<any> => {
  if (optimizer === 'sgd') return sgd({ learningRate })
  if (optimizer === 'adam') return adam({ learningRate })
  return adamW({ learningRate, weightDecay })
}

/** Training as a program. */
export const train = <Params>(
  { batches }: Problem,
  training: Training,
  { params, loss, descent }: Model<Params>,
): Program => {
  const transform = transformOf(training)
  let state = {
    params,
    optimizer: transform.init(params),
    step: tensor(new Int32Array([0]), { shape: [] }),
  }
  const step = jit(
    (before: typeof state, batch: Tensors) => {
      const objective = (x: Params) => loss(x, batch, before.step)
      const [value, gradients] =
        descent?.(before.params, batch) ?? valueAndGrad(objective)(before.params)
      const [updates, optimizer] = transform.update(gradients, before.optimizer, before.params)
      const after = applyUpdates(before.params, updates)
      return [{ params: after, optimizer, step: before.step.add(1) }, value] as const
    },
    { donate: [0] },
  )
  const evaluate = jit((x: Params, batch: Tensors) => loss(x, batch))
  return {
    step: (i) => {
      ;[state] = step(state, tensorsOf(batches[i % batches.length]!))
    },
    loss: () => evaluate(state.params, tensorsOf(batches[0]!)).item(),
  }
}
