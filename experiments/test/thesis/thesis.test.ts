import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { recipe } from '../../thesis/recipe.ts'
import { runThesis, type ThesisOptions } from '../../thesis/thesis.ts'
import { imagesOf } from './images.ts'

const small: Omit<ThesisOptions, 'progress' | 'signal'> = {
  recipe: {
    ...recipe,
    hidden: 16,
    learningRate: 0.02,
    batchSize: 20,
    pretrainingEpochs: 2,
    epochs: 1,
    minSteps: 40,
  },
  data: imagesOf(200),
  labels: [10, 20],
  seeds: [1, 2],
}

const run = async (say: (line: string, stop: AbortController) => void = () => {}) => {
  const stop = new AbortController()
  const progress = { say: (line: string) => say(line, stop), show: () => {} }
  return runThesis({ ...small, progress, signal: stop.signal })()
}

describe('a run', () => {
  test('scores three arms for each seed and number of labels, all with the same number of steps', async () => {
    const lines: string[] = []
    const found = await run((line) => lines.push(line))
    if (found._tag === 'Left') throw new Error(found.left._tag)
    const { arms, seeds, scores, trials, phases } = found.right
    expect([arms, seeds]).toEqual([
      ['scratch', 'autoencoder', 'denoising'],
      [1, 2],
    ])
    expect(scores).toHaveLength(3 * 2 * 2)
    expect(scores.every(({ metrics }) => (metrics.accuracy ?? 0) > 0.2)).toBe(true)
    expect(trials?.every(({ steps }) => steps === 40)).toBe(true)
    expect(phases.map(({ name }) => name)).toEqual(['pretraining', ...arms])
    expect(lines).toHaveLength(2)
  })

  test('that is stopped keeps the seeds that were finished', async () => {
    const found = await run((_, stop) => stop.abort())
    expect(found).toMatchObject({ _tag: 'Right', right: { seeds: [1] } })
  })
})

test('the program says where it looked for digits that are not there', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/tsx/dist/cli.mjs'),
      join(root, 'experiments/thesis/main.ts'),
      '--data=nowhere',
      '--backend=wasm',
    ],
    { cwd: root, encoding: 'utf8' },
  )
  expect(stderr).toMatchInlineSnapshot(`
    "nowhere/mnist/train-images-idx3-ubyte.gz: there is no such file
      paths are relative to nowhere; --data <folder> names another
    "
  `)
  expect(status).toBe(1)
})
