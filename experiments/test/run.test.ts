/** Runs from a command to a report, small enough to take seconds. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { explainFailure } from '../src/failure.ts'
import type { RunCommand } from '../src/loadExperiment.ts'
import { progressOn } from '../src/progress.ts'
import { writeRestaurants } from '../src/restaurants/writeRestaurants.ts'
import { runCommand } from '../src/runCommand.ts'
import type { ExperimentRun } from '../src/runExperiment.ts'

const small = {
  name: 'small',
  data: { files: [{ path: 'restaurants.csv', types: { 'zip code': 'string' } }] },
  inputs: ['dish..year of opening'],
  targets: {
    food: { column: 'food', metric: 'r2' },
    'come back': { column: 'come back', metric: 'rocAuc' },
  },
  split: { by: 'modulo', divisor: 3, test: 0 },
  trunk: { hidden: [16] },
  pretraining: { corruption: { kind: 'swap', probability: 0.3 }, epochs: 2 },
  arms: ['scratch', 'probe', 'fineTune', 'frozenThenFull'],
  labels: [10, 'all'],
  seeds: 2,
  epochs: 2,
  batchSize: 32,
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'experiments-'))
  const options = { seed: 3, count: 300, visited: 0.5 }
  const written = await writeRestaurants(join(folder, 'restaurants.csv'), options)()
  if (written._tag === 'Left') throw new Error(explainFailure(written.left))
})
afterAll(() => rm(folder, { recursive: true }))

const run = async (config: object, name: string, signal?: AbortSignal) => {
  const path = join(folder, `${name}.json`)
  await writeFile(path, JSON.stringify(config))
  const out = join(folder, name)
  const command: RunCommand = { _tag: 'Run', config: path, data: undefined, out, seeds: undefined }
  let screen = ''
  const progress = progressOn({ write: (text) => (screen += text) })
  const result = await runCommand(command, { progress, signal })()
  if (result._tag === 'Left') throw new Error(explainFailure(result.left))
  const json = JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as {
    readonly run: ExperimentRun
  }
  return { screen, run: json.run, html: await readFile(join(out, 'report.html'), 'utf8') }
}

describe('a run', () => {
  let first: Awaited<ReturnType<typeof run>>
  beforeAll(async () => {
    first = await run(small, 'first')
  })

  test('scores every arm, label count, seed and task on the test rows', () => {
    const { scores, arms, labelCounts, seeds, tasks } = first.run
    expect(arms).toEqual(['scratch', 'probe', 'fine-tuned', 'probe, then tuned'])
    expect(scores).toHaveLength(arms.length * labelCounts.length * seeds.length * tasks.length)
    for (const { task, metrics } of scores) {
      expect(metrics[task === 'food' ? 'r2' : 'rocAuc']).toEqual(expect.any(Number))
    }
  })

  test('tells its circumstances: backend, times, memory, config, losses', () => {
    const { backend, phases, peakMemory, processorSeconds, config, curves, pretrained } = first.run
    expect(backend).toBe('wasm')
    expect(phases.map(({ name }) => name)).toEqual(['pretraining', ...first.run.arms])
    expect(peakMemory).toBeGreaterThan(2 ** 20)
    expect(processorSeconds).toBeGreaterThan(0)
    expect(config).toMatchObject({ ...small, optimizer: { kind: 'adam' } })
    expect(pretrained).toBe('for each seed')
    expect(curves.filter(({ phase, seed }) => phase === 'pretraining' && seed === 1)).not.toEqual(
      [],
    )
  })

  test('prints a table, verdicts and where the report is, and no bar when it is no terminal', () => {
    expect(first.screen).toContain('small: gains over scratch, 2 seeds, 95 % intervals')
    expect(first.screen).toMatch(/fine-tuned: (helps|no gain shown|hurts), /)
    expect(first.screen).toContain(join(folder, 'first', 'report.html'))
    expect(first.screen).not.toContain('\r')
  })

  test('draws the report as one page', () => {
    expect(first.html).toContain('<title>small: transfer report</title>')
    expect(first.html).toContain('<svg')
  })

  test('gives the same scores again', async () => {
    const second = await run(small, 'second')
    expect(second.run.scores).toEqual(first.run.scores)
  })
})

test('one trunk can serve all seeds, with a schedule, decay, a decoder and image scores untouched', async () => {
  const { run: found } = await run(
    {
      ...small,
      arms: ['scratch', 'fineTune'],
      labels: [20],
      trunk: { hidden: [16], out: 8, activation: 'gelu', dropout: 0.1, normalise: 'layer' },
      optimizer: { kind: 'adamW', weightDecay: 0.1, schedule: 'cosine', clip: 1 },
      pretraining: {
        ...small.pretraining,
        perSeed: false,
        positions: 'corrupted',
        decoder: [8],
        variance: 'learned',
      },
      minSteps: 30,
    },
    'once',
  )
  expect(found.pretrained).toBe('once')
  expect(found.trials?.every(({ steps, failure }) => steps === 30 && failure === null)).toBe(true)
})

test('without pretraining there are arms from scratch only', async () => {
  const { pretraining: _, ...rest } = small
  const { run: found, screen } = await run({ ...rest, arms: ['scratch'], labels: ['all'] }, 'alone')
  expect(found.pretrained).toBe('never')
  expect(found.phases.map(({ name }) => name)).toEqual(['scratch'])
  expect(screen).not.toContain('pretrained')
})

test('a run that is stopped says so', async () => {
  await expect(run(small, 'stopped', AbortSignal.abort())).rejects.toThrow(
    'stopped before the comparison was done; there is no report',
  )
  const { pretraining: _, ...rest } = small
  await expect(run({ ...rest, arms: ['scratch'] }, 'stopped', AbortSignal.abort())).rejects.toThrow(
    'stopped before the comparison was done; there is no report',
  )
})

test('a pretraining that diverges ends the run and says at which step', async () => {
  const pretraining = { ...small.pretraining, learningRate: 1e30 }
  await expect(
    run({ ...small, optimizer: { kind: 'sgd' }, pretraining }, 'diverged'),
  ).rejects.toThrow(/^pretraining: training stopped at step \d+ \(epoch 1\)/)
})

describe('the program', () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const start = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(root, 'node_modules/tsx/dist/cli.mjs'), main, ...args], {
      cwd: root,
      encoding: 'utf8',
    })

  test('says how it is used', () => {
    const { status, stdout, stderr } = start('--help')
    expect(stdout).toMatch(/^usage\n {2}npm start /)
    expect([status, stderr]).toEqual([0, ''])
  })

  test('ends with code 1 and a message without a stack when it cannot begin', () => {
    const { status, stdout, stderr } = start('no/such.json')
    expect(stderr).toBe('no/such.json: cannot be read: there is no such file\n')
    expect([status, stdout]).toEqual([1, ''])
  })
})

const shared = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

test.skipIf(!existsSync(shared))(
  'the shipped digits config reaches an accuracy of .965 from scratch (skipped without ../shared/data)',
  async () => {
    const path = fileURLToPath(new URL('../configs/digits.json', import.meta.url))
    const { pretraining: _, ...config } = JSON.parse(await readFile(path, 'utf8'))
    const data = { ...config.data, folder: shared }
    const found = await run(
      { ...config, data, arms: ['scratch'], labels: ['all'], seeds: 1 },
      'digits',
    )
    expect(found.run.scores[0]?.metrics.accuracy).toBeGreaterThan(0.965)
  },
)
