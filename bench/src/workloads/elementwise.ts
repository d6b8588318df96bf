/** W9a to W9c: chains of elementwise operations and a sum over ten million numbers, where memory is the limit. */
import { add, gelu, grad, mul, sum, type Tensor } from '@rootstock/core'
import { uniform } from '../generator.ts'
import { type Named, type Problem, values } from '../problem.ts'
import { comparedElements } from '../runner/protocol.ts'
import type { Workload } from '../workload.ts'
import { repeat } from './calls.ts'

const size = 10_000_000
const slope = Math.sqrt(2 / Math.PI)

const inputs = (names: readonly string[]): Pick<Problem, 'params' | 'batches'> => ({
  params: {},
  batches: [
    Object.fromEntries(names.map((name, i) => [name, values([size], uniform(1 + i, size, -2, 2))])),
  ],
})

const chain = (x: Tensor, y: Tensor, z: Tensor): Tensor =>
  add(mul(gelu(x, { approximate: 'tanh' }), y), z)

const prefix = (batch: Named, count: number, f: (x: number, y: number, z: number) => number) => {
  const [x, y, z] = ['x', 'y', 'z'].map((name) => batch[name]!.data)
  return Array.from({ length: count }, (_, i) => f(x![i]!, y![i]!, z![i]!))
}

const geluOf = (x: number) => 0.5 * x * (1 + Math.tanh(slope * (x + 0.044715 * x ** 3)))

const geluSlope = (x: number) => {
  const t = Math.tanh(slope * (x + 0.044715 * x ** 3))
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope * (1 + 3 * 0.044715 * x * x)
}

/** gelu(x) * y + z. */
export const chainForward: Workload = {
  name: 'W9a_chain_fwd',
  title: 'gelu(x) * y + z, 10M floats',
  spec: { kind: 'chain', size },
  samples: 1,
  bytes: 4 * 4 * size,
  tolerance: 1e-5,
  problem: () => inputs(['x', 'y', 'z']),
  expected: ({ batches: [batch] }) => ({
    values: prefix(batch!, comparedElements, (x, y, z) => geluOf(x) * y + z),
  }),
  rootstock: (problem) => repeat(problem, ({ x, y, z }) => [chain(x!, y!, z!)]),
}

const third = comparedElements / 3

/** The gradient of its sum with respect to all three. */
export const chainGradient: Workload = {
  name: 'W9b_chain_grad',
  title: 'gradient of the sum of gelu(x) * y + z, 10M floats',
  spec: { kind: 'chainGradient', size },
  samples: 1,
  bytes: 2 * 3 * 4 * size,
  tolerance: 1e-5,
  problem: () => inputs(['x', 'y', 'z']),
  expected: ({ batches: [batch] }) => ({
    values: [
      ...prefix(batch!, third, (x, y) => geluSlope(x) * y),
      ...prefix(batch!, third, (x) => geluOf(x)),
      ...prefix(batch!, third, () => 1),
    ],
  }),
  rootstock: (problem) => {
    const total = (x: Tensor, y: Tensor, z: Tensor) => sum(chain(x, y, z))
    const gradient = grad(total, { argument: [0, 1, 2] })
    return repeat(problem, ({ x, y, z }) => gradient(x!, y!, z!))
  },
}

/** A sum. In float32 its error grows with the order of summation, hence the wide tolerance. */
export const total: Workload = {
  name: 'W9c_sum',
  title: 'sum of 10M floats',
  spec: { kind: 'sum', size },
  samples: 1,
  bytes: 4 * size,
  tolerance: 1e-3,
  problem: () => inputs(['x']),
  expected: ({ batches: [batch] }) => ({
    values: [(batch!.x!.data as Float32Array).reduce((a, b) => a + b, 0)],
  }),
  rootstock: (problem) => repeat(problem, ({ x }) => [sum(x!)]),
}
