import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { jit, type MemoryReport, memory, random, type Tensor, tensor } from '../../src/index.ts'
import { type Mlp, type Training, trainingOf, trainingStep } from '../models.ts'

const x = random.normal(random.key(9), [32, 784])
const labels = tensor(Int32Array.from({ length: 32 }, (_, i) => (7 * i) % 10))

/** 101,770 weights; with their moments a state takes 1.2 MB. */
const start = (): Training => {
  const [a, b] = random.split(random.key(3))
  const params: Mlp = {
    first: {
      weight: random.normal(a!, [784, 128], { deviation: 0.05 }),
      bias: random.normal(a!, [128]),
    },
    second: {
      weight: random.normal(b!, [128, 10], { deviation: 0.1 }),
      bias: random.normal(b!, [10]),
    },
  }
  return trainingOf(params)
}

/** Reports after 100 and after 1,000 steps. */
const train = async (donates: boolean, waits: boolean): Promise<readonly MemoryReport[]> => {
  const step = jit(trainingStep, donates ? { donate: [0] } : {})
  let state = start()
  let loss: Tensor | null = null
  const reports: MemoryReport[] = []
  for (let i = 1; i <= 1000; i++) {
    ;[state, loss] = step(state, x, labels)
    if (waits) await setImmediate()
    if (i === 100 || i === 1000) reports.push(memory())
  }
  expect(loss!.item()).toBeLessThan(1e-2)
  return reports
}

test.each([false, true])(
  'a thousand donating steps take no more memory than a hundred, waiting between them: %s',
  async (waits) => {
    const [early, late] = await train(true, waits)
    expect([late!.arena, late!.reserved]).toEqual([early!.arena, early!.reserved])
    // less when the collector has found tensors of the test before
    expect(late!.resident).toBeLessThanOrEqual(early!.resident)
  },
)

test.each([false, true])(
  'a thousand steps that keep nothing and donate nothing stay below a bound, waiting between them: %s',
  async (waits) => {
    const [, late] = await train(false, waits)
    expect(late!.resident).toBeLessThanOrEqual(256 * 2 ** 20)
    expect(late!.reserved).toBeLessThan(400 * 2 ** 20)
  },
)
