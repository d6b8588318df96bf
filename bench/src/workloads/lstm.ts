/** W8: a recurrent net over 48 steps: a loop in the program, not 48 copies of its body. */
import { add, matmul, mean, square, sub, type Tensor } from '@rootstock/core'
import { evaluation, lstmCell, recurrent } from '@rootstock/heads'
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
  const states = 2 * batch * hidden * 4 * hidden * length
  const head = 2 * batch * hidden
  // the inputs need no gradient
  return 2 * inputs + 3 * (states + head)
}

const layer = recurrent(lstmCell({ in: width, out: hidden }))

const forward = (params: Tensors, x: Tensor): Tensor => {
  const cell = { input: params.input!, state: params.recurrent!, bias: params.bias! }
  const { state } = layer.apply(cell, { x }, evaluation)
  return add(matmul(state.hidden, params.weight!), params.bias1!)
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
