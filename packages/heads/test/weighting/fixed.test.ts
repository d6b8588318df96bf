import { tensor } from '@rootstock/core'
import { equal, fixed } from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

const losses = { a: tensor(2), b: tensor(3) }

describe('weightings', () => {
  it('sum all losses when equal', () => {
    expect(equal().combine({}, losses).item()).toBe(5)
  })

  it('sum weighted losses when fixed', () => {
    expect(fixed({ a: 0.5, b: 2 }).combine({}, losses).item()).toBe(7)
  })

  it('agree when all fixed weights are 1', () => {
    expect(fixed({ a: 1, b: 1 }).combine({}, losses).item()).toBe(5)
  })

  it('refuse a weight below 0', () => {
    expect(() => fixed({ a: -1 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in fixed
        task    a
        weight  -1
        rule    every weight must be finite and at least 0]
    `)
  })
})
