/** W8: a recurrent net over 48 steps, written as a scan: a loop in the program, not 48 copies of its body. */
import {
  add,
  matmul,
  mean,
  mul,
  reshape,
  scan,
  sigmoid,
  split,
  square,
  sub,
  type Tensor,
  tanh,
  transpose,
  zeros as zerosOf,
} from '@rootstock/core'
import { glorot, uniform } from '../generator.ts'
import { values, zeros } from '../problem.ts'
import type { SpecOf } from '../spec.ts'
import { batchesOf, type Workload } from '../workload.ts'
import { type Tensors, tensorsOf, train } from './training.ts'

const spec: SpecOf<'lstm'> = {
  kind: 'lstm',
  batch: 64,
  length: 48,
  width: 16,
  hidden: 128,
  optimizer: 'adam',
  learningRate: 1e-3,
}
const { batch, length, width, hidden } = spec

const flops = (): number => {
  const inputs = 2 * batch * width * 4 * hidden * length
  const recurrent = 2 * batch * hidden * 4 * hidden * length
  const head = 2 * batch * hidden
  // the inputs need no gradient
  return 2 * inputs + 3 * (recurrent + head)
}

/** Gates lie side by side in the order input, forget, candidate, output. */
const forward = (params: Tensors, x: Tensor): Tensor => {
  const rows = reshape(transpose(x, [1, 0, 2]), [length * batch, width])
  const driven = add(matmul(rows, params.input!), params.bias!)
  const step = ({ h, c }: { readonly h: Tensor; readonly c: Tensor }, drive: Tensor) => {
    const gates = add(drive, matmul(h, params.recurrent!))
    const [enter, forget, candidate, leave] = split(gates, { sections: 4, axis: 1 })
    const cell = add(mul(sigmoid(forget!), c), mul(sigmoid(enter!), tanh(candidate!)))
    return [{ h: mul(sigmoid(leave!), tanh(cell)), c: cell }, []] as const
  }
  const start = zerosOf([batch, hidden])
  const [{ h }] = scan(step, { h: start, c: start }, reshape(driven, [length, batch, 4 * hidden]))
  return add(matmul(h, params.weight!), params.bias1!)
}

/** 128 units, 64 sequences of 48 steps. */
export const lstm: Workload = {
  name: 'W8_lstm',
  title: 'LSTM of 128 units, 48 steps, batch 64, Adam',
  spec,
  samples: batch,
  flops: flops(),
  tolerance: 1e-4,
  problem: () => ({
    params: {
      input: values([width, 4 * hidden], glorot(10, [width, 4 * hidden], [width, hidden])),
      recurrent: values([hidden, 4 * hidden], glorot(11, [hidden, 4 * hidden], [hidden, hidden])),
      bias: zeros(4 * hidden),
      weight: values([hidden, 1], glorot(12, [hidden, 1])),
      bias1: zeros(1),
    },
    batches: batchesOf((b) => ({
      x: values([batch, length, width], uniform(100 + b, batch * length * width, -1, 1)),
      y: values([batch, 1], uniform(200 + b, batch, -1, 1)),
    })),
  }),
  // with one bias: PyTorch's layer adds two, so that Adam moves their sum twice as fast
  expected: () => ({ loss_init: [0.320457], loss_after_5: [0.287694] }),
  rootstock: (problem) =>
    train(problem, spec, {
      params: tensorsOf(problem.params),
      loss: (params, { x, y }) => mean(square(sub(forward(params, x!), y!))),
    }),
}
