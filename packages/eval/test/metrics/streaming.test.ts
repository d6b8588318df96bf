/** Laws of streams, on every one of them: batches, merges, weights, masks and the order of rows. */
import { mcc, pearson, rmse, streaming, together } from '@rootstock/eval'
import fc from 'fast-check'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { type Row, type Sample, samples } from './samples.ts'

const all = Object.entries(samples)

type Batch = Readonly<Record<string, readonly (number | boolean)[]>>

const batchOf = ({ column }: Sample, rows: readonly Row[], more: Batch = {}): Batch => ({
  targets: rows.flatMap(({ targets }) => targets),
  [column]: rows.flatMap(({ values }) => values),
  ...more,
})

const score = ({ stream }: Sample, ...batches: readonly Batch[]): unknown =>
  stream.result(batches.reduce((state, batch) => stream.add(state, batch), stream.init()))

/** Results by the path of each number in them. */
const flat = (value: unknown): readonly number[] =>
  typeof value === 'number' ? [value] : Object.values(value as object).flatMap(flat)

const agree = (found: unknown, expected: unknown): void => {
  const [left, right] = [flat(found), flat(expected)]
  expect(left).toHaveLength(right.length)
  right.forEach((number, i) => {
    // a relative error of a target of 0 is huge, so digits are counted from the first
    const unit = Math.max(1, Math.abs(number))
    if (Number.isFinite(number)) expect(left[i]! / unit).toBeCloseTo(number / unit, 10)
    else expect(left[i]).toBe(number)
  })
}

const runs = { seed: 1, numRuns: 60 }
const rowsOf = ({ row }: Sample) => fc.array(row, { maxLength: 24 })

describe('a stream', () => {
  test.for(all)('%s of parts in any cut is that of the whole', ([, sample]) => {
    fc.assert(
      fc.property(rowsOf(sample), fc.nat(24), fc.nat(24), (rows, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        const parts = [rows.slice(0, low), rows.slice(low, high), rows.slice(high)]
        const batches = parts.map((part) => batchOf(sample, part))
        const whole = score(sample, batchOf(sample, rows))
        agree(score(sample, ...batches), whole)
        const { add, init, merge, result } = sample.stream
        const [x, y, z] = batches.map((batch) => add(init(), batch))
        agree(result(merge(x, merge(y, z))), whole)
        agree(result(merge(merge(z, x), y)), whole)
      }),
      runs,
    )
  })

  test.for(all)('%s leaves the states it is given as they are', ([, sample]) => {
    fc.assert(
      fc.property(rowsOf(sample), rowsOf(sample), (some, others) => {
        const { add, init, merge, result } = sample.stream
        const [x, y] = [some, others].map((rows) => add(init(), batchOf(sample, rows)))
        const before = [result(x), result(y)]
        merge(x, y)
        add(x, batchOf(sample, others))
        expect([result(x), result(y)]).toEqual(before)
        expect(result(add(init(), batchOf(sample, [])))).toEqual(result(init()))
      }),
      runs,
    )
  })

  test.for(all)(
    '%s counts a row of weight 2 twice and one of weight 0 not at all',
    ([, sample]) => {
      const weighted = fc.array(fc.tuple(sample.row, fc.nat(2)), { maxLength: 24 })
      fc.assert(
        fc.property(weighted, (pairs) => {
          const rows = pairs.map(([row]) => row)
          const weights = pairs.map(([, weight]) => weight)
          const repeated = pairs.flatMap(([row, weight]) =>
            Array.from({ length: weight }, () => row),
          )
          agree(
            score(sample, batchOf(sample, rows, { weights })),
            score(sample, batchOf(sample, repeated)),
          )
        }),
        runs,
      )
    },
  )

  test.for(all)('%s does not look at masked rows, whatever they hold', ([, sample]) => {
    const masked = fc.array(fc.tuple(sample.row, fc.boolean(), fc.nat(3)), { maxLength: 24 })
    const blank = ({ targets, values }: Row): Row => ({
      targets: targets.map(() => Number.NaN),
      values: values.map(() => Number.NaN),
    })
    fc.assert(
      fc.property(masked, (entries) => {
        const rows = entries.map(([row, kept]) => (kept ? row : blank(row)))
        const mask = entries.map(([, kept]) => kept)
        const kept = entries.filter(([, counts]) => counts)
        const left = kept.map(([row]) => row)
        const whole = score(sample, batchOf(sample, left))
        agree(score(sample, batchOf(sample, rows, { mask })), whole)
        agree(score(sample, batchOf(sample, rows, { mask: mask.map(Number) })), whole)
        const weights = entries.map(([, , weight]) => weight)
        const leftWeights = kept.map(([, , weight]) => weight)
        agree(
          score(sample, batchOf(sample, rows, { mask, weights })),
          score(sample, batchOf(sample, left, { weights: leftWeights })),
        )
      }),
      runs,
    )
  })

  test.for(all)('%s does not depend on the order of rows', ([, sample]) => {
    const shuffled = rowsOf(sample).chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([rows, others]) => {
        agree(score(sample, batchOf(sample, others)), score(sample, batchOf(sample, rows)))
      }),
      runs,
    )
  })

  test.for(all)('%s is NaN, or has no classes, before it has seen a row', ([, { stream }]) => {
    const found = flat(stream.result(stream.init()))
    expect(found.every(Number.isNaN)).toBe(true)
  })
})

