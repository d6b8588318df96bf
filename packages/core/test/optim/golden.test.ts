import { existsSync, readFileSync } from 'node:fs'
import {
  adam,
  adamW,
  addDecayedWeights,
  applyUpdates,
  chain,
  clipByGlobalNorm,
  globalNorm,
  type Rate,
  sgd,
  type Tensor,
  type Transform,
  take,
  tensor,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'

interface Array1 {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

interface Case {
  readonly name: string
  readonly op: string
  // biome-ignore lint/suspicious/noExplicitAny: attributes of many optimisers, read by name
  readonly attrs: any
  readonly inputs: Readonly<Record<string, Array1>>
  readonly outputs: Readonly<Record<string, Array1>>
  readonly tolerance: { readonly rtol: number; readonly atol: number }
}

const file = new URL('../../../../../shared/golden/optimizers.json', import.meta.url)
const cases: readonly Case[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).cases : []

const read = ({ data, shape }: Array1): Tensor => tensor(Float32Array.from(data), { shape })

const rateOf = (lr: number | readonly number[]): Rate =>
  typeof lr === 'number' ? lr : (step) => take(tensor([...lr]), step)

// biome-ignore lint/suspicious/noExplicitAny: the states of the optimisers under test differ
const optimizerOf = ({ op, attrs }: Case): Transform<any> => {
  const learningRate = rateOf(attrs.lr)
  const { beta1, beta2, eps: epsilon, weight_decay: weightDecay } = attrs
  const penalty = addDecayedWeights({ rate: weightDecay })
  if (op === 'sgd') return chain(penalty, sgd({ ...attrs, learningRate }))
  if (op === 'adam') return chain(penalty, adam({ learningRate, beta1, beta2, epsilon }))
  return adamW({ learningRate, beta1, beta2, epsilon, weightDecay })
}

const expectClose = (actual: ArrayLike<number>, expected: readonly number[], test: Case): void => {
  const { rtol, atol } = test.tolerance
  const wrong = expected.findIndex(
    (b, i) => !(Math.abs(actual[i]! - b) <= atol + rtol * Math.abs(b)),
  )
  expect(wrong < 0 ? [] : [wrong, actual[wrong], expected[wrong]]).toEqual([])
}

const isKnown = ({ op, attrs }: Case): boolean =>
  ['sgd', 'adam', 'adamw'].includes(op) && attrs.amsgrad !== true

describe.skipIf(cases.length === 0)('reference trajectories (../shared/golden)', () => {
  for (const test of cases.filter(isKnown)) {
    it(`${test.name} is followed for ten steps`, () => {
      const optimizer = optimizerOf(test)
      let x = read(test.inputs.x0!)
      let state = optimizer.init(x)
      const seen: number[] = []
      for (let t = 0; t < 10; t++) {
        const gradient = take(read(test.inputs.g!), tensor(Int32Array.of(t), { shape: [] }))
        const [updates, next] = optimizer.update(gradient, state, x)
        x = applyUpdates(x, updates)
        state = next
        seen.push(...x.data())
      }
      expectClose(seen, test.outputs.x!.data, test)
    })
  }

  for (const test of cases.filter(
    ({ op, attrs }) => op === 'clip_grad_norm' && attrs.norm_type === 2,
  )) {
    it(`${test.name} gives the norm and the clipped gradients`, () => {
      const gradients = Object.fromEntries(
        Object.entries(test.inputs).map(([name, array]) => [name, read(array)]),
      )
      expectClose(globalNorm(gradients).data(), test.outputs.norm!.data, test)
      const clip = clipByGlobalNorm(test.attrs.max_norm)
      const [clipped] = clip.update(gradients, clip.init(gradients), gradients)
      for (const [name, leaf] of Object.entries(clipped)) {
        expectClose(leaf.data(), test.outputs[name.replace('g', 'y')]!.data, test)
      }
    })
  }
})
