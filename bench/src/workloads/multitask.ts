/** W10: one trunk, four regressions and four classifications: many small products. */
import { add, div, ones, type Tensor, valueAndGrad } from '@rootstock/core'
import {
  classification,
  equal,
  evaluation,
  multitask as join,
  mlp,
  regression,
} from '@rootstock/heads'
import { glorot, labels, uniform } from '../generator.ts'
import { type Named, type Problem, values, zeros } from '../problem.ts'
import type { SpecOf } from '../spec.ts'
import { batchesOf, type Workload } from '../workload.ts'
import { denseFlops, denseParams, trunkParams } from './mlp.ts'
import { projectGradients } from './projection.ts'
import { type Tensors, tensorsOf, train } from './training.ts'

const spec: SpecOf<'multitask'> = {
  kind: 'multitask',
  trunk: [64, 256, 128],
  batch: 256,
  regressions: 4,
  classifications: 4,
  classes: 5,
  optimizer: 'adam',
  learningRate: 1e-3,
}
const { trunk, batch, regressions, classifications, classes } = spec
const features = trunk.at(-1)!
const tasks = regressions + classifications
const outputs = regressions + classifications * classes

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`)

/** Weights of heads: seeds 20, 21, ... for regressions, 30, 31, ... for classifications. */
const headParams = (): Named => {
  const head = (name: string, seed: number, width: number) => ({
    [`${name}.weight`]: values([features, width], glorot(seed, [features, width])),
    [`${name}.bias`]: zeros(width),
  })
  return Object.assign(
    {},
    ...names('regression', regressions).map((name, i) => head(name, 20 + i, 1)),
    ...names('classification', classifications).map((name, i) => head(name, 30 + i, classes)),
  )
}

/** Labels of regressions lie side by side in what seed 200 + b gives. */
const batchOf = (b: number): Named => {
  const all = uniform(200 + b, batch * regressions, -1, 1)
  const numbers = names('regression', regressions).map((name, i) => [
    name,
    values(
      [batch],
      Float32Array.from({ length: batch }, (_, row) => all[row * regressions + i]!),
    ),
  ])
  const codes = names('classification', classifications).map((name, i) => [
    name,
    values([batch], labels(300 + 10 * b + i, batch, classes)),
  ])
  const columns = trunk[0]!
  return {
    x: values([batch, columns], uniform(100 + b, batch * columns, -1, 1)),
    ...Object.fromEntries([...numbers, ...codes]),
  }
}

const model = () => {
  const digits = Array.from({ length: classes }, (_, i) => String(i))
  return join(mlp({ in: trunk[0]!, hidden: trunk.slice(1) }), {
    ...Object.fromEntries(names('regression', regressions).map((name) => [name, regression()])),
    ...Object.fromEntries(
      names('classification', classifications).map((name) => [
        name,
        classification({ classes: digits }),
      ]),
    ),
  })
}

const shared = {
  samples: batch,
  flops: denseFlops(trunk, batch) + 6 * batch * features * outputs,
  tolerance: 1e-4,
  problem: () => ({
    params: { ...denseParams(trunk), ...headParams() },
    batches: batchesOf(batchOf),
  }),
} satisfies Partial<Workload>

/** What there is to train, with the losses task by task. */
const modelOf = (problem: Problem) => {
  const { losses, tasks: list } = model()
  const named = tensorsOf(problem.params)
  const params = {
    trunk: trunkParams(named, trunk.length - 1),
    heads: Object.fromEntries(
      list.map((task) => [
        task,
        { dense: { weight: named[`${task}.weight`]!, bias: named[`${task}.bias`]! } },
      ]),
    ),
  }
  const lossesOf = (weights: typeof params, given: Tensors) => {
    const mask = ones([batch], { dtype: 'bool' })
    const targets = Object.fromEntries(list.map((task) => [task, { values: given[task]!, mask }]))
    return losses(weights, { inputs: given.x!, targets }, evaluation)
  }
  const loss = (weights: typeof params, given: Tensors): Tensor =>
    div(equal().combine({}, lossesOf(weights, given)), tasks)
  return { list, params, lossesOf, loss }
}

/** 64-256-128 with eight heads. */
export const multitask: Workload = {
  ...shared,
  name: 'W10_multitask',
  title: 'trunk 64-256-128 with 8 heads, batch 256, Adam',
  spec,
  expected: () => ({ loss_init: [1.01212], loss_after_5: [0.960986] }),
  rootstock: (problem) => train(problem, spec, modelOf(problem)),
}

const projectedSpec: SpecOf<'multitask'> = { ...spec, projected: true }

/** Each task goes back through the trunk on its own; the projection itself is not counted. */
const projectedFlops = (): number => {
  const forward = 2 * batch * trunk.slice(1).reduce((sum, width, i) => sum + trunk[i]! * width, 0)
  const backward = denseFlops(trunk, batch) - forward
  return forward + tasks * backward + 6 * batch * features * outputs
}

/** The same with a gradient for each task, projected before they meet in the trunk. */
export const multitaskProjected: Workload = {
  ...shared,
  name: 'W10p_pcgrad',
  title: 'the multitask net with projected gradients (PCGrad)',
  spec: projectedSpec,
  flops: projectedFlops(),
  expected: () => ({ loss_init: [1.01212], loss_after_5: [0.960439] }),
  rootstock: (problem) => {
    const { list, params, lossesOf, loss } = modelOf(problem)
    const descent = (weights: typeof params, given: Tensors) => {
      const parts = list.map((task) =>
        valueAndGrad((x: typeof params) => div(lossesOf(x, given)[task]!, tasks))(weights),
      )
      const heads = Object.fromEntries(list.map((task, i) => [task, parts[i]![1].heads[task]!]))
      const trunks = parts.map(([, gradient]) => gradient.trunk)
      const value = parts.map(([part]) => part).reduce((a, b) => add(a, b))
      return [value, { trunk: projectGradients(trunks), heads }] as const
    }
    return train(problem, projectedSpec, { params, loss, descent })
  },
}
