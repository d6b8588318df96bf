/** Whole models: outputs, loss and every gradient, then twenty steps of Adam. */
import {
  adam,
  add,
  applyUpdates,
  concatenate,
  div,
  grad,
  greater,
  jit,
  matmul,
  maxPool,
  mean,
  mul,
  ones,
  random,
  relu,
  reshape,
  sigmoid,
  square,
  stack,
  stopGradient,
  sub,
  sum,
  swapAxes,
  type Tensor,
  tanh,
  valueAndGrad,
  where,
  zeros,
} from '@rootstock/core'
import {
  batchNorm,
  conv,
  crossEntropy,
  embedding,
  evaluation,
  globalAveragePool,
  gruCell,
  observe,
  recurrent,
  squaredError,
} from '@rootstock/heads'
import type { Adapter, Adapters, Arguments } from '../arguments.ts'
import { encoderOf, encoderParams } from './attention.ts'
import { gruParams } from './recurrent.ts'
import { channelsLast, kernelOf } from './spatial.ts'

type Named = Readonly<Record<string, Tensor>>

/** What a forward pass gives; `statistics` is what it has learned by looking. */
interface Pass {
  readonly outputs: Named
  readonly loss: Tensor
  readonly statistics?: Named
}

interface Model {
  /** Inputs that are trained. */
  readonly weights: (args: Arguments) => readonly string[]
  readonly forward: (args: Arguments, statistics: Named) => Pass
  readonly statistics?: (args: Arguments) => Named
  /** Outputs again after training. */
  readonly final: (outputs: Named) => Named
}

/** Arguments with some inputs replaced, and no gradient through the others. */
const replaced = (args: Arguments, inputs: Named): Arguments => {
  const optional = (name: string): Tensor | undefined => {
    const given = args.optional(name)
    return inputs[name] ?? (given === undefined ? undefined : stopGradient(given))
  }
  return { ...args, optional, tensor: (name) => optional(name) ?? args.tensor(name) }
}

const steps = 20

/** The losses before each step of Adam and after the last, and the pass after it. */
const train = (model: Model, args: Arguments) => {
  const optimizer = adam({ learningRate: args.number('lr') })
  const losses: Tensor[] = []
  const objective = (weights: Named, statistics: Named) => {
    const { loss, ...pass } = model.forward(replaced(args, weights), statistics)
    return [loss, pass.statistics ?? statistics] as const
  }
  const step = jit(valueAndGrad(objective, { aux: true }))
  let weights: Named = Object.fromEntries(
    model.weights(args).map((name) => [name, stopGradient(args.tensor(name))]),
  )
  let statistics = model.statistics?.(args) ?? {}
  let state = optimizer.init(weights)
  for (let i = 0; i < steps; i++) {
    const [[loss, seen], gradients] = step(weights, statistics)
    const [updates, next] = optimizer.update(gradients, state, weights)
    weights = applyUpdates(weights, updates)
    state = next
    statistics = seen
    losses.push(loss)
  }
  const last = model.forward(replaced(args, weights), statistics)
  return { losses: stack([...losses, last.loss]), outputs: last.outputs, statistics }
}

const trained =
  (model: Model): Adapter =>
  (args) => {
    const first = model.forward(args, model.statistics?.(args) ?? {})
    const { losses, outputs, statistics } = train(model, args)
    return { ...first.outputs, loss: first.loss, losses, ...statistics, ...model.final(outputs) }
  }

const affine = (args: Arguments, x: Tensor, weight: string, bias: string): Tensor =>
  add(matmul(x, swapAxes(args.tensor(weight), 0, 1)), args.tensor(bias))

const finalLogits = ({ logits }: Named): Named => ({ final: logits! })

/** A classifier by its features. */
const classifier = (
  weights: Model['weights'],
  features: (args: Arguments) => Tensor,
  last: readonly [weight: string, bias: string] = ['w', 'b'],
): Adapter =>
  trained({
    weights,
    forward: (args) => {
      const logits = affine(args, features(args), ...last)
      return { outputs: { logits }, loss: crossEntropy(logits, args.tensor('t')) }
    },
    final: finalLogits,
  })

const listed =
  (...names: readonly string[]) =>
  () =>
    names

const mlp = classifier(
  listed('w0', 'b0', 'w1', 'b1', 'w2', 'b2'),
  (args) => {
    const activation = args.text('activation') === 'tanh' ? tanh : relu
    return activation(
      affine(args, activation(affine(args, args.tensor('x'), 'w0', 'b0')), 'w1', 'b1'),
    )
  },
  ['w2', 'b2'],
)

/** A 3 x 3 convolution that keeps the size of x. */
const convolved = (args: Arguments, x: Tensor, weight: string, bias?: string): Tensor => {
  const kernel = kernelOf(args.tensor(weight))
  const [inside, out] = kernel.shape.slice(-2) as [number, number]
  const layer = conv({ in: inside, out, window: [3, 3], padding: 1, bias: bias !== undefined })
  const params = { weight: kernel, ...(bias === undefined ? {} : { bias: args.tensor(bias) }) }
  return layer.apply(params, x, evaluation)
}

const convnet = classifier(listed('cw0', 'cb0', 'cw1', 'cb1', 'w', 'b'), (args) => {
  const first = relu(convolved(args, channelsLast(args.tensor('x')), 'cw0', 'cb0'))
  return globalAveragePool(relu(convolved(args, maxPool(first, { size: 2 }), 'cw1', 'cb1')))
})

const training = { training: true, key: random.key(0) } as const

