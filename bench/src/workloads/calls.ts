/** Workloads that call one jitted function again and again. */
import { jit, type Tensor, zeros } from '@rootstock/core'
import type { Problem } from '../problem.ts'
import type { Program } from '../runner/program.ts'
import { comparedElements } from '../runner/protocol.ts'
import { type Tensors, tensorsOf } from './training.ts'

/**
 * Calls f on the arrays of the only batch. Peers dispose of a result before they make the next; here it is donated, which
 * says the same: its memory may be used again.
 */
export const repeat = (
  { batches: [batch] }: Pick<Problem, 'batches'>,
  f: (inputs: Tensors) => readonly Tensor[],
): Program => {
  const inputs = tensorsOf(batch!)
  const compute = jit((_: readonly Tensor[], given: Tensors) => f(given), { donate: [0] })
  let results: readonly Tensor[] = [zeros([0])]
  const count = () => Math.floor(comparedElements / results.length)
  return {
    step: () => {
      results = compute(results, inputs)
    },
    values: () => results.flatMap((x) => [...x.data().subarray(0, count())]),
  }
}