describe('a long stream', () => {
  test('of shifted values keeps the digits that sums of squares lose', () => {
    const rows = Array.from({ length: 4000 }, (_, i) => [
      Math.sin(i),
      Math.sin(i) + Math.cos(3 * i),
    ])
    const { add, init, merge, result } = streaming.pearson()
    const shifted = Array.from({ length: 40 }, (_, part) => {
      const of = rows.slice(100 * part, 100 * (part + 1))
      const shift = (column: number) => of.map((row) => row[column]! + 2 ** 26)
      return add(init(), { targets: shift(0), predictions: shift(1) })
    })
    const plain = pearson(
      rows.map((row) => row[0]!),
      rows.map((row) => row[1]!),
    )
    expect(result(shifted.reduce(merge))).toBeCloseTo(plain, 6)
  })

  test('of ranks keeps few blocks, however small its batches are', () => {
    const { add, init, result } = streaming.rocAuc()
    let state = init()
    for (let i = 0; i < 1000; i++) state = add(state, { targets: [i % 2], scores: [i] })
    expect(state.length).toBeLessThanOrEqual(10)
    expect(result(state)).toBeCloseTo(0.501, 12)
  })
})

describe('streams together', () => {
  const both = together({ rmse: streaming.rmse(), mcc: streaming.mcc() })
  const [first, second] = [
    { targets: [0, 1, 1], predictions: [0, 1, 0] },
    { targets: [1, 0], predictions: [1, 1], weights: [2, 1] },
  ]

  test('give what each gives alone', () => {
    const apart = both.merge(both.add(both.init(), first), both.add(both.init(), second))
    const targets = [0, 1, 1, 1, 0]
    const predictions = [0, 1, 0, 1, 1]
    const weights = [1, 1, 1, 2, 1]
    expect(both.result(apart)).toEqual({
      rmse: rmse(targets, predictions, { weights }),
      mcc: mcc(targets, predictions, { weights }),
    })
    expect(both.result(both.add(both.add(both.init(), first), second))).toEqual(both.result(apart))
  })

  test('keep the types of their results', () => {
    const mixed = together({ table: streaming.confusionMatrix(), area: streaming.rocAuc() })
    const state = mixed.add(mixed.init(), { targets: [0, 1], predictions: [0, 0], scores: [1, 2] })
    expectTypeOf(mixed.result(state)).toEqualTypeOf<{
      readonly table: number[][]
      readonly area: number
    }>()
    expect(mixed.result(state)).toEqual({
      table: [
        [1, 0],
        [1, 0],
      ],
      area: 1,
    })
    // @ts-expect-error the area needs scores
    expect(() => mixed.add(mixed.init(), { targets: [], predictions: [] })).toThrow(TypeError)
  })
})
