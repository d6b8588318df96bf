import { adam, jit, leaves, random, reshape, type Tensor } from '@rootstock/core'
import {
  batchNorm,
  dense,
  evaluation,
  fit,
  multitask,
  type Rows,
  regression,
  sequence,
  tapped,
  trunkOf,
} from '@rootstock/heads'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

const stage = (columns: number, out: number) => ({
  ...sequence({
    linear: dense({ in: columns, out }),
    normal: batchNorm({ channels: out, momentum: 0.5 }),
  }),
  out,
})
const trunk = trunkOf({ in: 2, layers: [stage(2, 3), stage(3, 2)] })
const model = multitask(trunk, { y: regression() })

const data: Rows<'y'> = {
  rows: 6,
  width: 2,
  inputs: Float32Array.from({ length: 12 }, (_, i) => 5 + ((i * 7) % 11)),
  targets: {
    y: {
      values: Float32Array.from({ length: 6 }, (_, i) => i),
      mask: new Uint8Array(6).fill(1),
    },
  },
}

const train = async (options: Partial<Parameters<typeof fit<unknown, 'y'>>[0]> = {}) => {
  const result = await fit({
    model,
    data,
    optimizer: adam({ learningRate: 0.01 }),
    epochs: 3,
    batchSize: 6,
    seed: 1,
    ...(options as object),
  })()
  if (!isRight(result)) throw new Error('training failed')
  return result.right
}

const values = (tree: unknown) => (leaves(tree) as Tensor[]).map((x) => x.toArray())

describe('statistics', () => {
  it('move in training, and are what evaluation uses', async () => {
    const { params } = await train()
    const { mean, variance } = params.trunk.layers[0]!.normal.statistics
    expect(Math.min(...mean.data().map(Math.abs))).toBeGreaterThan(0.1)
    expect(variance.toArray()).not.toEqual([1, 1, 1])
    const x = reshape(params.trunk.layers[0]!.linear.weight, [-1, 2])
    const apply = jit((p: typeof params, y: Tensor) => model.apply(p, y, evaluation).y)
    expect(apply(params, x).toArray()).toEqual(model.apply(params, x, evaluation).y.toArray())
  })

  it('are no business of the optimiser', async () => {
    const { state } = await train()
    const moved = leaves(state.params).length
    const optimizer = leaves(state.optimizer) as Tensor[]
    const moments = optimizer.filter((x) => x.rank > 0).length
    expect(moments).toBe(2 * moved)
    expect(leaves(state.statistics).length).toBe(4)
  })

  it('keep every bit where they are frozen, and only there', async () => {
    const before = (await train({ epochs: 1 })).params
    const { params } = await train({ params: before, frozen: ['trunk/layers/0'] })
    expect(values(params.trunk.layers[0])).toEqual(values(before.trunk.layers[0]))
    expect(values(params.trunk.layers[1]!.normal.statistics)).not.toEqual(
      values(before.trunk.layers[1]!.normal.statistics),
    )
  })

  it('go on from a state to the same bits', async () => {
    const whole = await train({ epochs: 4 })
    const half = await train({ epochs: 2 })
    const rest = await train({ epochs: 4, state: half.state })
    expect(values(rest.params)).toEqual(values(whole.params))
  })

  it('belong to the parameters that are kept', async () => {
    const kept = await train({ epochs: 5, validation: data, keep: 'best' })
    const last = await train({ epochs: 5 })
    const best = kept.history.reduce((a, b) => (b.validation!.y! < a.validation!.y! ? b : a)).epoch
    const stopped = await train({ epochs: best })
    expect(values(kept.params)).toEqual(values(stopped.params))
    if (best < 5) expect(values(kept.params)).not.toEqual(values(last.params))
  })

  it('move behind several taps as behind one', () => {
    const wide = tapped(trunk, [0, 1])
    const params = trunk.init(key)
    const mode = { training: true, key } as const
    const x = reshape(params.layers[0]!.linear.weight, [-1, 2])
    const [y, after] = wide.observe!(params, x, mode)
    expect(y.shape).toEqual([3, 5])
    expect(values(after)).toEqual(values(trunk.observe!(params, x, mode)[1]))
  })
})

const key = random.key(3)
