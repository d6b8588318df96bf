import { gramsOf } from '@rootstock/data'
import fc from 'fast-check'
import { expect, test } from 'vitest'

// one or two bytes or code units long, letters or not, one that is longer in lower case and one that joins the letter before it
const character = fc.constantFrom(..."aB9 '’.\néßİ東𝒳😀\u0301")

const counts = (text: string) => Object.fromEntries(gramsOf(text))

test('words, their pairs and their pieces are counted', () => {
  expect(counts('to be')).toEqual({
    to: 1,
    '# to': 1,
    '#to ': 1,
    '# to ': 1,
    be: 1,
    'to be': 1,
    '# be': 1,
    '#be ': 1,
    '# be ': 1,
  })
  expect(gramsOf('no, no, no!').get('no')).toBe(3)
  expect(gramsOf('no, no, no!').get('no no')).toBe(2)
  expect([...gramsOf('cards').keys()].filter((gram) => gram.startsWith('#'))).toEqual(
    ['# ca', '#car', '#ard', '#rds', '#ds ']
      .concat(['# car', '#card', '#ards', '#rds '])
      .concat(['# card', '#cards', '#ards ']),
  )
})

test('case and what is no word make no difference', () => {
  expect(counts('My CARD\nwas... stolen?')).toEqual(counts('my card was stolen'))
  expect(gramsOf(" -- \n?!'").size).toBe(0)
  expect([...gramsOf("I can't").keys()]).toContain("can't")
})

test('words of other scripts and characters beyond 16 bits stay whole', () => {
  expect([...gramsOf('Größe 東京 𝒳𐐷𐐷').keys()]).toEqual(
    expect.arrayContaining(['größe', '東京', '# 東京 ']),
  )
  fc.assert(
    fc.property(fc.string({ unit: character }), (text) => {
      // half of a character beyond 16 bits is a surrogate that stands alone
      expect([...gramsOf(text).keys()].filter((gram) => /\p{Surrogate}/u.test(gram))).toEqual([])
    }),
  )
})
