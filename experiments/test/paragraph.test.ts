import { expect, test } from 'vitest'
import { paragraph } from '../src/paragraph.ts'

test('a short text stands beside its label', () => {
  expect(paragraph('rows', '8 to train on')).toBe('rows         8 to train on')
})

test('a long text goes on below, indented, and no line has more than 100 columns', () => {
  const lines = paragraph(
    'labels',
    Array.from({ length: 40 }, (_, i) => `task${i}`).join(' '),
  ).split('\n')
  expect(lines.length).toBeGreaterThan(1)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
  expect(lines.slice(1).every((line) => line.startsWith(' '.repeat(13)))).toBe(true)
})

test('a word that is too long stands alone', () => {
  const word = 'x'.repeat(120)
  expect(paragraph('report', `at ${word}`).split('\n')).toEqual([
    'report       at',
    `             ${word}`,
  ])
})
