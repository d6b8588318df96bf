import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Life, lowerBound, place } from '../../src/graph/plan.ts'
import { lower, type Program, peakBytes, placeholder, type Tensor, trace } from '../../src/index.ts'
import { labelsOf, mlpOf, models, trainingOf, trainingStep } from '../models.ts'

const lives = fc
  .array(
    fc.record({
      bytes: fc.integer({ min: 1, max: 40 }).map((n) => 64 * n),
      from: fc.nat({ max: 30 }),
      length: fc.nat({ max: 10 }),
    }),
    { maxLength: 40, size: 'max' },
  )
  .map((list) =>
    list.map(
      ({ bytes, from, length }, buffer): Life => ({ buffer, bytes, from, to: from + length }),
    ),
  )

test('buffers that live at the same time never overlap', () => {
  fc.assert(
    fc.property(lives, (list) => {
      const { offsets, bytes } = place(list)
      const spaces = list.map((life) => ({ ...life, offset: offsets.get(life.buffer)! }))
      for (const a of spaces) {
        expect(a.offset % 64).toBe(0)
        expect(a.offset + a.bytes).toBeLessThanOrEqual(bytes)
        for (const b of spaces) {
          if (a === b || a.to < b.from || b.to < a.from) continue
          expect(a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset).toBe(true)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('memory of small buffers rests where that takes little', () => {
  const life = (buffer: number, bytes: number, from: number, to = from): Life => ({
    buffer,
    bytes,
    from,
    to,
  })
  const offsets = (big: number) => {
    const plan = place([life(0, big, 0, 60), life(1, 64, 1), life(2, 64, 2), life(3, 64, 50)])
    return [1, 2, 3].map((buffer) => plan.offsets.get(buffer)! - big)
  }
  expect(offsets(2 ** 20)).toEqual([0, 64, 0])
  expect(offsets(64)).toEqual([0, 0, 0])
})

test('the lower bound is the largest sum of bytes alive at one moment', () => {
  fc.assert(
    fc.property(lives, (list) => {
      const alive = Array.from({ length: 50 }, (_, now) =>
        list.reduce(
          (sum, { from, to, bytes }) => (from <= now && now <= to ? sum + bytes : sum),
          0,
        ),
      )
      expect(lowerBound(list)).toBe(Math.max(...alive))
      expect(place(list).bytes).toBeGreaterThanOrEqual(lowerBound(list))
    }),
    { numRuns: 300 },
  )
})

/** Arena over lower bound. */
const waste = (program: Program): number => {
  const peak = peakBytes(program)
  return peak.planned / Math.max(1, peak.lowerBound)
}

test('the peak of a chain is the two intermediates that live at once', () => {
  const { graph } = trace((x: Tensor) => x.matmul(x).matmul(x).matmul(x).sum())(
    placeholder([64, 64]),
  )
  const bytes = 4 * 64 * 64
  expect(peakBytes(lower(graph))).toEqual({ planned: 2 * bytes, lowerBound: 2 * bytes })
})

describe('the arena is at most a quarter above its lower bound', () => {
  test.each(Object.keys(models))('for %s', (name) => {
    expect(waste(lower(models[name]!().graph))).toBeLessThanOrEqual(1.25)
  })

  test.each([
    [784, 256, 128],
    [64, 512, 32],
    [10, 10, 1000],
  ])(
    'for a training step of %i inputs, %i hidden units and a batch of %i',
    (inputs, hidden, batch) => {
      const state = trainingOf(mlpOf(inputs, hidden, 10))
      const step = trace(trainingStep)(state, placeholder([batch, inputs]), labelsOf(batch))
      expect(waste(lower(step.graph))).toBeLessThanOrEqual(1.25)
    },
  )
})
