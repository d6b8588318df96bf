import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDecimal, textToNumber } from '../../../src/formats/csv/decimal.ts'

const parse = (text: string): number => {
  const bytes = new TextEncoder().encode(text)
  return parseDecimal(bytes, 0, bytes.length)
}

const digits = (most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: most })

test('equals the conversion of the engine, digit for digit', () => {
  const written = fc
    .tuple(
      fc.constantFrom('', '-', '+'),
      digits(30),
      fc.constantFrom('', '.'),
      digits(30),
      fc.option(fc.tuple(fc.constantFrom('e', 'E'), fc.integer({ min: -400, max: 400 }))),
    )
    .map(([sign, whole, point, rest, exponent]) => {
      const fraction = point === '' ? '' : `.${rest}`
      return `${sign}${whole}${fraction}${exponent === null ? '' : exponent.join('')}`
    })
  fc.assert(
    fc.property(written, (text) => {
      const expected = /\d/.test(text.split(/e/i)[0]!) ? Number(text) : Number.NaN
      expect(parse(text)).toBe(expected)
      expect(textToNumber(text)).toBe(expected)
    }),
    { numRuns: 5000, seed: 1 },
  )
})

test('nothing else is a number', () => {
  for (const text of [
    '',
    '.',
    '-',
    'e5',
    '1e',
    '1e+',
    '0x1',
    '1_0',
    'Infinity',
    'NaN',
    '1,5',
    '1.2.3',
  ]) {
    expect(parse(text)).toBeNaN()
    expect(textToNumber(text)).toBeNaN()
  }
})

test('a long run of digits takes time in proportion', () => {
  const start = performance.now()
  expect(textToNumber(`${'1'.repeat(2e6)}x`)).toBeNaN()
  expect(performance.now() - start).toBeLessThan(2000)
})
