import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeProblem } from '../../src/problem.ts'
import { disagreement } from '../../src/rounds.ts'
import { floorProgram } from '../../src/runner/floor.ts'
import { peers } from '../../src/runner/runners.ts'
import { start } from '../../src/runner/start.ts'
import { workloads } from '../../src/workloads/all.ts'

const program = floorProgram()
const skipped = program === null ? ' (skipped: no C compiler with OpenMP and OpenBLAS)' : ''
const floor = peers.find(({ name }) => name === 'c-floor')!
const folder = mkdtempSync(join(tmpdir(), 'rootstock-floor-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The floor on a workload, ready to be measured. */
const run = async (name: string, threads: number) => {
  const workload = workloads.find((x) => x.name === name)!
  const problem = { spec: workload.spec, ...workload.problem() }
  const file = join(folder, 'problem.safetensors')
  writeProblem(file, problem)
  const running = await start(floor.command(workload, file, threads), 60)
  return { running, expected: workload.expected(problem), tolerance: workload.tolerance }
}

const shared = ['W1_matmul_64', 'W2_mlp_small', 'W5_dae', 'W9d_softmax', 'W9e_layernorm']
// three threads share rows and columns unevenly
const cases = [
  ...['W2_mlp_small', 'W4_tiny', 'W11_infer'].map((name) => ({ name, threads: 1 })),
  ...[...shared, 'W10_multitask'].map((name) => ({ name, threads: 3 })),
]

describe.skipIf(program === null)(`hand-written C${skipped}`, () => {
  it.each(cases)(
    'shows what is expected of $name with threads: $threads, and makes trials',
    async ({ name, threads }) => {
      const { running, expected, tolerance } = await run(name, threads)
      if (running.kind !== 'running') throw new Error(running.because)
      expect(disagreement(expected, running.values, tolerance)).toBe(null)
      const trial = await running.trial(5)
      if ('kind' in trial) throw new Error(trial.because)
      expect(trial.steps).toBeGreaterThan(0)
      expect(trial.wallMs).toBeGreaterThan(0)
      await running.end()
      expect(running.metrics.get('peak_rss_mb')).toBeGreaterThan(1)
    },
  )

  it('learns to undo noise', async () => {
    const { running, expected } = await run('W5_dae', 1)
    if (running.kind !== 'running') throw new Error(running.because)
    await running.end()
    expect(running.metrics.get('loss_final')).toBeLessThan(0.5 * expected.loss_init![0]!)
  })

  it('says what it is not written for', async () => {
    expect((await run('W10p_pcgrad', 1)).running).toMatchInlineSnapshot(`
      {
        "because": "no hand-written C",
        "kind": "unsupported",
      }
    `)
  })

  it('says what a problem lacks', async () => {
    const workload = workloads.find(({ name }) => name === 'W4_tiny')!
    const file = join(folder, 'empty.safetensors')
    writeProblem(file, { spec: workload.spec, params: {}, batches: [] })
    expect(await start(floor.command(workload, file, 1), 60)).toMatchInlineSnapshot(`
      {
        "because": "ended with 1: Error: the problem does not say "batches.0.x":{",
        "kind": "failed",
      }
    `)
  })
})
