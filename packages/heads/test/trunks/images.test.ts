import {
  adam,
  argMax,
  heNormal,
  mean,
  paths,
  random,
  relu,
  square,
  type Tensor,
  tensor,
} from '@rootstock/core'
import {
  classification,
  conv,
  convnet,
  evaluation,
  fit,
  mlp,
  multitask,
  type Rows,
  resnet,
  type Trunk,
} from '@rootstock/heads'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

const pathsOf = (tree: unknown) =>
  paths(tree).map(([path, leaf]) => `${path} [${(leaf as Tensor).shape.join(', ')}]`)

describe('convnet', () => {
  it('names its parameters by stage', () => {
    const trunk = convnet({ in: [4, 4, 1], channels: [2], hidden: [3] })
    expect(pathsOf(trunk.init(random.key(0)))).toMatchInlineSnapshot(`
      [
        "layers/0/weight [3, 3, 1, 2]",
        "layers/0/normalise/scale [2]",
        "layers/0/normalise/shift [2]",
        "layers/0/normalise/statistics/mean [2]",
        "layers/0/normalise/statistics/variance [2]",
        "layers/1/weight [8, 3]",
        "layers/1/bias [3]",
      ]
    `)
  })

  it('is told when nothing would be left of space', () => {
    expect(() =>
      convnet({ in: [4, 4, 1], channels: [2, 2, 2] }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in convnet
        in        [4, 4, 1]
        channels  [2, 2, 2]
        pool      2
        rule      there must be a stage, and pooling must leave something of space]
    `)
    expect(() => convnet({ in: [784] })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in convnet
        in    [784]
        rule  in must be [...space, channels], whole numbers of at least 1, with at least one axis of space]
    `)
  })
})

describe('resnet', () => {
  it('names its parameters by stage and block', () => {
    const trunk = resnet({ in: [4, 4, 1], channels: [2, 3], normalise: 'none' })
    expect(pathsOf(trunk.init(random.key(0)))).toMatchInlineSnapshot(`
      [
        "layers/0/stem/weight [3, 3, 1, 2]",
        "layers/0/stem/bias [2]",
        "layers/0/blocks/0/first/weight [3, 3, 2, 2]",
        "layers/0/blocks/0/first/bias [2]",
        "layers/0/blocks/0/second/weight [3, 3, 2, 2]",
        "layers/0/blocks/0/second/bias [2]",
        "layers/1/blocks/0/first/weight [3, 3, 2, 3]",
        "layers/1/blocks/0/first/bias [3]",
        "layers/1/blocks/0/second/weight [3, 3, 3, 3]",
        "layers/1/blocks/0/second/bias [3]",
        "layers/1/blocks/0/shortcut/weight [1, 1, 2, 3]",
        "layers/1/blocks/0/shortcut/bias [3]",
      ]
    `)
  })

  it('halves space in every stage but the first', () => {
    const trunk = resnet({ in: [9, 8, 1], channels: [2, 3, 4] })
    const x = random.normal(random.key(1), [2, 72])
    expect(trunk.apply(trunk.init(random.key(0)), x, evaluation).shape).toEqual([2, 4])
    expect(() => resnet({ in: [4, 4, 1], blocks: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in resnet
        channels  [16, 32, 64]
        blocks    0
        rule      there must be at least one stage of at least one block]
    `)
  })
})

describe('initial weights', () => {
  // half of the variance 2 that he-normal weights give survives relu
  it('keep the mean square of signals at 1, stage after stage', () => {
    const trunk = mlp({ in: 128, hidden: [256, 256, 256] })
    const x = random.normal(random.key(1), [64, 128])
    for (const y of trunk.outputs(trunk.init(random.key(0)), x, evaluation)) {
      expect(Math.abs(mean(square(y)).item() - 1)).toBeLessThan(0.2)
    }
  })

  it('do so for convolutions, whose windows count as inputs', () => {
    const convs = [
      conv({ in: 16, out: 64, window: [3, 3], init: heNormal, bias: false }),
      conv({ in: 64, out: 64, window: [3, 3], init: heNormal, bias: false }),
    ]
    let y = random.normal(random.key(1), [8, 12, 12, 16])
    for (const layer of convs) {
      y = relu(layer.apply(layer.init(random.key(0)), y, evaluation))
      expect(Math.abs(mean(square(y)).item() - 1)).toBeLessThan(0.2)
    }
  })
})

describe('learning', () => {
  /** Bars of a random place and strength in noise: class 1 stands, class 0 lies. */
  const bars = (rows: number, seed: number): Rows<'stands'> => {
    const noise = random.normal(random.key(seed), [rows, 36], { deviation: 0.3 }).data()
    const places = random.integers(random.key(seed + 1), [rows], { high: 6 }).data()
    const inputs = Float32Array.from(noise)
    const classes = Int32Array.from({ length: rows }, (_, row) => row % 2)
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < 6; i++) {
        const at = classes[row] === 1 ? i * 6 + places[row]! : places[row]! * 6 + i
        inputs[row * 36 + at]! += 1
      }
    }
    const mask = new Uint8Array(rows).fill(1)
    return { rows, width: 36, inputs, targets: { stands: { values: classes, mask } } }
  }

  it.each([
    ['convnet', convnet({ in: [6, 6, 1], channels: [8, 8] })],
    ['resnet', resnet({ in: [6, 6, 1], channels: [8, 8], normalise: 'batch' })],
  ])('tells standing from lying bars wherever they are: %s', async (_, trunk) => {
    const model = multitask(trunk as Trunk<unknown>, {
      stands: classification({ classes: ['no', 'yes'] }),
    })
    const result = await fit({
      model,
      data: bars(128, 1),
      optimizer: adam({ learningRate: 0.01 }),
      epochs: 12,
      batchSize: 32,
      seed: 3,
    })()
    if (!isRight(result)) throw new Error('training failed')
    const test = bars(200, 9)
    const inputs = tensor(test.inputs, { shape: [200, 36] })
    const { logits } = model.apply(result.right.params, inputs, evaluation).stands
    const right = argMax(logits, { axis: 1 })
      .data()
      .filter((found, row) => found === row % 2).length
    expect(right).toBeGreaterThan(180)
  })
})
