import { alphabetOf } from '@rootstock/data'
import fc from 'fast-check'
import { expect, test } from 'vitest'

// one or two bytes or code units long, letters or not, one that is longer in lower case and one that joins the letter before it
const character = fc.constantFrom(..."aB9 '’.\néßİ東𝒳😀\u0301")

const anyText = fc.string({ unit: character })

test('a text comes back from its codes', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { encode, decode } = alphabetOf(text)
      expect(decode(encode(text))).toBe(text)
    }),
  )
})

test('codes are in the order of code points, whatever the order of the text', () => {
  expect(alphabetOf('b😀a\nＡ').characters).toEqual(['\n', 'a', 'b', 'Ａ', '😀'])
  fc.assert(
    fc.property(anyText, (text) => {
      const turned = [...text].toReversed().join('')
      expect(alphabetOf(turned).characters).toEqual(alphabetOf(text).characters)
    }),
  )
})

test('characters of other texts share the last code, which is no character', () => {
  const { encode, decode, size } = alphabetOf('ab')
  expect(size).toBe(3)
  expect([...encode('a😀z')]).toEqual([0, 2, 2])
  expect(decode([0, 2, 7])).toBe('a\uFFFD\uFFFD')
})

test('no text has an alphabet of one code', () => {
  expect(alphabetOf('').size).toBe(1)
})
