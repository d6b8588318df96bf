/** W9d and W9e: operations that look at a whole row for each of its elements. */
import { softmax } from '@rootstock/core'
import { evaluation, layerNorm } from '@rootstock/heads'
import { uniform } from '../generator.ts'
import { type Problem, values } from '../problem.ts'
import { comparedElements } from '../runner/protocol.ts'
import type { Workload } from '../workload.ts'
import { repeat } from './calls.ts'

const rows = 4096
const columns = 1024
const shared = {
  samples: 1,
  bytes: 2 * 4 * rows * columns,
  tolerance: 1e-5,
} as const

const input = () => values([rows, columns], uniform(1, rows * columns, -2, 2))

const firstRow = ({ batches: [batch] }: Pick<Problem, 'batches'>): number[] =>
  Array.from(batch!.x!.data.subarray(0, columns))

const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length

/** Softmax of each row. */
export const softmaxRows: Workload = {
  ...shared,
  name: 'W9d_softmax',
  title: 'softmax of the rows of [4096, 1024]',
  spec: { kind: 'softmax', rows, columns },
  problem: () => ({ params: {}, batches: [{ x: input() }] }),
  expected: (problem) => {
    const exps = firstRow(problem).map(Math.exp)
    return { values: exps.slice(0, comparedElements).map((x) => x / (mean(exps) * columns)) }
  },
  rootstock: (problem) => repeat(problem, ({ x }) => [softmax(x!)]),
}

/** Layer normalisation of each row. */
export const layerNormRows: Workload = {
  ...shared,
  name: 'W9e_layernorm',
  title: 'layer normalisation of the rows of [4096, 1024]',
  spec: { kind: 'layerNorm', rows, columns },
  problem: () => ({
    params: {},
    batches: [
      {
        x: input(),
        scale: values([columns], new Float32Array(columns).fill(1)),
        shift: values([columns], new Float32Array(columns)),
      },
    ],
  }),
  expected: (problem) => {
    const row = firstRow(problem)
    const centre = mean(row)
    const deviation = Math.sqrt(mean(row.map((x) => (x - centre) ** 2)) + 1e-5)
    return { values: row.slice(0, comparedElements).map((x) => (x - centre) / deviation) }
  },
  rootstock: (problem) => {
    const layer = layerNorm({ width: columns })
    return repeat(problem, ({ x, scale, shift }) => [
      layer.apply({ scale: scale!, shift: shift! }, x!, evaluation),
    ])
  },
}
