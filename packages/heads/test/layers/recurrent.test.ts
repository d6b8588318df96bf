import {
  grad,
  jit,
  type Key,
  leaves,
  random,
  slice,
  sum,
  type Tensor,
  tensor,
  where,
  zeros,
} from '@rootstock/core'
import {
  bidirectional,
  evaluation,
  gruCell,
  lstmCell,
  maskOf,
  type Recurrent,
  recurrent,
  simpleCell,
  stacked,
} from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

const size = { in: 3, out: 4 }
// biome-ignore lint/suspicious/noExplicitAny: layers of all parameters stand in one table
const layers: Readonly<Record<string, Recurrent<any, any>>> = {
  simple: recurrent(simpleCell(size)),
  gru: recurrent(gruCell(size)),
  lstm: recurrent(lstmCell(size)),
  'lstm in reverse': recurrent(lstmCell(size), { reverse: true }),
  bidirectional: bidirectional(
    recurrent(gruCell(size)),
    recurrent(gruCell(size), { reverse: true }),
  ),
  stacked: stacked([recurrent(gruCell(size)), recurrent(gruCell({ in: 4, out: 2 }))]),
}

const lengths = [5, 2, 0]
const mask = maskOf(tensor(lengths, { dtype: 'int32' }), 5)
const x = random.normal(random.key(1), [3, 5, 3])
const isReal = mask.reshape([3, 5, 1])

describe.each(Object.entries(layers))('%s', (_, layer) => {
  const params = layer.init(random.key(0))

  it('does not look at steps that are not real, not even at NaN', () => {
    const run = (input: Tensor) => layer.apply(params, { x: input, mask }, evaluation)
    const poisoned = where(isReal, x, Number.NaN)
    expect(run(poisoned).outputs.toArray()).toEqual(run(x).outputs.toArray())
    const loss = (p: unknown, input: Tensor) => {
      const { outputs, state } = layer.apply(p, { x: input, mask }, evaluation)
      return sum(outputs).add(sum(layer.output(state)))
    }
    const gradients = (input: Tensor) =>
      leaves(grad(loss, { argument: [0, 1] })(params, input)).map((g) => (g as Tensor).toArray())
    expect(gradients(poisoned)).toEqual(gradients(x))
    const toInput = grad(loss, { argument: 1 })(params, x)
    expect(sum(where(isReal, 0, toInput.mul(toInput))).item()).toBe(0)
  })

  it('gives for a masked sequence what it gives for the shorter one', () => {
    const { outputs, state } = layer.apply(params, { x, mask }, evaluation)
    const short = slice(x, { start: [1], stop: [2, 2] })
    const alone = layer.apply(params, { x: short }, evaluation)
    const own = slice(outputs, { start: [1], stop: [2, 2] })
    expect(Math.max(...own.sub(alone.outputs).data().map(Math.abs))).toBeLessThan(1e-6)
    const last = slice(layer.output(state), { start: [1], stop: [2] })
    expect(Math.max(...last.sub(layer.output(alone.state)).data().map(Math.abs))).toBeLessThan(1e-6)
    expect(sum(slice(outputs, { start: [2] })).item()).toBe(0)
  })

  it('gives the same bits compiled, with a mask', () => {
    const f = (p: unknown, input: Tensor) => layer.apply(p, { x: input, mask }, evaluation).outputs
    expect(jit(f)(params, x).toArray()).toEqual(f(params, x).toArray())
  })
})

describe('cells', () => {
  it('start where PyTorch starts: everything uniform on +-1 / sqrt(out), the forget gate too', () => {
    const limit = 1 / Math.sqrt(64)
    for (const cell of [simpleCell, gruCell, lstmCell]) {
      const draw: (key: Key) => unknown = cell({ in: 32, out: 64 }).init
      for (const leaf of leaves(draw(random.key(0))) as Tensor[]) {
        const values = [...leaf.data()]
        expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(limit)
        const square = values.reduce((total, value) => total + value * value, 0) / values.length
        // the square of a uniform varies by sqrt(4 / 5) of its mean
        const error = (5 * Math.sqrt(0.8)) / Math.sqrt(values.length)
        expect(Math.abs(square / (limit ** 2 / 3) - 1)).toBeLessThan(error)
      }
    }
  })

  it('go on from a state', () => {
    const layer = recurrent(lstmCell(size))
    const params = layer.init(random.key(0))
    const part = (from: number, to: number) => slice(x, { start: [null, from], stop: [null, to] })
    const first = layer.apply(params, { x: part(0, 2) }, evaluation)
    const rest = layer.apply(params, { x: part(2, 5), state: first.state }, evaluation)
    const whole = layer.apply(params, { x }, evaluation)
    expect(rest.state.memory.toArray()).toEqual(whole.state.memory.toArray())
  })
})

describe('stacked', () => {
  it('drops between layers in training only', () => {
    const layer = stacked([recurrent(gruCell(size)), recurrent(gruCell({ in: 4, out: 2 }))], {
      dropout: 0.5,
    })
    const params = layer.init(random.key(0))
    const run = (seed: number) =>
      layer.apply(params, { x }, { training: true, key: random.key(seed) }).outputs.toArray()
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
  })

  it('needs a layer', () => {
    expect(() => stacked([])).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in stacked
        rule  there must be at least one layer]
    `)
  })
})

it('a thousand steps are one loop of the program', () => {
  const layer = recurrent(gruCell({ in: 1, out: 2 }))
  const params = layer.init(random.key(0))
  const run = jit((input: Tensor) => layer.apply(params, { x: input }, evaluation).state)
  expect(run(zeros([1, 1000, 1])).shape).toEqual([1, 2])
})
