import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type Named, readProblem, type Values, writeProblem } from '../src/problem.ts'

const folder = mkdtempSync(join(tmpdir(), 'rootstock-problem-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const arrays: fc.Arbitrary<Values> = fc
  .tuple(fc.boolean(), fc.array(fc.nat(3), { maxLength: 3 }))
  .map(([isFloat, shape]) => {
    const count = shape.reduce((product, size) => product * size, 1)
    const elements = Array.from({ length: count }, (_, i) => i - 2)
    return { shape, data: isFloat ? new Float32Array(elements) : new Int32Array(elements) }
  })
const named: fc.Arbitrary<Named> = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9.]{0,8}$/).filter((name) => !name.includes('proto')),
  arrays,
  { maxKeys: 4 },
)

describe('a problem', () => {
  it('is the same after writing and reading', () => {
    const file = join(folder, 'problem.safetensors')
    fc.assert(
      fc.property(named, fc.array(named, { maxLength: 3 }), (params, batches) => {
        const problem = { spec: { kind: 'matmul', size: 3 }, params, batches } as const
        writeProblem(file, problem)
        expect(readProblem(file)).toEqual(problem)
      }),
      { numRuns: 50 },
    )
  })
})
