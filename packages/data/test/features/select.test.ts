import {
  type ArrayColumn,
  numberColumn,
  parseCsv,
  type Selection,
  select,
  stringColumn,
  table,
} from '@rootstock/data'
import { describe, expect, test } from 'vitest'
import { message, right } from '../right.ts'

const image: ArrayColumn = {
  kind: 'array',
  name: 'image',
  shape: [1, 2],
  values: Float32Array.of(1, 2, 3, 4),
}

const menu = right(
  table(
    [
      stringColumn('dish', ['soup', 'fish']),
      numberColumn('price', [5, 7]),
      numberColumn('seats', [10, 20]),
      numberColumn('stars', [3, 4]),
      stringColumn('a..b', ['x', 'y']),
      image,
    ],
    { file: 'menu.csv' },
  ),
)

const inputsOf = (selection: Selection) =>
  right(select(selection)(menu)).inputs.map(({ name, kind }) => `${name}: ${kind}`)
const problem = (selection: Selection, from = menu) => message(select(selection)(from))

describe('inputs', () => {
  test('have the kind of their columns', () => {
    expect(inputsOf({ inputs: ['dish', 'price', 'image'] })).toEqual([
      'dish: categorical',
      'price: numeric',
      'image: image',
    ])
  })

  test('can be another kind', () => {
    expect(inputsOf({ inputs: [{ column: 'price', kind: 'categorical' }] })).toEqual([
      'price: categorical',
    ])
  })

  test('can be ranges, without exceptions', () => {
    expect(inputsOf({ inputs: ['price..stars'], except: ['seats'] })).toEqual([
      'price: numeric',
      'stars: numeric',
    ])
    expect(inputsOf({ inputs: ['*'], except: ['price..image'] })).toEqual(['dish: categorical'])
  })

  test('can be all columns that are neither targets nor named otherwise', () => {
    const inputs = [{ column: 'price', kind: 'categorical' as const }, '*']
    expect(inputsOf({ inputs, targets: { quality: 'stars' }, except: ['image'] })).toEqual([
      'price: categorical',
      'dish: categorical',
      'seats: numeric',
      'a..b: categorical',
    ])
  })

  test('can be one image made of columns', () => {
    const { inputs } = right(
      select({ inputs: [{ column: 'price..stars', kind: 'image', shape: [3, 1] }] })(menu),
    )
    expect(inputs).toEqual([
      {
        name: 'price..stars',
        kind: 'image',
        columns: ['price', 'seats', 'stars'],
        scale: 'unit',
        shape: [3, 1],
      },
    ])
  })

  test('that make no sense are errors', () => {
    expect(problem({ inputs: ['prize'] })).toMatchInlineSnapshot(`
      "menu.csv: there is no column "prize"; it has "dish", "price", "seats", "stars", "a..b", "image"
        hint  did you mean "price"?"
    `)
    expect(problem({ inputs: ['stars..price'] })).toMatchInlineSnapshot(
      `"menu.csv: the range stars..price runs backwards in the file"`,
    )
    expect(problem({ inputs: ['price', 'price..stars'] })).toMatchInlineSnapshot(
      `"menu.csv: column "price" is an input twice"`,
    )
    expect(problem({ inputs: ['price'], except: ['*'] })).toMatchInlineSnapshot(
      `"menu.csv: no inputs are selected"`,
    )
    expect(problem({ inputs: [{ column: 'dish', kind: 'numeric' }] })).toMatchInlineSnapshot(`
      "menu.csv, row 1, column "dish": "soup" where a number is needed
        hint  the column holds no number; say kind: "categorical""
    `)
    expect(problem({ inputs: [{ column: 'image', kind: 'numeric' }] })).toMatchInlineSnapshot(
      `"menu.csv, column "image": a column of arrays where one number per row is needed"`,
    )
    expect(problem({ inputs: [{ column: 'price', shape: [1] }] })).toMatchInlineSnapshot(
      `"menu.csv: input "price" has a shape, which only images have: say kind: "image""`,
    )
    expect(problem({ inputs: [{ column: 'dish', clip: 3 }] })).toMatchInlineSnapshot(
      `"menu.csv: input "dish" has a clip, which only numeric inputs have"`,
    )
    expect(
      problem({ inputs: [{ column: 'price..stars', kind: 'image', shape: [2, 2] }] }),
    ).toMatchInlineSnapshot(`"menu.csv: an image of shape [2, 2] is not made of 3 columns"`)
    expect(problem({ inputs: [{ column: 'image', shape: [2] }] })).toMatchInlineSnapshot(
      `"menu.csv: column "image" has shape [1, 2], not [2]"`,
    )
    expect(problem({ inputs: [{ column: 'stars..image', kind: 'image' }] })).toMatchInlineSnapshot(
      `"menu.csv: stars..image holds an array among other columns"`,
    )
  })
})

