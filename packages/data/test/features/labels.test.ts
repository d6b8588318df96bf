import {
  applyPreprocessing,
  fitPreprocessing,
  labelCounts,
  numberColumn,
  parseCsv,
  select,
  stringColumn,
} from '@rootstock/data'
import { describe, expect, test } from 'vitest'
import { message, right } from '../right.ts'
import { prepared } from './prepared.ts'

describe('labels', () => {
  test('are codes of the classes of training rows, masked where they are missing', () => {
    const { train } = right(
      prepared(
        [numberColumn('x', [1, 2, 3, 4]), stringColumn('dish', ['soup', null, 'fish', 'soup'])],
        { inputs: ['x'], targets: { dish: 'dish' } },
        Int32Array.of(3),
      ),
    )
    expect(train.targets.dish).toEqual({
      kind: 'classification',
      classes: ['fish', 'soup'],
      values: Int32Array.of(1, 0, 0),
      mask: Uint8Array.of(1, 0, 1),
    })
    expect(labelCounts(train)).toEqual({ dish: 2 })
  })

  test('of numbers are standardised by training rows', () => {
    const { train, test: rest } = right(
      prepared(
        [numberColumn('x', [1, 2, 3]), numberColumn('stars', [2, 4, null])],
        { inputs: ['x'], targets: { quality: 'stars' } },
        [numberColumn('x', [0]), numberColumn('stars', [5])],
      ),
    )
    expect(train.targets.quality).toEqual({
      kind: 'regression',
      values: Float32Array.of(-1, 1, 0),
      mask: Uint8Array.of(1, 1, 0),
      mean: 3,
      deviation: 1,
    })
    expect(rest.targets.quality?.values).toEqual(Float32Array.of(2))
  })

  test('can be one text against all others', () => {
    const { train } = right(
      prepared(
        [numberColumn('x', [1, 2, 3, 4]), stringColumn('dish', ['soup', null, 'fish', 'pie'])],
        { inputs: ['x'], targets: { isPie: { column: 'dish', is: 'pie' } } },
        Int32Array.of(0),
      ),
    )
    expect(train.targets.isPie).toMatchObject({
      classes: ['not pie', 'pie'],
      values: Int32Array.of(0, 0, 1),
      mask: Uint8Array.of(0, 1, 1),
    })
  })

  test('have the order one gives', () => {
    const { train } = right(
      prepared(
        [numberColumn('x', [1, 2]), stringColumn('size', ['L', 'S'])],
        { inputs: ['x'], targets: { size: { column: 'size', classes: ['S', 'M', 'L'] } } },
        Int32Array.of(0),
      ),
    )
    expect(train.targets.size).toMatchObject({ classes: ['S', 'M', 'L'], values: Int32Array.of(0) })
  })

  test('that no training row has are an error', () => {
    const x = numberColumn('x', [1, 2, 3])
    const selection = { inputs: ['x'], targets: { dish: 'dish' } }
    const dish = (...texts: (string | null)[]) => stringColumn('dish', texts)
    expect(
      message(prepared([x, dish('soup', 'fish', 'pie')], selection, Int32Array.of(2))),
    ).toMatchInlineSnapshot(`
      "menu.csv, row 3, column "dish": the class "pie" is not one of "fish", "soup"
        hint  classes come from the training rows; list them all as classes: [...] if this one belongs to them"
    `)
    expect(
      message(prepared([x, dish(null, null, 'pie')], selection, Int32Array.of(2))),
    ).toMatchInlineSnapshot(
      `"menu.csv, column "dish": no training row has a label for task "dish""`,
    )
    const is = { inputs: ['x'], targets: { dish: { column: 'dish', is: 'Pie' } } }
    expect(
      message(prepared([x, dish('soup', 'pie', 'pie')], is, Int32Array.of(2))),
    ).toMatchInlineSnapshot(`
      "menu.csv, column "dish": the class "Pie" is not one of "pie", "soup"
        hint  did you mean "pie"?"
    `)
  })

  test('may be absent when rows are to be predicted', () => {
    const from = right(parseCsv('x,y\n1,a\n2,b\n'))
    const selected = right(select({ inputs: ['x'], targets: { y: 'y' } })(from))
    const fitted = right(fitPreprocessing(selected, Int32Array.of(0, 1)))
    const rest = right(parseCsv('x\n3\n', { file: 'new.csv' }))
    expect(message(applyPreprocessing(fitted, rest))).toMatchInlineSnapshot(
      `"new.csv: there is no column "y"; it has "x""`,
    )
    expect(right(applyPreprocessing(fitted, rest, { labels: 'absent' })).targets).toEqual({})
  })
})
