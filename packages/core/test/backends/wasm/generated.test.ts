import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disagreements } from './agree.ts'
import { generate } from './generate.ts'

describe('generated kernels', () => {
  it('give the bits of the reference', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { program, inputs } = generate(seed)
        expect(disagreements(program, inputs)).toEqual([])
      }),
      { numRuns: 400, seed: 7 },
    )
  })
})
