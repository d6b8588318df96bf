import { mul, pow, sgd } from '@rootstock/core'
import { explainFit, fit, mlp, multitask } from '@rootstock/heads'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { bits, heads, options, run, ten } from './tenRows.ts'

describe('fit stops', () => {
  it('before the update when a loss is not finite, naming the task and the step', async () => {
    const data = ten()
    data.targets.size.values[2] = Number.POSITIVE_INFINITY
    const result = await fit({ ...options, data, batchSize: 10 })()
    if (E.isRight(result) || result.left._tag !== 'Diverged') throw new Error('must diverge')
    expect(explainFit(result.left)).toMatchInlineSnapshot(
      `"training stopped at step 1 (epoch 1): the loss of task "size" is not finite; the parameters before this step are kept; row 2 of the data is to blame: its label of "size" is not finite"`,
    )
    expect(result.left).toMatchObject({
      cause: 'loss',
      task: 'size',
      step: 1,
      epoch: 1,
      source: { row: 2, label: 'size' },
    })
    const untouched = await fit({ ...options, data: ten(), optimizer: sgd({ learningRate: 0 }) })()
    if (E.isLeft(untouched)) throw new Error('must fit')
    expect(bits(result.left.params)).toEqual(bits(untouched.right.params))
  })

  it('when the parameters explode, with the last finite ones', async () => {
    const result = await fit({ ...options, epochs: 50, optimizer: sgd({ learningRate: 1e12 }) })()
    if (E.isRight(result) || result.left._tag !== 'Diverged') throw new Error('must diverge')
    expect(result.left.step).toBeGreaterThan(1)
    expect(bits(result.left.params).every(([, ...values]) => values.every(Number.isFinite))).toBe(
      true,
    )
  })

  it('naming the parameter when only a gradient is not finite', async () => {
    const steep = multitask(
      mlp({ in: 4, hidden: [4], activation: (x) => pow(mul(x, 0), 0.5) }),
      heads,
    )
    const result = await fit({ ...options, model: steep })()
    if (E.isRight(result) || result.left._tag !== 'Diverged') throw new Error('must diverge')
    expect(result.left.cause).toBe('gradient')
    expect(explainFit(result.left)).toMatchInlineSnapshot(
      `"training stopped at step 1 (epoch 1): the gradient of task "kind" with respect to trunk/layers/0/weight is not finite; the parameters before this step are kept; a smaller learning rate or clipByGlobalNorm usually helps"`,
    )
  })

  it('naming the row and column when an input is not finite', async () => {
    const data = ten()
    data.inputs[4 * 6 + 2] = Number.NaN
    const result = await fit({ ...options, data, batchSize: 10 })()
    if (E.isRight(result)) throw new Error('must diverge')
    expect(result.left).toMatchObject({ _tag: 'Diverged', source: { row: 6, column: 2 } })
    expect(explainFit(result.left)).toMatchInlineSnapshot(
      `"training stopped at step 1 (epoch 1): the loss of task "kind" is not finite; the parameters before this step are kept; row 6 of the data is to blame: its input 2 is not finite"`,
    )
  })

  it('when it is aborted, and goes on from there to the same bits', async () => {
    const controller = new AbortController()
    const result = await fit({
      ...options,
      signal: controller.signal,
      onEvent: (event) => {
        if (event._tag === 'Stepped' && event.step === 4) controller.abort()
      },
    })()
    if (E.isRight(result) || result.left._tag !== 'Aborted') throw new Error('must be aborted')
    expect(result.left.step).toBe(4)
    expect(explainFit(result.left)).toMatchInlineSnapshot(
      `"training was aborted after step 4; the parameters after this step are kept"`,
    )
    const rest = await run({ state: result.left.state })
    expect(bits(rest.params)).toEqual(bits((await run()).params))
  })
})
