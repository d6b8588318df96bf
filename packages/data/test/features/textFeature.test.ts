import {
  applyPreprocessing,
  decodePreprocessing,
  fitPreprocessing,
  inputColumns,
  prepare,
  select,
  stringColumn,
  table,
} from '@rootstock/data'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { message, right } from '../right.ts'

// one or two bytes or code units long, letters or not, one that is longer in lower case and one that joins the letter before it
const character = fc.constantFrom(..."aB9 '’.\néßİ東𝒳😀\u0301")

const tableOf = (texts: readonly (string | null)[]) =>
  right(table([stringColumn('note', texts)], { file: 'notes.csv' }))

const fitted = (texts: readonly (string | null)[], features?: number) => {
  const input = {
    column: 'note',
    kind: 'text' as const,
    ...(features === undefined ? {} : { features }),
  }
  const selected = right(select({ inputs: [input] })(tableOf(texts)))
  return right(fitPreprocessing(selected, Int32Array.from(texts.keys())))
}

const rowOf = (preprocessing: ReturnType<typeof fitted>, text: string | null) => {
  const { inputs, columns } = right(applyPreprocessing(preprocessing, tableOf([text])))
  return { inputs, columns }
}

const norm = (numbers: Float32Array) => Math.hypot(...numbers)

describe('a text', () => {
  test('becomes its most frequent grams, rare ones weighing more', () => {
    const made = fitted(['a fish', 'a soup', 'a pie'], 3)
    const [note] = made.inputs
    expect(note).toEqual({
      kind: 'text',
      name: 'note',
      // all three texts have a; among the rest, which one text has each, the first by code unit stays
      grams: ['# a ', 'a', '# fi'],
      weights: [1, 1, Math.log(4 / 2) + 1],
      length: Math.sqrt(7 / 3),
      mask: false,
    })
    const { inputs } = rowOf(made, 'A fish')
    expect(inputs[2]! / inputs[0]!).toBeCloseTo(Math.log(2) + 1, 6)
  })

  test('is a vector of one length, however long it is', () => {
    const made = fitted(['a fish and a soup', 'soup', 'a pie'])
    const length = norm(rowOf(made, 'soup').inputs)
    expect(norm(rowOf(made, 'a soup, a soup and a large soup').inputs)).toBeCloseTo(length, 5)
  })

  test('without a known gram is 0, and a missing one has a mask where training rows miss some', () => {
    const made = fitted(['a fish', null, 'soup'])
    expect(inputColumns(made).map(({ name, kind }) => [name, kind])).toEqual([
      ['note', 'numeric'],
      ['note is missing', 'mask'],
    ])
    const unknown = rowOf(made, 'Σ')
    expect(norm(unknown.inputs)).toBe(0)
    const { inputs } = rowOf(made, null)
    expect([norm(inputs), inputs.at(-1)]).toEqual([1, 1])
    expect(norm(rowOf(fitted(['a fish', 'soup']), null).inputs)).toBe(0)
  })

  test('is the same, to the last bit, after its preprocessing was saved', () => {
    const texts = fc.array(fc.string({ unit: character }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(texts, (given) => {
        const all = [...given, 'a fish']
        const made = fitted(all)
        const saved = right(decodePreprocessing(JSON.parse(JSON.stringify(made))))
        expect(saved).toEqual(made)
        const inputs = right(applyPreprocessing(made, tableOf(all))).inputs
        expect(inputs.every(Number.isFinite)).toBe(true)
        expect(right(applyPreprocessing(saved, tableOf(all))).inputs).toEqual(inputs)
      }),
    )
  })

  test('of a test row teaches nothing', () => {
    const from = tableOf(['a fish', 'a soup', 'nothing but a pie'])
    const selected = right(select({ inputs: [{ column: 'note', kind: 'text' }] })(from))
    const { preprocessing } = right(prepare(selected, { by: 'modulo', divisor: 3, test: 2 }))
    expect(preprocessing).toEqual(fitted(['a fish', 'a soup']))
  })
})

describe('mistakes are explained', () => {
  test('texts without words, options that belong elsewhere, saved grams that do not fit', () => {
    const select1 = (input: object) =>
      select({ inputs: [{ column: 'note', ...input }] })(tableOf(['?', '!']))
    const selected = right(select1({ kind: 'text' }))
    expect(message(fitPreprocessing(selected, Int32Array.of(0, 1)))).toMatchInlineSnapshot(
      `"notes.csv, column "note": no training row where a text with a word is needed"`,
    )
    expect(message(select1({ kind: 'categorical', features: 9 }))).toMatchInlineSnapshot(
      `"notes.csv: input "note" has features, which only texts have: say kind: "text""`,
    )
    expect(message(select1({ kind: 'text', clip: 9 }))).toMatchInlineSnapshot(
      `"notes.csv: input "note" has a clip, which only numeric inputs have"`,
    )
    const note = {
      kind: 'text',
      name: 'note',
      grams: ['a', 'a'],
      weights: [1],
      length: 1,
      mask: false,
    }
    expect(
      message(decodePreprocessing({ version: 1, inputs: [note], targets: [] })),
    ).toMatchInlineSnapshot(`
      "preprocessing: 2 things are wrong
        inputs[0].grams    expected each text once, found "a"
        inputs[0].weights  expected 2 numbers, one for each gram, found 1"
    `)
  })
})
