/** Recurrent nets. The files keep two biases and weights [gates out, in]; the framework one bias where two only add up. */
import {
  add,
  concatenate,
  relu,
  slice,
  split,
  squeeze,
  stack,
  swapAxes,
  type Tensor,
  tanh,
} from '@rootstock/core'
import {
  bidirectional,
  type Cell,
  type CellParams,
  evaluation,
  type GruParams,
  gruCell,
  type LstmState,
  lstmCell,
  maskOf,
  recurrent as over,
  type Sequences,
  simpleCell,
  stacked,
} from '@rootstock/heads'
import type { Adapter, Adapters, Arguments } from '../arguments.ts'

const sizes = (args: Arguments, suffix: string) => ({
  in: args.tensor(`w_ih${suffix}`).shape[1]!,
  out: args.tensor(`w_hh${suffix}`).shape[1]!,
})

const weights = (args: Arguments, suffix: string) => ({
  input: swapAxes(args.tensor(`w_ih${suffix}`), 0, 1),
  state: swapAxes(args.tensor(`w_hh${suffix}`), 0, 1),
})

const cellParams = (args: Arguments, suffix: string): CellParams => {
  const [a, b] = [args.optional(`b_ih${suffix}`), args.optional(`b_hh${suffix}`)]
  return {
    ...weights(args, suffix),
    ...(a === undefined || b === undefined ? {} : { bias: add(a, b) }),
  }
}

export const gruParams = (args: Arguments, suffix: string): GruParams => {
  const [a, b] = [args.optional(`b_ih${suffix}`), args.optional(`b_hh${suffix}`)]
  if (a === undefined || b === undefined) return weights(args, suffix)
  const two = { sizes: [(2 * a.size) / 3, a.size / 3] }
  const [gates, fresh] = split(a, two) as [Tensor, Tensor]
  const [more, stateBias] = split(b, two) as [Tensor, Tensor]
  return { ...weights(args, suffix), bias: concatenate([add(gates, more), fresh]), stateBias }
}

const input = <State>(args: Arguments, state: State): Sequences<State> => {
  const x = args.tensor('x')
  const lengths = args.optional('lengths')
  return { x, state, ...(lengths === undefined ? {} : { mask: maskOf(lengths, x.shape[1]!) }) }
}

/** Entry i of a stack of states [2, n, h]. */
const part = (x: Tensor, i: number): Tensor => squeeze(slice(x, { start: [i], stop: [i + 1] }), 0)

const pair = (a: Tensor, b: Tensor): Tensor => stack([a, b])

const plain =
  <Params>(
    cell: (args: Arguments) => Cell<Params, Tensor>,
    params: (args: Arguments, suffix: string) => Params,
  ): Adapter =>
  (args) => {
    const { outputs, state } = over(cell(args)).apply(
      params(args, ''),
      input(args, args.tensor('h0')),
      evaluation,
    )
    return { y: outputs, h_n: state }
  }

const simple = plain(
  (args) =>
    simpleCell({
      ...sizes(args, ''),
      activation: args.text('nonlinearity') === 'relu' ? relu : tanh,
    }),
  cellParams,
)

const gru = plain((args) => gruCell(sizes(args, '')), gruParams)

const lstm: Adapter = (args) => {
  const start = { hidden: args.tensor('h0'), memory: args.tensor('c0') }
  const layer = over(lstmCell(sizes(args, '')))
  const { outputs, state } = layer.apply(cellParams(args, ''), input(args, start), evaluation)
  return { y: outputs, h_n: state.hidden, c_n: state.memory }
}

/** The same cell both ways. */
const bothWays = <Params, State>(cell: Cell<Params, State>) =>
  bidirectional(over(cell), over(cell, { reverse: true }))

const lstmBothWays: Adapter = (args) => {
  const start = (i: number): LstmState => ({
    hidden: part(args.tensor('h0'), i),
    memory: part(args.tensor('c0'), i),
  })
  const { outputs, state } = bothWays(lstmCell(sizes(args, ''))).apply(
    { forward: cellParams(args, ''), backward: cellParams(args, '_reverse') },
    input(args, { forward: start(0), backward: start(1) }),
    evaluation,
  )
  const { forward, backward } = state
  return {
    y: outputs,
    h_n: pair(forward.hidden, backward.hidden),
    c_n: pair(forward.memory, backward.memory),
  }
}

const gruBothWays: Adapter = (args) => {
  const h0 = args.tensor('h0')
  const { outputs, state } = bothWays(gruCell(sizes(args, ''))).apply(
    { forward: gruParams(args, ''), backward: gruParams(args, '_reverse') },
    input(args, { forward: part(h0, 0), backward: part(h0, 1) }),
    evaluation,
  )
  return { y: outputs, h_n: pair(state.forward, state.backward) }
}

const gruTwice: Adapter = (args) => {
  const h0 = args.tensor('h0')
  const layer = stacked(['_0', '_1'].map((suffix) => over(gruCell(sizes(args, suffix)))))
  const { outputs, state } = layer.apply(
    { layers: [gruParams(args, '_0'), gruParams(args, '_1')] },
    input(args, { layers: [part(h0, 0), part(h0, 1)] }),
    evaluation,
  )
  return { y: outputs, h_n: pair(state.layers[0]!, state.layers[1]!) }
}

export const recurrent: Adapters = {
  rnn: simple,
  rnn_lengths: simple,
  lstm,
  lstm_lengths: lstm,
  gru,
  gru_lengths: gru,
  lstm_bidirectional: lstmBothWays,
  gru_bidirectional: gruBothWays,
  gru_two_layer: gruTwice,
}
