import { adam, random, tensor } from '@rootstock/core'
import { numberColumn, prepare, select, stringColumn, table } from '@rootstock/data'
import { mlp } from '@rootstock/heads'
import { denoise, layoutOf, masking } from '@rootstock/pretrain'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'

const prepared = () => {
  const range = Array.from({ length: 40 }, (_, i) => i)
  const found = pipe(
    table([
      numberColumn(
        'price',
        range.map((i) => (i % 4 === 1 ? null : i)),
      ),
      stringColumn(
        'dish',
        range.map((i) => ['soup', 'fish', 'pie'][i % 3]!),
      ),
      ...[0, 1, 2, 3].map((k) =>
        numberColumn(
          `pixel ${k}`,
          range.map((i) => (i * (k + 1)) % 7),
        ),
      ),
    ]),
    E.flatMap(
      select({
        inputs: [
          'price',
          'dish',
          { column: 'pixel 0..pixel 3', kind: 'image', shape: [2, 2], scale: 'unit' },
        ],
      }),
    ),
    E.flatMap((selected) => prepare(selected, { by: 'modulo', divisor: 5, test: 4 })),
  )
  if (E.isLeft(found)) throw new Error(JSON.stringify(found.left))
  return found.right.train
}

describe('layoutOf', () => {
  it('takes columns as the data package describes them: numbers with masks, classes, images', () => {
    const { columns, width } = prepared()
    const { features, units, groups } = layoutOf(columns)
    expect(features).toHaveLength(width)
    expect(features.map(({ unit }) => unit)).toEqual([0, 0, 1, 1, 1, 1, 2, 3, 4, 5])
    expect(units).toBe(6)
    expect(groups).toEqual([{ from: 2, size: width - 6 }])
    expect(features[0]).toMatchObject({ scored: 'numeric', mask: 1 })
    expect(features[1]).toMatchObject({ scored: 'binary', isMask: true })
  })

  it('refuses gaps, and masks with nothing to mask', () => {
    const gap = [
      { name: 'a', kind: 'numeric', from: 0, to: 1 },
      { name: 'b', kind: 'numeric', from: 2, to: 3 },
    ] as const
    expect(() => layoutOf(gap)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in denoise
        column  b
        kind    numeric
        from    2
        to      3
        rule    columns must follow each other without gaps; this one must start at 1 and not be empty]
    `)
    const alone = [{ name: 'a is missing', kind: 'mask', from: 0, to: 1 }] as const
    expect(() => layoutOf(alone)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in denoise
        column  a is missing
        kind    mask
        from    0
        to      1
        rule    a mask column is one feature behind the number that may be missing]
    `)
  })

  it('is what corruption and pretraining run on, from a prepared table', async () => {
    const train = prepared()
    const x = tensor(train.inputs.slice(), { shape: [train.rows, train.width] })
    const { corrupted } = masking({ probability: 1 })(random.key(0), x, train.columns)
    const row = [0, 1, ...Array.from({ length: train.width - 2 }, () => 0)]
    expect(corrupted.toArray()).toEqual(Array.from({ length: train.rows }, () => row))
    const result = await denoise({
      trunk: mlp({ in: train.width, hidden: [8] }),
      columns: train.columns,
      data: train,
      corruption: masking({ probability: 0.3 }),
      optimizer: adam({ learningRate: 0.02 }),
      epochs: 20,
      batchSize: 16,
      seed: 1,
    })()
    if (E.isLeft(result)) throw new Error(result.left._tag)
    const { history } = result.right
    expect(history.at(-1)!.losses.categorical!).toBeLessThan(history[0]!.losses.categorical!)
  })
})
