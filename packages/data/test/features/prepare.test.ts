import {
  applyPreprocessing,
  type Column,
  decodePreprocessing,
  fitPreprocessing,
  inputColumns,
  inputWidth,
  labelCounts,
  numberColumn,
  parseCsv,
  prepare,
  type Selection,
  select,
  stringColumn,
  table,
  takeRows,
} from '@rootstock/data'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { message, right } from '../right.ts'

// Rows of one table, or all rows of another, are for testing.
const prepared = (
  columns: readonly Column[],
  selection: Selection,
  tested: Int32Array | readonly Column[],
) => {
  const from = right(table(columns, { file: 'menu.csv' }))
  if (!(tested instanceof Int32Array)) {
    const other = right(table(tested, { file: 'test.csv' }))
    return prepare(right(select(selection)(from)), { by: 'table', test: other })
  }
  const trainRows = Int32Array.from(Array(from.rows).keys()).filter((row) => !tested.includes(row))
  return prepare(right(select(selection)(from)), {
    by: 'table',
    test: from,
    testRows: tested,
    trainRows,
  })
}

const rowsOf = ({ inputs, width }: { inputs: Float32Array; width: number }): number[][] =>
  Array.from({ length: inputs.length / width }, (_, i) => [
    ...inputs.subarray(i * width, (i + 1) * width),
  ])

describe('numbers', () => {
  test('are standardised by the training rows', () => {
    const { train, test: rest } = right(
      prepared([numberColumn('price', [8, 12])], { inputs: ['price'] }, [
        numberColumn('price', [10, 16]),
      ]),
    )
    expect(rowsOf(train)).toEqual([[-1], [1]])
    expect(rowsOf(rest)).toEqual([[0], [3]])
  })

  test('that are missing become the mean, with a mask if training rows miss one', () => {
    const {
      train,
      test: rest,
      preprocessing,
    } = right(
      prepared([numberColumn('price', [8, null, 12])], { inputs: ['price'] }, [
        numberColumn('price', [null]),
      ]),
    )
    expect(inputColumns(preprocessing)).toMatchObject([
      { name: 'price', kind: 'numeric', from: 0, to: 1, mean: 10, deviation: 2 },
      { name: 'price is missing', kind: 'mask', from: 1, to: 2 },
    ])
    expect(rowsOf(train)).toEqual([
      [-1, 0],
      [0, 1],
      [1, 0],
    ])
    expect(rowsOf(rest)).toEqual([[0, 1]])
  })

  test('that are missing only in test rows become the mean', () => {
    const { test: rest } = right(
      prepared([numberColumn('price', [8, 12])], { inputs: ['price'] }, [
        numberColumn('price', [null]),
      ]),
    )
    expect(rowsOf(rest)).toEqual([[0]])
  })

  test('are cut off where one says', () => {
    const low = Math.fround(-1 / Math.sqrt(3))
    const { train } = right(
      prepared(
        [numberColumn('price', [0, 0, 0, 0, 10])],
        { inputs: [{ column: 'price', clip: 1 }] },
        Int32Array.of(0),
      ),
    )
    expect([...train.inputs]).toEqual([low, low, low, 1])
  })

  test('of zeros and ones stay as they are, and a missing one is the share of ones', () => {
    const {
      train,
      test: rest,
      preprocessing,
    } = right(
      prepared([numberColumn('wine', [0, 1, 1, 1])], { inputs: ['wine'] }, [
        numberColumn('wine', [1, null, 7, -7]),
      ]),
    )
    expect(inputColumns(preprocessing)).toMatchObject([{ name: 'wine', kind: 'binary' }])
    expect([...train.inputs]).toEqual([0, 1, 1, 1])
    expect([...rest.inputs]).toEqual([1, 0.75, 1, 0])
  })

  test('that no float32 can hold are an error', () => {
    const train = [numberColumn('price', [8, 12])]
    const selection = { inputs: ['price'] }
    expect(
      message(prepared(train, selection, [numberColumn('price', [1, 1e300])])),
    ).toMatchInlineSnapshot(`
      "test.csv, row 2, column "price": 1e+300 where a number that stays within float32 when it is standardised is needed
        hint  if it means that the value is missing, list it in the missing markers; numeric inputs can be limited by clip"
    `)
  })
})

