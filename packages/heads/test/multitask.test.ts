import { ones, paths, random, tensor } from '@rootstock/core'
import {
  classification,
  dense,
  evaluation,
  mlp,
  multitask,
  regression,
  trunkOf,
} from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

const species = classification({ classes: ['setosa', 'versicolor', 'virginica'] })
const model = multitask(mlp({ in: 4, hidden: [8, 6] }), { species, width: regression() })

describe('multitask', () => {
  it('keys parameters by trunk and task', () => {
    const params = model.init(random.key(0))
    expect(paths(params).map(([path]) => path)).toMatchInlineSnapshot(`
      [
        "trunk/layers/0/weight",
        "trunk/layers/0/bias",
        "trunk/layers/1/weight",
        "trunk/layers/1/bias",
        "heads/species/dense/weight",
        "heads/species/dense/bias",
        "heads/width/dense/weight",
        "heads/width/dense/bias",
      ]
    `)
  })

  it('predicts by task', () => {
    const predicted = model.apply(model.init(random.key(0)), ones([5, 4]), evaluation)
    expect(predicted.species.probabilities.shape).toEqual([5, 3])
    expect(predicted.species.classes).toEqual(['setosa', 'versicolor', 'virginica'])
    expect(predicted.width.shape).toEqual([5])
  })

  it('gives a loss for each task, 0 for one without labels', () => {
    const losses = model.losses(
      model.init(random.key(0)),
      {
        inputs: ones([2, 4]),
        targets: {
          species: { values: tensor(Int32Array.of(0, 1)), mask: tensor([true, true]) },
          width: { values: tensor([1, 2]), mask: tensor([false, false]) },
        },
      },
      evaluation,
    )
    expect(Object.keys(losses)).toEqual(['species', 'width'])
    expect(losses.species.item()).toBeGreaterThan(0)
    expect(losses.width.item()).toBe(0)
  })

  it('keeps the parameters of other parts when a head is added', () => {
    const larger = multitask(model.trunk, { ...model.heads, length: regression() })
    const before = model.init(random.key(3))
    const after = larger.init(random.key(3))
    expect(after.trunk.layers[1]!.weight.toArray()).toEqual(
      before.trunk.layers[1]!.weight.toArray(),
    )
    expect(after.heads.width.dense.weight.toArray()).toEqual(
      before.heads.width.dense.weight.toArray(),
    )
  })

  it('gives features at any tap', () => {
    const params = model.init(random.key(0))
    expect(model.features(params, ones([2, 4])).shape).toEqual([2, 6])
    expect(model.features(params, ones([2, 4]), 'layers/0').shape).toEqual([2, 8])
  })

  it('refuses a head initialised for another width, when it is built', () => {
    expect(() =>
      multitask(mlp({ in: 4, hidden: [64], out: 128 }), {
        species: classification({ classes: [...'0123456789'], features: 64 }),
      }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in matmul, at heads/species/dense
        left   float32[32, 128]
        right  float32[64, 10]
        rule   columns of left (128) must equal rows of right (64)
        hint   the trunk is declared with out: 128; this head was initialised for 64 features]
    `)
  })

  it('refuses stages that do not fit, when it is built', () => {
    const stage = (columns: number, out: number) => ({ ...dense({ in: columns, out }), out })
    expect(() =>
      multitask(trunkOf({ in: 4, layers: [stage(4, 8), stage(9, 3)] }), { width: regression() }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in matmul, at trunk/layers/1
        left   float32[32, 8]
        right  float32[9, 3]
        rule   columns of left (8) must equal rows of right (9)
        hint   the input has 8 columns; this layer was initialised for 9]
    `)
  })

  it('says which head the parameters of another model do not fit', () => {
    const narrow = multitask(mlp({ in: 4, hidden: [5] }), model.heads).init(random.key(0))
    const mixed = { ...model.init(random.key(0)), heads: narrow.heads }
    expect(() => model.apply(mixed, ones([32, 4]), evaluation)).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in matmul, at heads/species/dense
        left   float32[32, 6]
        right  float32[5, 3]
        rule   columns of left (6) must equal rows of right (5)
        hint   the trunk is declared with out: 6; this head was initialised for 5 features]
    `)
  })

  it('says that the inputs are too wide for the trunk', () => {
    const params = model.init(random.key(0))
    expect(() =>
      model.apply(params, ones([32, 5]), evaluation),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in matmul, at trunk/layers/0
        left   float32[32, 5]
        right  float32[4, 8]
        rule   columns of left (5) must equal rows of right (4)
        hint   the input has 5 columns; this layer was initialised for 4]
    `)
  })

  it('needs a head', () => {
    expect(() => multitask(mlp({ in: 4, hidden: [5] }), {})).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in multitask
        heads  []
        rule   a model needs at least one head]
    `)
  })
})
