import { adam, type Rate, sgd } from '@rootstock/core'
import { findRate, fit, mlp, multitask, regression } from '@rootstock/heads'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

const rows = 64
const inputs = Float32Array.from({ length: 2 * rows }, (_, i) => Math.sin(7 * i + 1))
const values = Float32Array.from(
  { length: rows },
  (_, i) => 2 * inputs[2 * i]! - inputs[2 * i + 1]! ** 2,
)
const mask = new Uint8Array(rows).fill(1)
const model = multitask(mlp({ in: 2, hidden: [16] }), { y: regression() })
const data = { rows, width: 2, inputs, targets: { y: { values, mask } } }
const common = { model, data, batchSize: 16, seed: 3 }

describe('findRate', () => {
  it.each([
    ['sgd', (learningRate: Rate) => sgd({ learningRate, momentum: 0.9 }), 10],
    ['adam', (learningRate: Rate) => adam({ learningRate }), 10],
  ] as const)(
    'suggests a rate for %s that trains better than much lower ones',
    async (_, of, to) => {
      const found = await findRate({ ...common, optimizer: of, to })()
      if (!isRight(found)) throw new Error(found.left._tag)
      const { suggested, trials } = found.right
      expect(suggested).toBeGreaterThan(1e-4)
      expect(trials.every(({ rate }, i) => i === 0 || rate > trials[i - 1]!.rate)).toBe(true)
      const lossAt = async (learningRate: number) => {
        const result = await fit({ ...common, optimizer: of(learningRate), epochs: 10 })()
        return isRight(result) ? result.right.history.at(-1)!.losses.y! : Number.POSITIVE_INFINITY
      }
      const [good, low] = [await lossAt(suggested! / 3), await lossAt(suggested! / 100)]
      expect(good).toBeLessThan(0.5 * low)
    },
  )

  it('ends when the loss runs away, and takes that for an answer', async () => {
    const optimizer = (learningRate: Rate) => sgd({ learningRate })
    const found = await findRate({ ...common, optimizer, from: 1e-3, to: 1e6, steps: 60 })()
    if (!isRight(found)) throw new Error(found.left._tag)
    expect(found.right.trials.length).toBeLessThan(60)
    expect(found.right.suggested).toBeLessThan(10)
  })

  it('makes as many steps as it was asked for', async () => {
    const optimizer = (learningRate: Rate) => sgd({ learningRate })
    const found = await findRate({ ...common, optimizer, to: 1e-4, steps: 11 })()
    if (!isRight(found)) throw new Error(found.left._tag)
    expect(found.right.trials.length).toBe(11)
    expect(found.right.trials[0]!.rate).toBe(1e-6)
    expect(found.right.trials.at(-1)!.rate).toBeCloseTo(1e-4, 12)
  })

  it('says which number of the data is not one, and that it was aborted', async () => {
    const optimizer = (learningRate: Rate) => sgd({ learningRate })
    const spoiled = { ...data, inputs: inputs.map((x, i) => (i === 5 ? Number.NaN : x)) }
    const found = await findRate({ ...common, data: spoiled, optimizer })()
    expect(isLeft(found) && found.left._tag).toBe('Diverged')
    const aborted = await findRate({ ...common, optimizer, signal: AbortSignal.abort() })()
    expect(isLeft(aborted) && aborted.left._tag).toBe('Aborted')
  })

  it('needs a range', async () => {
    const optimizer = (learningRate: Rate) => sgd({ learningRate })
    await expect(
      findRate({ ...common, optimizer, from: 1, to: 0.1 })(),
    ).rejects.toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in findRate
        from   1
        to     0.1
        steps  100
        rule   from must be above 0, to above from, and steps a whole number of at least 10]
    `)
  })
})
