import { describe, expect, it } from 'vitest'
import { disagreement } from '../src/rounds.ts'

const found = (values: readonly number[]) => new Map([['loss_init', values]])

describe('agreement of results', () => {
  it('allows differences within the tolerance of the largest value', () => {
    expect(disagreement({ loss_init: [2, 0] }, found([2.0001, 0.0001]), 1e-4)).toBe(null)
  })

  it('names what is wrong', () => {
    expect(disagreement({ loss_init: [2, 0] }, found([2, 0.1]), 1e-4)).toMatchInlineSnapshot(
      `"loss_init is 0.1 where 0 is right"`,
    )
    expect(disagreement({ loss_init: [2] }, found([Number.NaN]), 1e-4)).toMatchInlineSnapshot(
      `"loss_init is NaN where 2 is right"`,
    )
    expect(disagreement({ loss_init: [2, 3] }, found([2]), 1e-4)).toMatchInlineSnapshot(
      `"loss_init is undefined where 3 is right"`,
    )
    expect(disagreement({ loss_after_5: [2] }, found([2]), 1e-4)).toMatchInlineSnapshot(
      `"loss_after_5 is missing"`,
    )
  })
})
