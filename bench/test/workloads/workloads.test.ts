import { describe, expect, it } from 'vitest'
import { disagreement } from '../../src/rounds.ts'
import type { Program } from '../../src/runner/program.ts'
import { comparedSteps } from '../../src/runner/protocol.ts'
import { workloads } from '../../src/workloads/all.ts'

/** What a runner would announce. */
const announced = (program: Program): Map<string, number[]> => {
  if (program.loss === undefined) {
    void program.step(0)
    return new Map([['values', Array.from(program.values!() as ArrayLike<number>)]])
  }
  const first = program.loss() as number
  for (let i = 0; i < comparedSteps; i++) void program.step(i)
  return new Map([
    ['loss_init', [first]],
    ['loss_after_5', [program.loss() as number]],
  ])
}

const quick = [
  'W0_dispatch',
  'W1_matmul_64',
  'W2_mlp_small',
  'W4_tiny',
  'W10_multitask',
  'W10p_pcgrad',
  'W11_infer',
]

describe('the workloads', () => {
  it('have names and numbers of operations as the peers’ own measurements', () => {
    const flops = Object.fromEntries(workloads.map(({ name, flops: count }) => [name, count]))
    expect(flops).toMatchInlineSnapshot(`
      {
        "W0_dispatch": undefined,
        "W10_multitask": 71827456,
        "W10p_pcgrad": 365428736,
        "W11_infer": undefined,
        "W1_matmul_1024": 2147483648,
        "W1_matmul_2048": 17179869184,
        "W1_matmul_256": 33554432,
        "W1_matmul_512": 268435456,
        "W1_matmul_64": 524288,
        "W2_mlp_small": 155058176,
        "W3_mlp_large": 16236150784,
        "W4_tiny": 1500,
        "W5_dae": 1430257664,
        "W6_conv": 4323344384,
        "W7_transformer": 5234491392,
        "W8_lstm": 1308672000,
        "W9a_chain_fwd": undefined,
        "W9b_chain_grad": undefined,
        "W9c_sum": undefined,
        "W9d_softmax": undefined,
        "W9e_layernorm": undefined,
      }
    `)
  })

  it.each(quick)('%s computes what is expected', (name) => {
    const workload = workloads.find((x) => x.name === name)!
    const problem = { spec: workload.spec, ...workload.problem() }
    const expected = workload.expected(problem)
    expect(Object.keys(expected).length).toBeGreaterThan(0)
    const program = workload.rootstock(problem)
    expect(disagreement(expected, announced(program), workload.tolerance)).toBe(null)
  })
})
