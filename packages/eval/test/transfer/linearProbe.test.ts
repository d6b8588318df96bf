import { inverse, matmul, paths, random, type Tensor, tensor, transpose } from '@rootstock/core'
import { encode, evaluate, linearProbe } from '@rootstock/eval'
import {
  explainFit,
  type FitEvent,
  headsOf,
  mlp,
  multitask,
  regression,
  tapped,
  trunkOf,
} from '@rootstock/heads'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { menu } from '../menu.ts'

const { train, test: unseen } = menu()
const trunk = mlp({ in: train.width, hidden: [16, 8] })
const model = multitask(trunk, headsOf(train.targets))
const pretrained = model.init(random.key(5)).trunk

const right = <L, R>(either: E.Either<L, R>): R => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}

const bits = (params: unknown) =>
  paths(params).map(([path, leaf]) => [path, ...(leaf as Tensor).data()] as const)

describe('linearProbe', () => {
  test('gives parameters of the model that predict unseen rows, the trunk untouched', async () => {
    const before = bits(pretrained)
    const { params, steps } = right(await linearProbe({ model, trunk: pretrained, data: train })())
    expect(params.trunk).toBe(pretrained)
    expect(bits(pretrained)).toEqual(before)
    expect(paths(params.heads).map(([path]) => path)).toEqual(
      paths(model.init(random.key(0)).heads).map(([path]) => path),
    )
    const scores = evaluate(model, params, unseen)
    expect(scores.kind).toMatchObject({ accuracy: expect.toSatisfy((x: number) => x > 0.65) })
    expect(scores.price).toMatchObject({ r2: expect.toSatisfy((x: number) => x > 0.7) })
    expect(steps).toBeLessThan(200)
  })

  test('is ridge regression for a number: the solution of the normal equations', async () => {
    const rows = 30
    const x = random.normal(random.key(1), [rows, 3]).data()
    const inputs = Float32Array.from(x, (value, i) => value * (1 + (i % 3)) + 4)
    const y = Float32Array.from({ length: rows }, (_, i) => Math.sin(3 * i) + inputs[3 * i]!)
    const data = {
      rows,
      width: 3,
      inputs,
      targets: { y: { values: y, mask: new Uint8Array(rows).fill(1) } },
    }
    const alone = multitask(trunkOf({ in: 3, layers: [] }), { y: regression() })
    const l2 = 5
    const { params } = right(await linearProbe({ model: alone, trunk: { layers: [] }, data, l2 })())
    // standardised columns Z and centred labels; sum of (Zw - y)^2 + l2 / 2 |w|^2 has its minimum at (Z'Z + l2 / 2) w = Z'y
    const columns = [0, 1, 2].map((k) => {
      const column = Float64Array.from({ length: rows }, (_, i) => inputs[3 * i + k]!)
      const mean = column.reduce((a, b) => a + b, 0) / rows
      const deviation = Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / rows)
      return { mean, deviation, z: column.map((v) => (v - mean) / deviation) }
    })
    const centre = y.reduce((a, b) => a + b, 0) / rows
    const z = tensor(
      columns.map((column) => [...column.z]),
      { dtype: 'float64' },
    )
    const ridge = tensor(
      [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? l2 / 2 : 0))),
      { dtype: 'float64' },
    )
    const centred = tensor(
      [...y].map((v) => [v - centre]),
      { dtype: 'float64' },
    )
    const w = matmul(inverse(matmul(z, transpose(z)).add(ridge)), matmul(z, centred)).data()
    const weight = params.heads.y.dense.weight.data()
    columns.forEach(({ deviation }, k) => {
      expect(weight[k]).toBeCloseTo(w[k]! / deviation, 3)
    })
    const bias = centre - columns.reduce((sum, c, k) => sum + (c.mean * w[k]!) / c.deviation, 0)
    expect(params.heads.y.dense.bias!.data()[0]).toBeCloseTo(bias, 3)
  })

  test('gives the same bits again, and shrinks weights by its penalty', async () => {
    const probed = async (l2: number) =>
      right(await linearProbe({ model, trunk: pretrained, data: train, l2 })()).params.heads
    const size = (heads: unknown) =>
      paths(heads)
        .filter(([path]) => path.endsWith('weight'))
        .flatMap(([, leaf]) => [...(leaf as Tensor).data()])
        .reduce((sum, value) => sum + value * value, 0)
    const [weak, again, strong] = [await probed(0.1), await probed(0.1), await probed(100)]
    expect(bits(again)).toEqual(bits(weak))
    expect(size(strong)).toBeLessThan(size(weak) / 4)
  })

  test('does not look at features that do not vary, nor at rows without labels except to standardise', async () => {
    const dead = {
      ...pretrained.layers[1]!,
      weight: tensor(
        pretrained.layers[1]!.weight.data().map((v, i) => (i % 8 === 2 ? 0 : v)),
        { shape: [16, 8] },
      ),
    }
    const { params } = right(
      await linearProbe({ model, trunk: { layers: [pretrained.layers[0]!, dead] }, data: train })(),
    )
    const row = (params.heads.price.dense.weight.toArray() as number[][])[2]
    expect(row).toEqual([0])
  })

  test('probes features of several stages by a tapped trunk, with the same trunk parameters', async () => {
    const wide = multitask(tapped(trunk, [0, 1]), headsOf(train.targets))
    const { params } = right(await linearProbe({ model: wide, trunk: pretrained, data: train })())
    expect(params.heads.price.dense.weight.shape).toEqual([24, 1])
    expect(encode(wide.trunk, params.trunk, train).width).toBe(24)
    expect(evaluate(wide, params, unseen).kind).toMatchObject({
      accuracy: expect.toSatisfy((x: number) => x > 0.8),
    })
  })

  test('gives the same in parts of many rows as in one', async () => {
    const { rows, width, inputs, targets } = train
    const times = 15
    const repeat = <T extends Float32Array | Int32Array | Uint8Array>(values: T): T => {
      const result = new (values.constructor as new (length: number) => T)(values.length * times)
      for (let i = 0; i < times; i++) result.set(values, i * values.length)
      return result
    }
    const many = {
      rows: rows * times,
      width,
      inputs: repeat(inputs),
      targets: Object.fromEntries(
        Object.entries(targets).map(([task, { values, mask }]) => [
          task,
          { values: repeat(values as Float32Array), mask: repeat(mask) },
        ]),
      ),
      columns: train.columns,
    }
    // a penalty per row: fifteen times the rows have fifteen times the penalty
    const one = right(await linearProbe({ model, trunk: pretrained, data: train, l2: 1 })())
    const all = right(await linearProbe({ model, trunk: pretrained, data: many, l2: times })())
    const [a, b] = [one, all].map(({ params }) => evaluate(model, params, unseen))
    expect(b!.price).toMatchObject({
      rmse: expect.closeTo((a!.price as { rmse: number }).rmse, 1),
    })
  })

  test('tells its steps as events of fit, and can be aborted', async () => {
    const events: FitEvent<string>[] = []
    const options = { model, trunk: pretrained, data: train }
    const { history, steps } = right(
      await linearProbe({ ...options, onEvent: (event) => events.push(event) })(),
    )
    expect(events[0]).toMatchObject({ _tag: 'Started', trained: 36, frozen: 248 })
    expect(events.at(-1)).toMatchObject({ _tag: 'Finished', steps })
    expect(events.filter((event) => event._tag === 'Stepped')).toHaveLength(steps)
    expect(history).toHaveLength(steps)
    expect(history.at(-1)!.losses.price!).toBeLessThan(history[0]!.losses.price!)
    const aborted = await linearProbe({ ...options, signal: AbortSignal.abort() })()
    expect(E.isLeft(aborted) && explainFit(aborted.left)).toMatchInlineSnapshot(
      `"training was aborted after step 0; the parameters after this step are kept"`,
    )
  })

  test('names the row when an input is no number', async () => {
    const inputs = train.inputs.slice()
    inputs[7 * train.width + 2] = Number.NaN
    const result = await linearProbe({ model, trunk: pretrained, data: { ...train, inputs } })()
    expect(E.isLeft(result) && explainFit(result.left)).toMatchInlineSnapshot(
      `"training stopped at step 1 (epoch 1): the loss of task "kind" is not finite; the parameters before this step are kept; row 7 of the data is to blame: its input 2 is not finite"`,
    )
  })

  test('refuses data of another width and data without labels', () => {
    const probing = (data: typeof train) => linearProbe({ model, trunk: pretrained, data })()
    expect(() => probing({ ...train, width: 5 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in linearProbe
        trunk.in    6
        data.width  5
        rule        rows must be as wide as the input of the trunk]
    `)
    const targets = Object.fromEntries(
      Object.entries(train.targets).map(([task, labels]) => [
        task,
        { ...labels, mask: new Uint8Array(train.rows) },
      ]),
    )
    expect(() =>
      probing({ ...train, targets } as typeof train),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in linearProbe
        tasks  [kind, price]
        rows   160
        rule   at least one row must have a label]
    `)
  })
})
