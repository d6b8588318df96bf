import { expect, test } from 'vitest'
import { durationText, paceText, progressOn } from '../src/progress.ts'

const portion = (done: number, secondsLeft: number) => ({
  what: 'comparing',
  done,
  detail: '3 of 12: scratch',
  secondsLeft,
})

const record = (options: { readonly isTTY: boolean; readonly columns?: number }) => {
  const written: string[] = []
  let now = 0
  const progress = progressOn({ ...options, write: (text) => written.push(text) }, () => now)
  return { written, progress, wait: (milliseconds: number) => (now += milliseconds) }
}

test('a terminal sees a bar with the time left, written over', () => {
  const { written, progress } = record({ isTTY: true, columns: 100 })
  progress.show(portion(0.25, 65))
  expect(written).toEqual([
    '\r\u001b[2Kcomparing  █████░░░░░░░░░░░░░░░  25 %  1 min 05 s left  3 of 12: scratch',
  ])
})

test('the bar changes ten times a second at most, and makes way for lines that stay', () => {
  const { written, progress, wait } = record({ isTTY: true })
  progress.show(portion(0.1, 0))
  progress.show(portion(0.2, 0))
  wait(150)
  progress.show(portion(0.3, 0))
  progress.say('done')
  progress.say('and on')
  expect(written).toHaveLength(4)
  expect(written.slice(2)).toEqual(['\r\u001b[2Kdone\n', 'and on\n'])
})

test('a bar is never wider than the terminal', () => {
  const { written, progress } = record({ isTTY: true, columns: 30 })
  progress.show(portion(0.5, 3))
  expect(written[0]?.replace('\r\u001b[2K', '')).toHaveLength(29)
})

test('what is no terminal sees lines only', () => {
  const { written, progress } = record({ isTTY: false })
  progress.show(portion(0.5, 3))
  progress.say('done')
  expect(written).toEqual(['done\n'])
})

test('durations are short', () => {
  expect([0.04, 9.94, 9.96, 59.4, 60, 125].map(durationText)).toEqual([
    '0.0 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 min 00 s',
    '2 min 05 s',
  ])
})

test('the pace tells the rate and the loss of each task', () => {
  expect(paceText(41234.5, { food: 0.4567, 'on foot': 12 })).toBe(
    '41,235 rows/s  food 0.457  on foot 12.0',
  )
  expect(paceText(0, { food: 0.5 })).toBe('food 0.500')
})
