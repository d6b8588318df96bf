import { adam, paths, random, type Tensor, tanh, tensor } from '@rootstock/core'
import { evaluation, explainFit, type FitEvent, mlp, multitask, regression } from '@rootstock/heads'
import {
  type Corruption,
  type Denoised,
  type DenoiseOptions,
  denoise,
  denoiser,
  gaussian,
  marginalNats,
  masking,
  type Scored,
  saltAndPepper,
  swap,
} from '@rootstock/pretrain'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { columns, planted, width } from './table.ts'

const trunk = mlp({ in: width, hidden: [32], activation: tanh })
type Params = ReturnType<typeof trunk.init>

const options: DenoiseOptions<Params> = {
  trunk,
  columns,
  data: planted(256),
  corruption: swap({ probability: 0.3 }),
  optimizer: adam({ learningRate: 0.01 }),
  epochs: 40,
  batchSize: 64,
  seed: 3,
}

const run = async (changes: Partial<DenoiseOptions<Params>> = {}): Promise<Denoised<Params>> => {
  const result = await denoise({ ...options, ...changes })()
  if (E.isLeft(result)) throw new Error(explainFit(result.left))
  return result.right
}

const bits = (params: unknown) =>
  paths(params).map(([path, leaf]) => [path, ...(leaf as Tensor).data()] as const)

/** Mean squared error on the spectrum (features 6 to 9) of unseen rows: of the reconstruction, and of the corrupted input. */
const errors = async (corruption: Corruption) => {
  const { trunk: trained, decoder } = await run({ corruption })
  const data = planted(512)
  const from = 256 * width
  const clean = data.inputs.slice(from)
  const x = tensor(clean, { shape: [256, width] })
  const { corrupted } = corruption(random.key(9), x, columns)
  const model = denoiser({ ...options, corruption })
  const found = model.reconstruct({ trunk: trained, decoder }, corrupted, evaluation).data()
  const copied = corrupted.data()
  const error = (values: ArrayLike<number>) => {
    let sum = 0
    for (let i = 0; i < clean.length; i++) {
      if (i % width >= 6) sum += (values[i]! - clean[i]!) ** 2
    }
    return sum / (256 * 4)
  }
  return { reconstruction: error(found), copy: error(copied) }
}

