import { adam, leaves, memory, random, type Tensor, zeros } from '@rootstock/core'
import {
  compileStep,
  equal,
  fit,
  gather,
  mlp,
  multitask,
  type Rows,
  regression,
} from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

const model = multitask(mlp({ in: 8, hidden: [16] }), { y: regression() })
const optimizer = adam()
const data: Rows<'y'> = {
  rows: 32,
  width: 8,
  inputs: Float32Array.from({ length: 256 }, (_, i) => Math.sin(i)),
  targets: {
    y: {
      values: Float32Array.from({ length: 32 }, (_, i) => i / 32),
      mask: new Uint8Array(32).fill(1),
    },
  },
}

const live = (): number => memory().resident + memory().arena

describe('memory', () => {
  it('is flat over a thousand synchronous steps', () => {
    const step = compileStep({ model, weighting: equal(), optimizer })
    const params = model.init(random.key(0))
    let state = {
      params: params as unknown,
      statistics: {} as unknown,
      weighting: {} as unknown,
      optimizer: optimizer.init({ params, weighting: {} }) as unknown,
      key: random.key(1),
      step: zeros([], { dtype: 'int32' }),
    }
    const batch = () =>
      gather(
        data,
        ['y'],
        Int32Array.from({ length: 32 }, (_, i) => i),
      ).batch
    let after100 = 0
    for (let i = 0; i < 1100; i++) {
      state = step(state, {}, batch())[0]
      if (i === 99) after100 = live()
    }
    expect(live()).toBeLessThanOrEqual(after100)
    expect(leaves(state).every((leaf) => Number.isFinite((leaf as Tensor).data()[0]))).toBe(true)
  })

  it('is flat over a thousand asynchronous steps', async () => {
    const seen: number[] = []
    await fit({
      model,
      data,
      optimizer,
      epochs: 550,
      batchSize: 16,
      seed: 0,
      onEvent: (event) => {
        if (event._tag === 'EpochEnded') seen.push(live())
      },
    })()
    expect(seen.at(-1)).toBeLessThanOrEqual(seen[49]!)
  })
})
