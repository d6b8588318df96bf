/** The fits to images: what they make of the data, and a few steps of each. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Dataset } from '@rootstock/data'
import { describe, expect, test } from 'vitest'
import { fashionMnist } from '../../fits/fashionMnist.ts'
import { explainFailure, type Fit, reachedText } from '../../fits/fit.ts'
import { idxImages } from '../../fits/idxImages.ts'
import { lenet } from '../../fits/lenet.ts'
import { photos, withMirrored } from '../../fits/photos.ts'
import { placed, placedDigits } from '../../fits/placedDigits.ts'

const folder = fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const isAbsent = !existsSync(folder)

const fewSteps = async (fit: Fit, { validate }: { readonly validate: boolean }) => {
  const lines: string[] = []
  const limit = { rows: 48, epochs: 1 }
  const result = await fit.run({ folder, validate, limit, say: (line) => lines.push(line) })()
  if (result._tag === 'Left') throw new Error(explainFailure(result.left))
  return { lines, reached: result.right }
}

describe('a few steps (skipped without ../shared/data)', () => {
  const scores: readonly (readonly [string, Fit, readonly string[]])[] = [
    ['placed digits', placedDigits, ['accuracy', 'mean IoU']],
    ['LeNet', lenet, ['error']],
    ['Fashion-MNIST', fashionMnist, ['accuracy']],
    ['photographs', photos, ['accuracy', 'mean IoU', 'mean IoU of the mean box']],
  ]
  for (const [name, fit, what] of scores) {
    test.skipIf(isAbsent)(
      `${name}: an epoch is told, scores of held-out rows are shares`,
      async () => {
        const { lines, reached } = await fewSteps(fit, { validate: true })
        expect(lines).toEqual([expect.stringMatching(/^epoch 1 of 1, .* class \d+\.\d{4}/)])
        expect(reached.map((score) => score.what)).toEqual(what)
        for (const { value } of reached) {
          expect(value).toBeGreaterThanOrEqual(0)
          expect(value).toBeLessThanOrEqual(1)
        }
      },
    )
  }

  test.skipIf(isAbsent)('test rows are others than held-out rows', async () => {
    const tested = await fewSteps(photos, { validate: false })
    const heldOut = await fewSteps(photos, { validate: true })
    const meanBox = 'mean IoU of the mean box'
    const valueOf = (run: typeof tested) => run.reached.find(({ what }) => what === meanBox)?.value
    expect(valueOf(tested)).not.toBe(valueOf(heldOut))
  })
})

test.skipIf(isAbsent)(
  'held-out images are the last of the training images, and train nothing (skipped without ../shared/data)',
  async () => {
    const read = async (validate: boolean) => {
      const sizes = { train: 10, heldOut: 4, test: 5 }
      const result = await idxImages('mnist', { folder, validate }, sizes)()
      if (result._tag === 'Left') throw new Error(result.left._tag)
      return result.right
    }
    const [whole, heldOut] = [await read(false), await read(true)]
    expect([whole.train.rows, whole.test.rows, whole.firstTest]).toEqual([10, 5, 0])
    expect([heldOut.train.rows, heldOut.test.rows, heldOut.firstTest]).toEqual([6, 4, 6])
    const pixels = 28 * 28
    expect(heldOut.train.inputs).toEqual(whole.train.inputs.slice(0, 6 * pixels))
    expect(heldOut.test.inputs).toEqual(whole.train.inputs.slice(6 * pixels))
    expect(heldOut.test.targets.class.values).toEqual(whole.train.targets.class.values.slice(6))
    expect(whole.test.inputs).not.toEqual(whole.train.inputs.slice(0, 5 * pixels))
  },
)

test('a folder without data is named', async () => {
  const context = { folder: 'no-such-folder', validate: true, say: () => {} }
  const result = await lenet.run(context)()
  expect(result._tag === 'Left' ? explainFailure(result.left) : '').toMatchInlineSnapshot(`
    "no-such-folder/mnist/train-images-idx3-ubyte.gz: there is no such file
      --data <folder> says where the public data sets are"
  `)
})

test('a score says whether it is what it has to be', () => {
  expect(reachedText({ what: 'error', value: 0.0072, atMost: 0.0095 })).toBe(
    'error 0.0072, at most 0.0095: reached',
  )
  expect(reachedText({ what: 'accuracy', value: 0.9, atLeast: 0.915 })).toBe(
    'accuracy 0.9000, at least 0.915: missed',
  )
  expect(reachedText({ what: 'mean IoU', value: 0.7 })).toBe('mean IoU 0.7000')
})

test('a placed digit has a tight box at the place of its number', () => {
  const inputs = new Float32Array(2 * 28 * 28)
  // both digits: pixels (3, 5) and (10, 20)
  for (const row of [0, 1])
    for (const [x, y] of [
      [3, 5],
      [10, 20],
    ])
      inputs[row * 784 + y! * 28 + x!] = 0.5
  const labels = { kind: 'classification', values: Int32Array.of(7, 8), mask: Uint8Array.of(1, 1) }
  const data = { rows: 2, inputs, targets: { class: labels } } as unknown as Dataset<'class'>
  // images 36 and 37: the end of the first line of places, the beginning of the second
  const { targets, inputs: canvas, width } = placed(data, 36)
  expect(width).toBe(64 * 64)
  expect([...targets.box.values].map((share) => share * 64)).toEqual([
    36 + 3,
    5,
    36 + 11,
    21,
    3,
    1 + 5,
    11,
    1 + 21,
  ])
  expect(canvas[5 * 64 + 36 + 3]).toBe(0.5)
  expect(canvas[width + (1 + 20) * 64 + 10]).toBe(0.5)
  expect(canvas.reduce((sum, pixel) => sum + pixel, 0)).toBe(2)
})

test('a mirrored photograph has a mirrored box', () => {
  const inputs = Float32Array.from({ length: 64 * 64 * 3 }, (_, i) => i)
  const box = { values: Float32Array.of(0, 0.25, 0.5, 1), mask: Uint8Array.of(1), width: 4 }
  const kind = { values: Int32Array.of(2), mask: Uint8Array.of(1) }
  const data = { rows: 1, width: 64 * 64 * 3, inputs, targets: { class: kind, box } }
  const twice = withMirrored(data)
  expect(twice.rows).toBe(2)
  expect(twice.inputs.slice(0, inputs.length)).toEqual(inputs)
  const first = twice.inputs.slice(inputs.length, inputs.length + 3)
  expect(first).toEqual(inputs.slice(63 * 3, 64 * 3))
  expect(twice.targets.box.values).toEqual(Float32Array.of(0, 0.25, 0.5, 1, 0.5, 0.25, 1, 1))
  expect(twice.targets.class.values).toEqual(Int32Array.of(2, 2))
  expect(
    withMirrored({ ...data, inputs: twice.inputs.slice(inputs.length) }).inputs.slice(
      inputs.length,
    ),
  ).toEqual(inputs)
})
