import { inputColumns, numberColumn, stringColumn } from '@rootstock/data'
import { describe, expect, test } from 'vitest'
import { message, right } from '../right.ts'
import { prepared } from './prepared.ts'

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
