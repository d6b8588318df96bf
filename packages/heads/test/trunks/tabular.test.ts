import { adam, paths, random, type Tensor } from '@rootstock/core'
import { fit, multitask, type Rows, regression, tabular } from '@rootstock/heads'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

/** A number and one of three categories. */
const columns = [
  { from: 0, to: 1 },
  { from: 1, to: 4 },
]

const bodies = ['mlp', 'resnet', 'transformer'] as const

describe('tabular', () => {
  const shapesOf = (body: (typeof bodies)[number]) => {
    const trunk = tabular({ columns, body, width: 6, depth: 1, embedding: 2, heads: 2 })
    return paths(trunk.init(random.key(0))).map(
      ([path, leaf]) => `${path} [${(leaf as Tensor).shape.join(', ')}]`,
    )
  }

  it('names its parameters by stage', () => {
    expect(shapesOf('mlp')).toMatchInlineSnapshot(`
      [
        "layers/0/embedding/weight [4, 2]",
        "layers/0/embedding/bias [2, 2]",
        "layers/1/weight [4, 6]",
        "layers/1/bias [6]",
      ]
    `)
    expect(shapesOf('resnet')).toMatchInlineSnapshot(`
      [
        "layers/0/embedding/weight [4, 2]",
        "layers/0/embedding/bias [2, 2]",
        "layers/0/join/weight [4, 6]",
        "layers/0/join/bias [6]",
        "layers/1/normalise/scale [6]",
        "layers/1/normalise/shift [6]",
        "layers/1/inner/weight [6, 12]",
        "layers/1/inner/bias [12]",
        "layers/1/outer/weight [12, 6]",
        "layers/1/outer/bias [6]",
        "layers/1/last/scale [6]",
        "layers/1/last/shift [6]",
      ]
    `)
  })

  it.each(bodies)('learns a wave whose sign and height depend on a category: %s', async (body) => {
    const rows = 192
    const numbers = random.uniform(random.key(1), [rows], { low: -1.7, high: 1.7 }).data()
    const inputs = new Float32Array(4 * rows)
    const values = Float32Array.from(numbers, (x, row) => {
      const category = row % 3
      inputs[4 * row] = x
      inputs[4 * row + 1 + category] = 1
      return [Math.sin(2 * x), -Math.sin(2 * x), 0.5][category]!
    })
    const data: Rows<'y'> = {
      rows,
      width: 4,
      inputs,
      targets: { y: { values, mask: new Uint8Array(rows).fill(1) } },
    }
    const trunk = tabular({ columns, body, width: 24, dropout: 0 })
    const result = await fit({
      model: multitask(trunk, { y: regression() }),
      data,
      optimizer: adam({ learningRate: 0.01 }),
      epochs: 60,
      batchSize: 64,
      seed: 1,
    })()
    if (!isRight(result)) throw new Error('training failed')
    // a tenth of the mean square of the labels
    expect(result.right.history.at(-1)!.losses.y).toBeLessThan(0.04)
  })

  it('needs columns that cover the features, and sizes', () => {
    expect(() => tabular({ columns: [{ from: 1, to: 2 }] })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in tabular
        columns  [1-2]
        rule     columns must follow each other from feature 0 on, each with at least one feature]
    `)
    expect(() => tabular({ columns, depth: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in tabular
        width      64
        depth      0
        embedding  8
        rule       width, depth and embedding must be whole numbers of at least 1]
    `)
  })
})
