/** W0: what one operation costs when there is nothing to compute. */
import { add } from '@rootstock/core'
import { uniform } from '../generator.ts'
import { values } from '../problem.ts'
import type { SpecOf } from '../spec.ts'
import type { Workload } from '../workload.ts'
import { tensorsOf } from './training.ts'

const elements = 16
const spec: SpecOf<'dispatch'> = { kind: 'dispatch', operations: 100 }

/** A hundred eager additions of 16 numbers. */
export const dispatch: Workload = {
  name: 'W0_dispatch',
  title: '100 eager additions of 16 floats',
  spec,
  samples: 1,
  tolerance: 1e-6,
  problem: () => ({
    params: {},
    batches: [
      {
        x: values([elements], uniform(1, elements, -1, 1)),
        y: values([elements], uniform(2, elements, -1, 1)),
      },
    ],
  }),
  expected: ({ batches: [batch] }) => ({
    values: Array.from(batch!.x!.data, (x, i) => x + batch!.y!.data[i]!),
  }),
  rootstock: ({ batches: [batch] }) => {
    const { x, y } = tensorsOf(batch!)
    let result = x!
    return {
      step: () => {
        for (let i = 0; i < spec.operations; i++) result = add(x!, y!)
      },
      values: () => result.data(),
    }
  },
}