/** Batch normalisation number i, and its statistics after the pass. */
const normalized = (args: Arguments, x: Tensor, statistics: Named, i: number) => {
  const params = {
    scale: args.tensor(`g${i}`),
    shift: args.tensor(`s${i}`),
    statistics: { mean: statistics[`mean${i}`]!, variance: statistics[`var${i}`]! },
  }
  const [y, after] = observe(batchNorm({ channels: x.shape.at(-1)! }), params, x, training)
  const { mean: centre, variance } = after.statistics
  return { y, seen: { [`mean${i}`]: centre, [`var${i}`]: variance } }
}

const convnetWithBatchNorm = trained({
  weights: listed('cw0', 'cw1', 'w', 'b', 'g0', 's0', 'g1', 's1'),
  statistics: (args) => {
    const start = (i: number) => {
      const [shape, dtype] = [[args.tensor(`g${i}`).size], { dtype: args.precision }]
      return { [`mean${i}`]: zeros(shape, dtype), [`var${i}`]: ones(shape, dtype) }
    }
    return { ...start(0), ...start(1) }
  },
  forward: (args, statistics) => {
    const first = convolved(args, channelsLast(args.tensor('x')), 'cw0')
    const a = normalized(args, first, statistics, 0)
    const second = convolved(args, maxPool(relu(a.y), { size: 2 }), 'cw1')
    const b = normalized(args, second, statistics, 1)
    const logits = affine(args, globalAveragePool(relu(b.y)), 'w', 'b')
    return {
      outputs: { logits },
      loss: crossEntropy(logits, args.tensor('t')),
      statistics: { ...a.seen, ...b.seen },
    }
  },
  final: finalLogits,
})

const encoderNames = [
  'self_attn__in_proj_weight',
  'self_attn__in_proj_bias',
  ...['self_attn__out_proj', 'linear1', 'linear2', 'norm1', 'norm2'].flatMap((part) => [
    `${part}__weight`,
    `${part}__bias`,
  ]),
].map((name) => `layer__${name}`)

const transformer = classifier(
  listed('embedding', 'positions', ...encoderNames, 'w', 'b'),
  (args) => {
    const weight = args.tensor('embedding')
    const [count, width] = weight.shape as [number, number]
    const words = embedding({ count, width }).apply({ weight }, args.tensor('index'), evaluation)
    const params = encoderParams(args, 'layer__')
    const x = add(words, args.tensor('positions'))
    return mean(encoderOf(args, params).apply(params, { x }, evaluation), { axis: 1 })
  },
)

const gruClassifier = classifier(listed('w_ih', 'w_hh', 'b_ih', 'b_hh', 'w', 'b'), (args) => {
  const [columns, out] = [args.tensor('w_ih').shape[1]!, args.tensor('w_hh').shape[1]!]
  const layer = recurrent(gruCell({ in: columns, out }))
  return layer.apply(gruParams(args, ''), { x: args.tensor('x') }, evaluation).state
})

const shared = ['w0', 'b0', 'w1', 'b1'] as const

/** Both tasks' outputs and losses; rows without a label count for neither. */
const tasksOf = (args: Arguments) => {
  const features = tanh(affine(args, tanh(affine(args, args.tensor('x'), 'w0', 'b0')), 'w1', 'b1'))
  const logits = affine(args, features, 'wc', 'bc')
  const value = reshape(affine(args, features, 'wr', 'br'), [features.shape[0]!])
  const isReal = (name: string) => ({ mask: greater(args.tensor(name), 0) })
  const labels = crossEntropy(logits, args.tensor('label'), isReal('label_mask'))
  const values = squaredError(value, args.tensor('target'), isReal('value_mask'))
  return { logits, value, losses: [labels, values] as const }
}

/** Gradients of each task's loss to the shared weights, one row each. */
const jacobianOf = (args: Arguments): Tensor => {
  const start: Named = Object.fromEntries(
    shared.map((name) => [name, stopGradient(args.tensor(name))]),
  )
  const rows = ([0, 1] as const).map((task) => {
    const loss = (weights: Named): Tensor => tasksOf(replaced(args, weights)).losses[task]
    const gradient = grad(loss)(start)
    return concatenate(shared.map((name) => reshape(gradient[name]!, [-1])))
  })
  return stack(rows)
}

const multitask = trained({
  weights: listed(...shared, 'wc', 'bc', 'wr', 'br'),
  forward: (args) => {
    const { logits, value, losses } = tasksOf(args)
    const [first, second] = args.numbers('weights') as [number, number]
    const jacobian = jacobianOf(args)
    return {
      outputs: {
        class_logits: logits,
        value,
        losses_by_task: stack(losses),
        jacobian,
        gramian: matmul(jacobian, swapAxes(jacobian, 0, 1)),
      },
      loss: add(mul(losses[0], first), mul(losses[1], second)),
    }
  },
  final: ({ class_logits: logits, value }) => ({
    final_class_logits: logits!,
    final_value: value!,
  }),
})

const denoisingAutoencoder = trained({
  weights: listed('we', 'be', 'wd', 'bd'),
  forward: (args) => {
    const hidden = sigmoid(affine(args, args.tensor('noisy'), 'we', 'be'))
    const logits = affine(args, hidden, 'wd', 'bd')
    const [alpha, beta] = [args.number('alpha'), args.number('beta')]
    const emphasis = where(greater(args.tensor('corrupted'), 0), alpha, beta)
    const errors = mul(emphasis, square(sub(logits, args.tensor('x'))))
    return { outputs: { logits }, loss: div(sum(errors), sum(emphasis)) }
  },
  final: finalLogits,
})

export const models: Adapters = {
  mlp,
  convnet,
  convnet_bn: convnetWithBatchNorm,
  transformer,
  gru_classifier: gruClassifier,
  multitask,
  denoising_autoencoder: denoisingAutoencoder,
}