describe('a target', () => {
  const targetOf = (target: string | { column: string; is?: string; classes?: string[] }) =>
    right(select({ inputs: ['seats'], targets: { task: target } })(menu)).targets[0]?.kind

  test('is a class for texts, a number for numbers, a class where classes are named', () => {
    expect(targetOf('dish')).toBe('classification')
    expect(targetOf('stars')).toBe('regression')
    expect(targetOf({ column: 'stars', is: '4' })).toBe('classification')
    expect(targetOf({ column: 'stars', classes: ['3', '4'] })).toBe('classification')
  })

  test('is not an input', () => {
    expect(problem({ inputs: ['price'], targets: { cost: 'price' } })).toMatchInlineSnapshot(
      `"menu.csv: column "price" is an input and a target: the model would see the answer"`,
    )
  })

  test('that makes no sense is an error', () => {
    const task = (target: Selection['targets']) => problem({ inputs: ['seats'], targets: target })
    expect(task({ quality: 'star' })).toMatchInlineSnapshot(`
      "menu.csv: there is no column "star"; it has "dish", "price", "seats", "stars", "a..b", "image"
        hint  did you mean "stars"?"
    `)
    expect(task({ dish: { column: 'dish', kind: 'regression' } })).toMatchInlineSnapshot(`
      "menu.csv, row 1, column "dish": "soup" where a number is needed
        hint  the column holds no number; say kind: "classification""
    `)
    expect(
      task({ quality: { column: 'stars', kind: 'regression', is: '4' } }),
    ).toMatchInlineSnapshot(`"menu.csv: task "quality" is a regression, which has no is"`)
    expect(
      task({ dish: { column: 'dish', is: 'soup', classes: ['soup', 'fish'] } }),
    ).toMatchInlineSnapshot(`"menu.csv: task "dish" has both classes and is; give one of them"`)
    expect(task({ dish: { column: 'dish', classes: ['soup', 'soup'] } })).toMatchInlineSnapshot(
      `"menu.csv: task "dish" has class "soup" twice"`,
    )
    expect(task({ image: 'image' })).toMatchInlineSnapshot(
      `"menu.csv, column "image": a column of arrays where one number per row is needed"`,
    )
    expect(
      task(JSON.parse('{ "__proto__": "stars" }') as Record<string, string>),
    ).toMatchInlineSnapshot(`"menu.csv: a task may not be named "__proto__""`)
  })
})

describe('a text in a column of numbers', () => {
  const from = right(parseCsv('price,stars\n12,4\n8,n/a\n15,5\n', { file: 'menu.csv' }))

  test('is an error naming its line', () => {
    expect(problem({ inputs: ['stars'] }, from)).toMatchInlineSnapshot(`
      "menu.csv, line 3, column "stars": "n/a" where a number is needed
        hint  2 of 3 values are numbers; if "n/a" means that the value is missing, list it in the missing markers; if these are names, say kind: "categorical""
    `)
    expect(
      problem({ inputs: ['price'], targets: { quality: 'stars' } }, from),
    ).toMatchInlineSnapshot(`
      "menu.csv, line 3, column "stars": "n/a" where a number is needed
        hint  2 of 3 values are numbers; if "n/a" means that the value is missing, list it in the missing markers; if these are names, say kind: "classification""
    `)
  })

  test('is a category to those who say so', () => {
    const inputs = [{ column: 'stars', kind: 'categorical' as const }]
    expect(right(select({ inputs })(from)).inputs).toHaveLength(1)
    const targets = { stars: { column: 'stars', kind: 'classification' as const } }
    expect(right(select({ inputs: ['price'], targets })(from)).targets).toHaveLength(1)
  })

  test('that spells a number that is not finite says that', () => {
    const odd = right(table([stringColumn('x', ['1', '2', '-Infinity'])], { file: 'odd.arrow' }))
    expect(problem({ inputs: ['x'] }, odd)).toMatchInlineSnapshot(`
      "odd.arrow, row 3, column "x": -Infinity is not a finite number
        hint  if it means that the value is missing, list it in the missing markers, or read with nonFinite: "missing""
    `)
    const large = right(table([stringColumn('x', ['1', '1e400'])], { file: 'odd.arrow' }))
    expect(problem({ inputs: [{ column: 'x', kind: 'numeric' }] }, large)).toMatchInlineSnapshot(`
      "odd.arrow, row 2, column "x": 1e400 is not a finite number
        hint  if it means that the value is missing, list it in the missing markers, or read with nonFinite: "missing""
    `)
  })
})

test('texts that are numbers throughout can be used as numbers', () => {
  const from = right(table([stringColumn('x', ['1', ' 2.5 ', null, '-1e3'])]))
  const selected = select({ inputs: [{ column: 'x', kind: 'numeric' }] })(from)
  expect(right(selected).inputs).toMatchObject([{ kind: 'numeric' }])
})

test('a number that is not finite is found in tables that a program made', () => {
  const odd = table(
    [
      numberColumn('x', [1, Number.NaN]),
      { ...image, values: Float32Array.of(1, 2, 3, Number.POSITIVE_INFINITY) },
    ],
    {
      file: 'made',
    },
  )
  expect(problem({ inputs: ['x'] }, right(odd))).toMatchInlineSnapshot(`
    "made, row 2, column "x": NaN is not a finite number
      hint  if it means that the value is missing, list it in the missing markers, or read with nonFinite: "missing""
  `)
  expect(problem({ inputs: ['image'] }, right(odd))).toMatchInlineSnapshot(`
    "made, row 2, column "image": Infinity is not a finite number
      hint  if it means that the value is missing, list it in the missing markers, or read with nonFinite: "missing""
  `)
  expect(problem({ inputs: ['image'], targets: { x: 'x' } }, right(odd))).toMatchInlineSnapshot(`
    "made, row 2, column "x": NaN is not a finite number
      hint  if it means that the value is missing, list it in the missing markers, or read with nonFinite: "missing""
  `)
})
