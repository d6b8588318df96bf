import {
  applyPreprocessing,
  decodePreprocessing,
  fitPreprocessing,
  inputWidth,
  numberColumn,
  select,
  stringColumn,
  table,
  takeRows,
} from '@rootstock/data'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { message, right } from '../right.ts'

describe('preprocessing', () => {
  const cell = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }))
  const text = fc.option(fc.constantFrom('soup', 'fish', 'pie'))
  const row = fc.record({ x: cell, wine: fc.constantFrom(0, 1), dish: text, y: cell })
  type Row = typeof row extends fc.Arbitrary<infer R> ? R : never

  const columnsOf = (rows: readonly Row[]) => [
    numberColumn(
      'x',
      rows.map((r) => r.x),
    ),
    numberColumn(
      'wine',
      rows.map((r) => r.wine),
    ),
    stringColumn(
      'dish',
      rows.map((r) => r.dish),
    ),
    numberColumn(
      'y',
      rows.map((r) => r.y),
    ),
  ]
  const selection = {
    inputs: ['x', 'wine', 'dish', { column: 'x2', kind: 'image' as const }],
    targets: { y: 'y' },
  }
  const tableOf = (rows: readonly Row[]) =>
    right(
      table([
        ...columnsOf(rows),
        numberColumn(
          'x2',
          rows.map((r) => (r.x ?? 0) / 2),
        ),
      ]),
    )

  test('does not change when test rows change', () => {
    const train = fc.array(row, { minLength: 1, maxLength: 10 })
    const rest = fc.array(row, { maxLength: 10 })
    fc.assert(
      fc.property(train, rest, rest, (rows, one, other) => {
        fc.pre(rows.some((r) => r.y !== null))
        const chosen = Int32Array.from(rows.keys())
        const fit = (more: readonly Row[]) =>
          right(fitPreprocessing(right(select(selection)(tableOf([...rows, ...more]))), chosen))
        expect(fit(one)).toEqual(fit(other))
      }),
      { seed: 1 },
    )
  })

  test('is the same, to the last bit, after it was saved', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 10 }), (rows) => {
        fc.pre(rows.some((r) => r.y !== null))
        const from = tableOf(rows)
        const fitted = right(
          fitPreprocessing(right(select(selection)(from)), Int32Array.from(rows.keys())),
        )
        const saved = right(decodePreprocessing(JSON.parse(JSON.stringify(fitted))))
        expect(saved).toEqual(fitted)
        expect(right(applyPreprocessing(saved, from)).inputs).toEqual(
          right(applyPreprocessing(fitted, from)).inputs,
        )
      }),
      { seed: 1 },
    )
  })

  test('gives a row the same features whatever rows are beside it', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 10 }), fc.nat(), (rows, i) => {
        fc.pre(rows.some((r) => r.y !== null))
        const from = tableOf(rows)
        const fitted = right(
          fitPreprocessing(right(select(selection)(from)), Int32Array.from(rows.keys())),
        )
        const at = i % rows.length
        const all = right(applyPreprocessing(fitted, from))
        const alone = right(applyPreprocessing(fitted, takeRows(from, Int32Array.of(at))))
        const width = inputWidth(fitted)
        expect(alone.inputs).toEqual(all.inputs.slice(at * width, (at + 1) * width))
      }),
      { seed: 1 },
    )
  })

  test('of a saved file is checked', () => {
    const saved = {
      version: 2,
      inputs: [
        { kind: 'numeric', name: 'x', mean: 'high', deviation: 0, mask: true },
        { kind: 'categorical', name: 'dish', classes: ['a', 1], mising: true },
        { kind: 'picture' },
      ],
      targets: [{ kind: 'regression', task: '__proto__', column: 'y', mean: 0, deviation: 1 }],
    }
    expect(message(decodePreprocessing(saved, 'model.json'))).toMatchInlineSnapshot(`
      "model.json: 8 things are wrong
        version               expected 1, found 2
        inputs[0].mean        expected a number, found "high"
        inputs[0].deviation   expected a number above 0, found 0
        inputs[1].classes[1]  expected a text, found 1
        inputs[1].missing     is missing: expected true or false
        inputs[1].mising      there is no such key; did you mean "missing"?
        inputs[2].kind        expected one of "numeric", "binary", "categorical", "image", "text", found "picture"
        targets[0].task       expected a name, found "__proto__""
    `)
    const twice = {
      version: 1,
      inputs: [
        { kind: 'categorical', name: 'dish', classes: ['a', 'a'], missing: false },
        { kind: 'image', name: 'i', columns: ['a', 'b'], shape: [3], mean: 0, deviation: 1 },
      ],
      targets: [
        { kind: 'regression', task: 't', column: 'y', mean: 0, deviation: 1 },
        { kind: 'classification', task: 't', column: 'z', classes: ['p', 'p'] },
      ],
    }
    expect(message(decodePreprocessing(twice, 'model.json'))).toMatchInlineSnapshot(`
      "model.json: 4 things are wrong
        inputs[0].classes   expected each text once, found "a"
        inputs[1].columns   expected one name, or 3 for this shape, found a list of 2
        targets             expected each text once, found "t"
        targets[1].classes  expected each text once, found "p""
    `)
  })
})
