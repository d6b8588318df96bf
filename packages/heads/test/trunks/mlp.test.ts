import { ones, paths, random, type Tensor, tanh } from '@rootstock/core'
import { evaluation, mlp } from '@rootstock/heads'
import { describe, expect, it } from 'vitest'
import { countWhere } from '../countWhere.ts'

const pathsOf = (tree: unknown) =>
  paths(tree).map(([path, leaf]) => `${path} [${(leaf as Tensor).shape.join(', ')}]`)

describe('mlp', () => {
  it('names its parameters by stage', () => {
    const trunk = mlp({ in: 4, hidden: [8], out: 3, normalise: 'layer' })
    expect(pathsOf(trunk.init(random.key(0)))).toMatchInlineSnapshot(`
      [
        "layers/0/weight [4, 8]",
        "layers/0/bias [8]",
        "layers/0/normalise/scale [8]",
        "layers/0/normalise/shift [8]",
        "layers/1/weight [8, 3]",
        "layers/1/bias [3]",
      ]
    `)
  })

  it('offers a tap after every stage', () => {
    const trunk = mlp({ in: 4, hidden: [8, 6], out: 3, activation: tanh })
    const params = trunk.init(random.key(0))
    const x = random.normal(random.key(1), [5, 4])
    expect(trunk.taps).toEqual([
      { name: 'layers/0', width: 8 },
      { name: 'layers/1', width: 6 },
      { name: 'layers/2', width: 3 },
    ])
    const outputs = trunk.outputs(params, x, evaluation)
    expect(outputs.map((y) => y.shape)).toEqual([
      [5, 8],
      [5, 6],
      [5, 3],
    ])
    expect(trunk.tap(params, x, evaluation, 'layers/1').toArray()).toEqual(outputs[1]!.toArray())
    expect(trunk.tap(params, x, evaluation, -1).toArray()).toEqual(
      trunk.apply(params, x, evaluation).toArray(),
    )
  })

  it('ends in a linear stage only when out is given', () => {
    const x = random.normal(random.key(1), [50, 4])
    const least = (trunk: ReturnType<typeof mlp>) =>
      Math.min(...trunk.apply(trunk.init(random.key(0)), x, evaluation).data())
    expect(least(mlp({ in: 4, hidden: [8] }))).toBe(0)
    expect(least(mlp({ in: 4, hidden: [8], out: 3 }))).toBeLessThan(0)
  })

  it('drops inputs and hidden units at their own rates', () => {
    const trunk = mlp({ in: 1000, hidden: [1000], dropout: { input: 0, hidden: 0.5 } })
    const params = trunk.init(random.key(0))
    const dropped = (mode: Parameters<typeof trunk.apply>[2]) => {
      const y = trunk.apply(params, ones([1, 1000]), mode).data()
      return countWhere(y, (value) => value === 0)
    }
    const inactive = dropped(evaluation)
    const expected = inactive + (1000 - inactive) / 2
    expect(Math.abs(dropped({ training: true, key: random.key(1) }) - expected)).toBeLessThan(80)
  })

  it('refuses widths that are none, and lists its taps when one is not known', () => {
    expect(() => mlp({ in: 4, hidden: [8, 0] })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in mlp
        in      4
        hidden  [8, 0]
        rule    every width must be a whole number of at least 1, not 0]
    `)
    expect(() => mlp({ in: 4, hidden: [] })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in mlp
        in      4
        hidden  []
        rule    an mlp needs at least one hidden stage or out]
    `)
    const trunk = mlp({ in: 4, hidden: [8, 6] })
    const params = trunk.init(random.key(0))
    expect(() =>
      trunk.tap(params, ones([1, 4]), evaluation, 'layer/0'),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in tap
        name  layer/0
        rule  the trunk has the taps layers/0, layers/1]
    `)
  })

  it('says which stage an input does not fit', () => {
    const trunk = mlp({ in: 4, hidden: [8] })
    const params = trunk.init(random.key(0))
    expect(() => trunk.apply(params, ones([2, 5]), evaluation)).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in matmul, at layers/0
        left   float32[2, 5]
        right  float32[4, 8]
        rule   columns of left (5) must equal rows of right (4)
        hint   the input has 5 columns; this layer was initialised for 4]
    `)
  })
})
