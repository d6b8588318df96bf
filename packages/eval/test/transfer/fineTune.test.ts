import { adam, paths, random, type Tensor } from '@rootstock/core'
import { evaluate, type FineTuneOptions, fineTune, linearProbe } from '@rootstock/eval'
import { explainFit, type FitEvent, fit, headsOf, mlp, multitask } from '@rootstock/heads'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { menu } from '../menu.ts'

const { train, test: unseen } = menu()
const heads = headsOf(train.targets)
const model = multitask(mlp({ in: train.width, hidden: [16] }), heads)
const { trunk } = model.init(random.key(5))
type Options = FineTuneOptions<typeof trunk, typeof heads>

const options: Options = {
  model,
  trunk,
  data: train,
  optimizer: adam({ learningRate: 0.02 }),
  epochs: 4,
  batchSize: 32,
  seed: 3,
}

const right = <L, R>(either: E.Either<L, R>): R => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}

const run = async (changes: Partial<Options> = {}) =>
  right(await fineTune({ ...options, ...changes })())

const bits = (params: unknown) =>
  paths(params).map(([path, leaf]) => [path, ...(leaf as Tensor).data()] as const)

describe('fineTune', () => {
  test('frozen keeps every bit of the trunk and trains the heads', async () => {
    const { params, history } = await run({ strategy: 'frozen', epochs: 10 })
    expect(bits(params.trunk)).toEqual(bits(trunk))
    expect(history.at(-1)!.losses.price!).toBeLessThan(history[0]!.losses.price!)
  })

  test('full moves the trunk as well, and leaves the one it was given as it is', async () => {
    const before = bits(trunk)
    const { params } = await run({ strategy: 'full' })
    expect(bits(params.trunk)).not.toEqual(before)
    expect(bits(trunk)).toEqual(before)
  })

  test('full is fit from the trunk and the heads of the seed, to the bit', async () => {
    const own = right(
      await fit({ ...options, params: { ...model.init(random.fold(random.key(3), 0)), trunk } })(),
    )
    expect(bits((await run({ strategy: 'full' })).params)).toEqual(bits(own.params))
  })

  test('frozenThenFull starts where the linear probe ends', async () => {
    const probed = right(await linearProbe({ model, trunk, data: train })())
    const still = await run({ strategy: 'frozenThenFull', rate: 0 })
    expect(bits(still.params)).toEqual(bits(probed.params))
    const tuned = await run({})
    const rmse = (params: typeof tuned.params) => {
      const { price } = evaluate(model, params, train)
      return 'rmse' in price ? price.rmse : Number.NaN
    }
    expect(rmse(tuned.params)).toBeLessThan(rmse(probed.params))
  })

  test('frozenThenFull counts the epochs, steps and events of both phases', async () => {
    const events: FitEvent<string>[] = []
    const probed = right(await linearProbe({ model, trunk, data: train })())
    const { history, steps } = await run({ onEvent: (event) => events.push(event) })
    expect(history.map(({ epoch }) => epoch)).toEqual(history.map((_, i) => i + 1))
    expect(history).toHaveLength(probed.steps + 4)
    expect(steps).toBe(probed.steps + 4 * Math.ceil(160 / 32))
    expect(events.filter((event) => event._tag === 'Started')).toHaveLength(2)
    expect(history.every((epoch, i) => i === 0 || epoch.seconds >= history[i - 1]!.seconds)).toBe(
      true,
    )
  })

  test('gives the same bits for the same seed, and others for another where heads are drawn', async () => {
    for (const strategy of ['frozen', 'full', 'frozenThenFull'] as const) {
      const [first, again] = [await run({ strategy }), await run({ strategy })]
      expect(bits(again.params)).toEqual(bits(first.params))
    }
    const [first, other] = [
      await run({ strategy: 'full' }),
      await run({ strategy: 'full', seed: 4 }),
    ]
    expect(bits(other.params)).not.toEqual(bits(first.params))
  })

  test('fails as training fails, in either phase', async () => {
    const inputs = train.inputs.slice()
    inputs[0] = Number.POSITIVE_INFINITY
    const data = { ...train, inputs }
    const explained = async (strategy: Options['strategy'] & string) => {
      const result = await fineTune({ ...options, data, strategy, batchSize: 160 })()
      return E.isLeft(result) ? explainFit(result.left) : 'it did not fail'
    }
    expect(await explained('full')).toMatchInlineSnapshot(
      `"training stopped at step 1 (epoch 1): the loss of task "kind" is not finite; the parameters before this step are kept; row 0 of the data is to blame: its input 0 is not finite"`,
    )
    expect(await explained('frozenThenFull')).toMatchInlineSnapshot(
      `"training stopped at step 1 (epoch 1): the loss of task "kind" is not finite; the parameters before this step are kept; row 0 of the data is to blame: its input 0 is not finite"`,
    )
    const aborted = await fineTune({ ...options, signal: AbortSignal.abort() })()
    expect(E.isLeft(aborted) && aborted.left._tag).toBe('Aborted')
  })

  test('has unseen rows right after few epochs on labels of few rows', async () => {
    const { params } = await run({ minSteps: 100 })
    const { kind } = evaluate(model, params, unseen)
    expect('accuracy' in kind && kind.accuracy).toBeGreaterThan(0.8)
  })
})
