import { adam, adamW, chain, clipByGlobalNorm, tanh, tensor } from '@rootstock/core'
import {
  classification,
  evaluation,
  explainFit,
  type FitEvent,
  fit,
  fixed,
  mlp,
  multitask,
  type Rows,
} from '@rootstock/heads'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { bits, model, noisy, options, run, type Task, ten } from './tenRows.ts'

describe('fit', () => {
  it('overfits ten rows', async () => {
    const { params, history } = await run({ epochs: 150, batchSize: 10 })
    expect(history.at(-1)!.losses.kind).toBeLessThan(0.01)
    expect(history.at(-1)!.losses.size).toBeLessThan(0.001)
    const predicted = model.apply(
      params,
      tensor(options.data.inputs.slice(), { shape: [10, 4] }),
      evaluation,
    )
    const probabilities = predicted.kind.probabilities.toArray() as number[][]
    const right = probabilities.filter((row, i) => row[i % 3] === Math.max(...row)).length
    expect(right).toBeGreaterThanOrEqual(9)
  })

  it('learns exclusive or, which no linear model can', async () => {
    const data: Rows<'odd'> = {
      rows: 4,
      width: 2,
      inputs: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1),
      targets: { odd: { values: Int32Array.of(0, 1, 1, 0), mask: Uint8Array.of(1, 1, 1, 1) } },
    }
    const xor = multitask(mlp({ in: 2, hidden: [8], activation: tanh }), {
      odd: classification({ classes: ['even', 'odd'] }),
    })
    const optimizer = adam({ learningRate: 0.1 })
    const result = await fit({ model: xor, data, optimizer, epochs: 150, batchSize: 4, seed: 1 })()
    if (E.isLeft(result)) throw new Error(explainFit(result.left))
    expect(result.right.history.at(-1)!.losses.odd).toBeLessThan(0.05)
  })

  it('gives the same bits for the same seed, dropout included, and others for another', async () => {
    const [first, again, other] = [
      await run({ model: noisy }),
      await run({ model: noisy }),
      await run({ model: noisy, seed: 8 }),
    ]
    expect(bits(again.params)).toEqual(bits(first.params))
    expect(again.history.map((epoch) => epoch.losses)).toEqual(
      first.history.map((epoch) => epoch.losses),
    )
    expect(bits(other.params)).not.toEqual(bits(first.params))
  })

  it('goes on from a state to the same bits as without the pause', async () => {
    const straight = await run({ model: noisy, epochs: 4 })
    const half = await run({ model: noisy, epochs: 2 })
    const rest = await run({ model: noisy, epochs: 4, state: half.state })
    expect(bits(rest.params)).toEqual(bits(straight.params))
    expect(rest.steps).toBe(straight.steps)
  })

  it('does not change the parameters it is given, nor the state', async () => {
    const first = await run()
    const before = bits(first.params)
    await run({ params: first.params })
    await run({ epochs: 5, state: first.state })
    expect(bits(first.params)).toEqual(before)
    expect(first.state.step.item()).toBe(9)
  })

  it('keeps every bit of frozen parameters and trains the others', async () => {
    const start = await run()
    const before = new Map(bits(start.params).map(([path, ...values]) => [path, values]))
    const { params } = await run({ params: start.params, frozen: ['trunk/layers/0', 'heads/size'] })
    for (const [path, ...values] of bits(params)) {
      const isFrozen = path.startsWith('trunk/layers/0') || path.startsWith('heads/size')
      if (isFrozen) expect(values).toEqual(before.get(path))
      else expect(values).not.toEqual(before.get(path))
    }
  })

  it('refuses to freeze what does not exist', () => {
    expect(() =>
      fit({ ...options, frozen: ['trunk/layer/0'] })(),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in fit
        frozen  trunk/layer/0
        rule    no parameter has this path; parameters are trunk/layers/0/weight, trunk/layers/0/bias, trunk/layers/1/weight, trunk/layers/1/bias, heads/kind/dense/weight, heads/kind/dense/bias, heads/size/dense/weight, heads/size/dense/bias]
    `)
  })

  it('leaves out rows without any label, bit for bit as if they were not there', async () => {
    const { rows, width, inputs, targets } = ten()
    const order = Int32Array.of(0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 9)
    const take = <T extends Float32Array | Int32Array>(values: T, stride: number): T => {
      const taken = values.slice(0, 0).constructor as new (length: number) => T
      const result = new taken(order.length * stride)
      order.forEach((row, i) => {
        result.set(values.subarray(row * stride, (row + 1) * stride), i * stride)
      })
      return result
    }
    // the second copies of rows 5 and 9 have no label
    const mask = (values: Uint8Array) =>
      Uint8Array.from(order, (row, i) => (order[i - 1] === row ? 0 : values[row]!))
    const sparse: Rows<Task> = {
      rows: order.length,
      width,
      inputs: take(inputs, width),
      targets: {
        kind: { values: take(targets.kind.values as Int32Array, 1), mask: mask(targets.kind.mask) },
        size: { values: take(targets.size.values, 1), mask: mask(targets.size.mask) },
      },
    }
    const events: FitEvent<Task>[] = []
    const [some, all] = [
      await run({ data: sparse, onEvent: (event) => events.push(event) }),
      await run(),
    ]
    expect(bits(some.params)).toEqual(bits(all.params))
    expect(events[0]).toMatchObject({ _tag: 'Started', rows, labelled: { kind: 9, size: 6 } })
  })

  it('makes more passes where few rows would make too few steps', async () => {
    expect((await run({ minSteps: 20 })).history).toHaveLength(7)
    expect((await run({ minSteps: 8 })).history).toHaveLength(3)
  })

  it('returns the best epoch on validation when asked, and stops when patience ends', async () => {
    const flipped = ten()
    const validation: Rows<Task> = {
      ...flipped,
      targets: {
        ...flipped.targets,
        kind: {
          ...flipped.targets.kind,
          values: flipped.targets.kind.values.map((code) => (code + 1) % 3),
        },
      },
    }
    const { history, params } = await run({ epochs: 60, validation, keep: 'best', patience: 3 })
    const totals = history.map(({ validation: found }) => found!.kind! + found!.size!)
    const best = totals.indexOf(Math.min(...totals))
    expect(history.length).toBe(best + 4)
    const again = await run({ epochs: best + 1 })
    expect(bits(params)).toEqual(bits(again.params))
  })

  it('emits typed events in order, with every task, its labels, rate and time left', async () => {
    const events: FitEvent<Task>[] = []
    await run({ onEvent: (event) => events.push(event) })
    const oneEpoch = ['Stepped', 'Stepped', 'Stepped', 'EpochEnded']
    expect(events.map(({ _tag }) => _tag)).toEqual([
      'Started',
      ...oneEpoch,
      ...oneEpoch,
      ...oneEpoch,
      'Finished',
    ])
    expect(events[0]).toEqual({
      _tag: 'Started',
      rows: 10,
      labelled: { kind: 9, size: 6 },
      epochs: 3,
      steps: 9,
      trained: 4 * 32 + 32 + 32 * 32 + 32 + 32 * 3 + 3 + 32 + 1,
      frozen: 0,
    })
    const steps = events.filter((event) => event._tag === 'Stepped')
    const first = steps.slice(0, 3)
    expect(first.map(({ step, epoch }) => [step, epoch])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ])
    expect(first.reduce((sum, { labelled }) => sum + labelled.size, 0)).toBe(6)
    for (const { total, losses, gradientNorm } of steps) {
      expect(total).toBeCloseTo(losses.kind + losses.size, 5)
      expect(gradientNorm).toBeGreaterThan(0)
    }
    expect(steps.at(-1)!.rowsPerSecond).toBeGreaterThan(0)
    expect(steps.at(-1)!.secondsLeft).toBe(0)
  })

  it('reports a task without labels, and trains the others as if it were absent', async () => {
    const data = ten()
    const blind: Rows<Task> = {
      ...data,
      targets: { ...data.targets, size: { ...data.targets.size, mask: new Uint8Array(10) } },
    }
    const events: FitEvent<Task>[] = []
    const both = await run({ data: blind, onEvent: (event) => events.push(event) })
    expect(events[0]).toMatchObject({ labelled: { kind: 9, size: 0 } })
    expect(both.history.map(({ losses }) => losses.size)).toEqual([null, null, null])
    const alone = await run({ data: blind, weighting: fixed({ kind: 1, size: 0 }) })
    expect(bits(both.params)).toEqual(bits(alone.params))
  })

  it('lets other work run while it trains, such as a timer that ends it', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 1)
    const result = await fit({ ...options, epochs: 10_000, signal: controller.signal })()
    expect(E.isLeft(result) && result.left._tag).toBe('Aborted')
  })

  it('refuses options and data that make no sense', () => {
    const data = ten()
    expect(() => fit({ ...options, epochs: 0 })()).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in fit
        epochs  0
        rule    epochs must be a whole number of at least 1]
    `)
    expect(() => fit({ ...options, keep: 'best' })()).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in fit
        keep      best
        patience  none
        rule      keep: best, patience and plateau need validation rows]
    `)
    expect(() =>
      fit({ ...options, data: { ...data, width: 3 } })(),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in fit
        rows           10
        width          3
        inputs.length  40
        rule           inputs must hold rows * width numbers]
    `)
    const blind = Object.fromEntries(
      Object.entries(data.targets).map(([task, labels]) => [
        task,
        { ...labels, mask: new Uint8Array(10) },
      ]),
    ) as Rows<Task>['targets']
    expect(() =>
      fit({ ...options, data: { ...data, targets: blind } })(),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in fit
        tasks  [kind, size]
        rows   10
        rule   at least one row must have a label]
    `)
    const { kind, size } = data.targets
    const short = { ...size, mask: new Uint8Array(3) }
    expect(() =>
      fit({ ...options, data: { ...data, targets: { kind, size: short } } })(),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in fit
        task    size
        rows    10
        values  10
        mask    3
        rule    a task must have a value and a mask entry for each row]
    `)
    expect(() =>
      fit({ ...options, data: { ...data, columns: [], targets: { kind } } })(),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in fit
        task     size
        targets  [kind]
        rule     the data must hold targets for every task of the model]
    `)
  })

  it('takes clipped and decayed optimisers', async () => {
    const optimizer = chain(clipByGlobalNorm(0.1), adamW({ learningRate: 0.01, weightDecay: 0.1 }))
    const { history } = await run({ optimizer, epochs: 30 })
    expect(history.at(-1)!.losses.kind!).toBeLessThan(history[0]!.losses.kind!)
  })
})