describe('denoise', () => {
  const corruptions = {
    masking: masking({ probability: 0.3 }),
    gaussian: gaussian({ deviation: 0.5 }),
    saltAndPepper: saltAndPepper({ probability: 0.3 }),
    swap: swap({ probability: 0.3 }),
  }
  for (const [name, corruption] of Object.entries(corruptions)) {
    it(`reconstructs unseen rows better than copying the corrupted input (${name})`, async () => {
      const { reconstruction, copy } = await errors(corruption)
      expect(reconstruction).toBeLessThan(0.6 * copy)
    })
  }

  it('reports nats for each kind of column, below those of the marginals', async () => {
    const { history, marginal } = await run()
    const last = history.at(-1)!.losses
    expect(Object.keys(last)).toEqual(['numeric', 'categorical', 'binary'])
    for (const kind of ['numeric', 'categorical', 'binary'] as const) {
      expect(last[kind]).toBeLessThan(marginal[kind]!)
    }
  })

  it('returns parameters that graft onto a model with the same trunk', async () => {
    const { trunk: pretrained } = await run({ epochs: 2 })
    const model = multitask(trunk, { quality: regression() })
    const params = { ...model.init(random.key(0)), trunk: pretrained }
    const x = tensor(planted(2).inputs.slice(), { shape: [2, width] })
    expect(model.features(params, x).shape).toEqual([2, 32])
  })

  it('gives the same bits for the same seed', async () => {
    const [first, again, other] = [
      await run({ epochs: 2 }),
      await run({ epochs: 2 }),
      await run({ epochs: 2, seed: 4 }),
    ]
    expect(bits(again.trunk)).toEqual(bits(first.trunk))
    expect(bits(other.trunk)).not.toEqual(bits(first.trunk))
  })

  it('scores only corrupted cells when asked', async () => {
    const model = denoiser({
      ...options,
      positions: 'corrupted',
      corruption: swap({ probability: 0 }),
    })
    const params = model.init(random.key(0))
    const x = tensor(options.data.inputs.slice(0, 8 * width), { shape: [8, width] })
    const losses = model.losses(
      params,
      { inputs: x, targets: {} },
      { training: true, key: random.key(0) },
    )
    expect([losses.numeric.item(), losses.categorical.item(), losses.binary.item()]).toEqual([
      0, 0, 0,
    ])
    const { history } = await run({ positions: 'corrupted', epochs: 20 })
    expect(history.at(-1)!.losses.categorical!).toBeLessThan(history[0]!.losses.categorical!)
  })

  it('scores no value that is missing', () => {
    const model = denoiser({ ...options, corruption: swap({ probability: 0 }) })
    const params = model.init(random.key(0))
    const rows = planted(8).inputs
    const losses = (first: number) => {
      const inputs = rows.slice()
      inputs[0] = first
      inputs[1] = 1
      const x = tensor(inputs, { shape: [8, width] })
      const decoded = model.reconstruct(params, x, evaluation)
      // the same outputs, so that only the target differs
      return { decoded, nats: model.losses(params, { inputs: x, targets: {} }, evaluation).numeric }
    }
    const byHand = (first: number) => {
      const { decoded, nats } = losses(first)
      const outputs = decoded.data()
      let sum = 0
      let cells = 0
      for (let row = 0; row < 8; row++) {
        for (const at of [0, 6, 7, 8, 9]) {
          const isMissing = at === 0 && (row === 0 || rows[row * width + 1] === 1)
          if (isMissing) continue
          cells++
          sum +=
            (outputs[row * width + at]! - rows[row * width + at]!) ** 2 / 2 +
            0.5 * Math.log(2 * Math.PI)
        }
      }
      expect(nats.item()).toBeCloseTo(sum / cells, 4)
    }
    byHand(0)
    byHand(100)
  })

  it('learns the variance of numbers, and then knows more than a fixed one', async () => {
    const fixedVariance = await run()
    const learned = await run({ variance: 'learned' })
    expect(learned.history.at(-1)!.losses.numeric!).toBeLessThan(
      fixedVariance.history.at(-1)!.losses.numeric!,
    )
    expect(learned.history.at(-1)!.losses.numeric!).toBeLessThan(learned.marginal.numeric!)
  })

  it('takes decoders with hidden stages, validation rows and events', async () => {
    const events: FitEvent<Scored>[] = []
    const { decoder, history } = await run({
      decoder: [16],
      epochs: 2,
      validation: planted(64),
      onEvent: (event) => events.push(event),
    })
    expect(paths(decoder).map(([path]) => path)).toEqual([
      'hidden/layers/0/weight',
      'hidden/layers/0/bias',
      'output/weight',
      'output/bias',
    ])
    expect(history.at(-1)!.validation!.numeric).toBeGreaterThan(0)
    expect(events[0]).toMatchObject({ _tag: 'Started', labelled: { numeric: 256 } })
  })

  it('can be aborted', async () => {
    const result = await denoise({ ...options, signal: AbortSignal.abort() })()
    expect(E.isLeft(result) && result.left._tag).toBe('Aborted')
  })

  it('refuses columns, trunks and values that do not fit', () => {
    expect(() =>
      denoise({ ...options, trunk: mlp({ in: 9, hidden: [4] }) }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in denoiser
        trunk.in             9
        features of columns  10
        rule                 the trunk must take as many features as the columns have]
    `)
    expect(() => denoise({ ...options, variance: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in denoiser
        variance  0
        rule      variance must be a positive number or 'learned']
    `)
    const data = planted(4)
    data.inputs[2 * width + 5] = 7
    expect(() => denoise({ ...options, data })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in denoise
        column  wine
        kind    binary
        row     2
        value   7
        rule    features of binary columns must be between 0 and 1]
    `)
  })
})

describe('marginalNats', () => {
  it('are entropies of classes and coins and the Gaussian of numbers', () => {
    const inputs = Float32Array.of(1, 1, 0, 0, -1, 0, 1, 1, 3, 0, 1, 1, -3, 1, 0, 0)
    const found = marginalNats(
      { rows: 4, width: 4, inputs },
      [
        { name: 'x', kind: 'numeric', from: 0, to: 1 },
        { name: 'c', kind: 'categorical', from: 1, to: 3 },
        { name: 'b', kind: 'binary', from: 3, to: 4 },
      ],
      1,
    )
    expect(found.numeric).toBeCloseTo(0.5 * Math.log(2 * Math.PI) + 5 / 2, 6)
    expect(found.categorical).toBeCloseTo(Math.log(2), 6)
    expect(found.binary).toBeCloseTo(Math.log(2), 6)
  })
})