describe('categories', () => {
  const dishes = ['soup', 'fish', null, 'soup']

  test('have a feature each, one for unknown texts and one for missing values', () => {
    const {
      train,
      test: rest,
      preprocessing,
    } = right(
      prepared([stringColumn('dish', dishes)], { inputs: ['dish'] }, [
        stringColumn('dish', ['pizza', null]),
      ]),
    )
    expect(inputColumns(preprocessing)).toEqual([
      {
        name: 'dish',
        kind: 'categorical',
        from: 0,
        to: 4,
        classes: ['fish', 'soup', '(unknown)', '(missing)'],
      },
    ])
    expect(rowsOf(train)).toEqual([
      [0, 1, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 1],
      [0, 1, 0, 0],
    ])
    expect(rowsOf(rest)).toEqual([
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ])
  })

  test('missing only in test rows are unknown', () => {
    const { test: rest } = right(
      prepared([stringColumn('dish', ['soup', 'fish'])], { inputs: ['dish'] }, [
        stringColumn('dish', [null]),
      ]),
    )
    expect(rowsOf(rest)).toEqual([[0, 0, 1]])
  })

  test('of numbers are sorted as numbers', () => {
    const { preprocessing } = right(
      prepared(
        [numberColumn('zip', [10, 9, 100, 9])],
        { inputs: [{ column: 'zip', kind: 'categorical' }] },
        Int32Array.of(3),
      ),
    )
    expect(preprocessing.inputs).toMatchObject([{ classes: ['9', '10', '100'] }])
  })

  test('beyond 256 are unknown, the rarest first', () => {
    const texts = Array.from({ length: 300 }, (_, i) => `dish ${i}`)
    const often = [...texts, ...texts.slice(0, 200)]
    const { preprocessing } = right(
      prepared([stringColumn('dish', often)], { inputs: ['dish'] }, Int32Array.of(0)),
    )
    const [dish] = preprocessing.inputs
    expect(dish?.kind === 'categorical' && new Set(dish.classes)).toEqual(
      new Set(texts.slice(0, 256)),
    )
  })
})

describe('images', () => {
  const bytes = {
    kind: 'array' as const,
    name: 'image',
    shape: [1, 2],
    values: Uint8Array.of(0, 255, 51, 102),
  }

  test('of bytes are divided by 255', () => {
    const { train, preprocessing } = right(
      prepared([bytes], { inputs: ['image'] }, Int32Array.of(1)),
    )
    expect(rowsOf(train)).toEqual([[0, 1]])
    expect(inputColumns(preprocessing)).toMatchObject([
      { name: 'image', kind: 'numeric', from: 0, to: 2, shape: [1, 2] },
    ])
  })

  test('made of columns are divided by their largest training value', () => {
    const { train, test: rest } = right(
      prepared(
        [
          numberColumn('a', [0, 16, 32]),
          numberColumn('b', [8, 4, 0]),
          numberColumn('c', [0, 0, 0]),
          numberColumn('d', [1, 1, 1]),
        ],
        { inputs: [{ column: 'a..d', kind: 'image', shape: [2, 2] }] },
        Int32Array.of(2),
      ),
    )
    expect(rowsOf(train)).toEqual([
      [0, 0.5, 0, 0.0625],
      [1, 0.25, 0, 0.0625],
    ])
    expect(rowsOf(rest)).toEqual([[2, 0, 0, 0.0625]])
  })

  test('can be standardised over all pixels', () => {
    const { train } = right(
      prepared([bytes], { inputs: [{ column: 'image', scale: 'standard' }] }, Int32Array.of(1)),
    )
    expect(rowsOf(train)).toEqual([[-1, 1]])
  })

  test('have one shape', () => {
    const other = { ...bytes, shape: [2], values: Uint8Array.of(1, 2) }
    expect(message(prepared([bytes], { inputs: ['image'] }, [other]))).toMatchInlineSnapshot(
      `"test.csv, column "image": an array of shape [2] where an array of shape [1, 2] is needed"`,
    )
  })
})

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
        inputs[2].kind        expected one of "numeric", "binary", "categorical", "image", found "picture"
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
