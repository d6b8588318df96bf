import { concatenate, random } from '@rootstock/core'
import { evaluation, mlp, multitask, regression, tapped } from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

const trunk = mlp({ in: 3, hidden: [5, 4], out: 2 })
const params = trunk.init(random.key(0))
const x = random.normal(random.key(1), [6, 3])

describe('tapped', () => {
  it('gives the outputs of its taps side by side, in the order asked for', () => {
    const wide = tapped(trunk, [-1, 'layers/0'])
    const [first, , last] = trunk.outputs(params, x, evaluation)
    expect(wide.out).toBe(7)
    expect(wide.apply(params, x, evaluation).toArray()).toEqual(
      concatenate([last!, first!], { axis: 1 }).toArray(),
    )
  })

  it('stops at its only tap', () => {
    const early = tapped(trunk, 'layers/1')
    expect(early.out).toBe(4)
    expect(early.apply(params, x, evaluation).toArray()).toEqual(
      trunk.tap(params, x, evaluation, 1).toArray(),
    )
  })

  it('carries heads, and is what the model calls its features', () => {
    const model = multitask(tapped(trunk, [0, 1]), { y: regression() })
    const all = { ...model.init(random.key(2)), trunk: params }
    expect(model.apply(all, x, evaluation).y.shape).toEqual([6])
    expect(model.features(all, x).shape).toEqual([6, 9])
    expect(model.features(all, x, 'layers/1').shape).toEqual([6, 4])
  })

  it('refuses taps that are absent, missing or doubled', () => {
    expect(() => tapped(trunk, [])).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in tapped
        taps  []
        rule  there must be at least one tap, and no tap twice]
    `)
    expect(() => tapped(trunk, [2, -1])).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in tapped
        taps  [2, -1]
        rule  there must be at least one tap, and no tap twice]
    `)
    expect(() => tapped(trunk, 'layers/3')).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in tap
        name  layers/3
        rule  the trunk has the taps layers/0, layers/1, layers/2]
    `)
  })
})
