import { nearest } from '@rootstock/data'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('a slip of the fingers is found', () => {
  const names = ['price', 'seats', 'zip code', 'median_house_value']
  for (const [wrong, meant] of [
    ['pirce', 'price'],
    ['Price', 'price'],
    ['prices', 'price'],
    ['seat', 'seats'],
    ['zipcode', 'zip code'],
    ['house_value', 'median_house_value'],
  ] as const) {
    expect(nearest(wrong, names)).toBe(meant)
  }
})

test('something else altogether is not', () => {
  expect(nearest('walkability', ['price', 'seats'])).toBeUndefined()
  expect(nearest('', ['price'])).toBeUndefined()
  expect(nearest('x', ['price', 'seats'])).toBeUndefined()
})

test('a name is nearest to itself', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 10 }), {
    minLength: 1,
    selector: (name) => name.toLowerCase(),
  })
  fc.assert(
    fc.property(names, fc.nat(), (all, i) => {
      const name = all[i % all.length]!
      expect(nearest(name, all)).toBe(name)
    }),
    { seed: 1 },
  )
})
