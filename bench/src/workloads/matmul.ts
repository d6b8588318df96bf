/** W1: products of square matrices. */
import { matmul } from '@rootstock/core'
import { uniform } from '../generator.ts'
import { values } from '../problem.ts'
import { comparedElements } from '../runner/protocol.ts'
import type { Workload } from '../workload.ts'
import { repeat } from './calls.ts'

const product = (size: number): Workload => ({
  name: `W1_matmul_${size}`,
  title: `matrix product, ${size} x ${size}`,
  spec: { kind: 'matmul', size },
  samples: 1,
  flops: 2 * size ** 3,
  tolerance: 1e-5,
  problem: () => ({
    params: {},
    batches: [
      {
        a: values([size, size], uniform(1, size * size, -1, 1)),
        b: values([size, size], uniform(2, size * size, -1, 1)),
      },
    ],
  }),
  expected: ({ batches: [batch] }) => {
    const [a, b] = [batch!.a!.data, batch!.b!.data]
    const firstRow = Array.from({ length: Math.min(size, comparedElements) }, (_, column) => {
      let sum = 0
      for (let k = 0; k < size; k++) sum += a[k]! * b[k * size + column]!
      return sum
    })
    return { values: firstRow }
  },
  rootstock: (problem) => repeat(problem, ({ a, b }) => [matmul(a!, b!)]),
})

/** 64 to 2048. */
export const matmuls: readonly Workload[] = [64, 256, 512, 1024, 2048].map(product)
