import { existsSync, readFileSync } from 'node:fs'
import { adam, relu, type Tensor, tanh, tensor, transpose } from '@rootstock/core'
import {
  classification,
  type FitEvent,
  fit,
  fixed,
  mlp,
  multitask,
  type Rows,
  regression,
} from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

interface Values {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

interface Case {
  readonly name: string
  readonly attrs: { readonly lr: number; readonly weights: readonly [number, number] }
  readonly inputs: Readonly<Record<string, Values>>
  readonly outputs: Readonly<Record<string, Values>>
  readonly tolerance: { readonly rtol: number; readonly atol: number }
}

const file = new URL('../../../../../shared/golden/models.json', import.meta.url)
const cases: readonly Case[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).cases : []
const named = (name: string): Case => cases.find((test) => test.name === name)!

const read = ({ inputs }: Case, name: string): Tensor =>
  tensor(Float32Array.from(inputs[name]!.data), { shape: inputs[name]!.shape })

const layer = (test: Case, weight: string, bias: string) => ({
  weight: tensor(transpose(read(test, weight)).toArray()),
  bias: read(test, bias),
})

const expectClose = (actual: readonly number[], expected: readonly number[], test: Case): void => {
  const { rtol, atol } = test.tolerance
  const wrong = expected.findIndex(
    (b, i) => !(Math.abs(actual[i]! - b) <= atol + rtol * Math.abs(b)),
  )
  expect(wrong < 0 ? [] : [wrong, actual[wrong], expected[wrong]]).toEqual([])
}

const floats = (test: Case, name: string) => Float32Array.from(test.inputs[name]!.data)

describe.skipIf(cases.length === 0)('models of ../shared/golden', () => {
  it('trains the multilayer perceptron along the reference losses', async () => {
    const test = named('mlp/0')
    const model = multitask(mlp({ in: 20, hidden: [32, 32], activation: relu }), {
      t: classification({ classes: ['0', '1', '2'] }),
    })
    const params = {
      trunk: { layers: [layer(test, 'w0', 'b0'), layer(test, 'w1', 'b1')] },
      heads: { t: { dense: layer(test, 'w2', 'b2') } },
    }
    const data: Rows<'t'> = {
      rows: 16,
      width: 20,
      inputs: floats(test, 'x'),
      targets: {
        t: { values: Int32Array.from(test.inputs.t!.data), mask: new Uint8Array(16).fill(1) },
      },
    }
    const seen: number[] = []
    const onEvent = (event: FitEvent<'t'>) => {
      if (event._tag === 'Stepped') seen.push(event.total)
    }
    const optimizer = adam({ learningRate: test.attrs.lr })
    await fit({ model, params, data, optimizer, epochs: 21, batchSize: 16, seed: 0, onEvent })()
    expectClose(seen, test.outputs.losses!.data, test)
  })

  it('trains the multitask network with missing labels along the reference losses', async () => {
    const test = named('multitask/0')
    const model = multitask(mlp({ in: 8, hidden: [10, 6], activation: tanh }), {
      label: classification({ classes: ['0', '1', '2'] }),
      value: regression(),
    })
    const params = {
      trunk: { layers: [layer(test, 'w0', 'b0'), layer(test, 'w1', 'b1')] },
      heads: {
        label: { dense: layer(test, 'wc', 'bc') },
        value: { dense: layer(test, 'wr', 'br') },
      },
    }
    const data: Rows<'label' | 'value'> = {
      rows: 12,
      width: 8,
      inputs: floats(test, 'x'),
      targets: {
        label: {
          values: Int32Array.from(test.inputs.label!.data),
          mask: Uint8Array.from(test.inputs.label_mask!.data),
        },
        value: {
          values: floats(test, 'target'),
          mask: Uint8Array.from(test.inputs.value_mask!.data),
        },
      },
    }
    const totals: number[] = []
    const first: number[] = []
    const onEvent = (event: FitEvent<'label' | 'value'>) => {
      if (event._tag !== 'Stepped') return
      totals.push(event.total)
      if (event.step === 1) first.push(event.losses.label, event.losses.value)
    }
    const [label, value] = test.attrs.weights
    const weighting = fixed({ label, value })
    const optimizer = adam({ learningRate: test.attrs.lr })
    await fit({
      model,
      params,
      data,
      optimizer,
      weighting,
      epochs: 21,
      batchSize: 12,
      seed: 0,
      onEvent,
    })()
    expectClose(first, test.outputs.losses_by_task!.data, test)
    expectClose(totals, test.outputs.losses!.data, test)
  })
})
