import { labelCounts } from '@rootstock/data'
import { expect, test } from 'vitest'
import { balanced } from '../../thesis/digits.ts'
import { imagesOf } from './images.ts'

const data = imagesOf(400).train

const rowsOf = (count: number, seed: number): number[] =>
  Array.from(balanced(data, count, seed).targets.class.mask).flatMap((m, row) => (m ? [row] : []))

test('a draw has equally many labels of each class', () => {
  expect(labelCounts(balanced(data, 50, 1))).toEqual({ class: 50 })
  const counts = new Array<number>(10).fill(0)
  for (const row of rowsOf(50, 1)) counts[data.targets.class.values[row]!]!++
  expect(counts).toEqual(new Array(10).fill(5))
})

test('a seed draws the same rows again, and a smaller draw is part of a larger one', () => {
  expect(rowsOf(50, 1)).toEqual(rowsOf(50, 1))
  expect(rowsOf(50, 2)).not.toEqual(rowsOf(50, 1))
  expect(rowsOf(50, 1)).toEqual(expect.arrayContaining(rowsOf(20, 1)))
})
