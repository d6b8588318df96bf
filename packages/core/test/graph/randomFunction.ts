/** Random functions of tensors, for properties that must hold of any graph. */
import fc from 'fast-check'
import { type Instruction, operationCount } from '../../src/conformance/randomFunction.ts'

export { type Instruction, runInstructions as run } from '../../src/conformance/randomFunction.ts'

/** Programs of up to `length` instructions. */
export const instructions = (length: number): fc.Arbitrary<Instruction[]> =>
  fc.array(
    fc.record({
      operation: fc.nat({ max: operationCount - 1 }),
      // counted backwards: mostly the latest values, so that long chains occur
      first: fc.nat({ max: 3 }),
      second: fc.nat({ max: 9 }),
    }),
    { minLength: length / 2, maxLength: length, size: 'max' },
  )
