/** What must hold for every trunk, whatever it reads. */
import {
  add,
  cast,
  concatenate,
  flatten,
  grad,
  jit,
  leaves,
  map,
  mul,
  paths,
  random,
  slice,
  sum,
  type Tensor,
  tanh,
} from '@rootstock/core'
import {
  columns,
  convnet,
  convnext,
  evaluation,
  mlp,
  multitask,
  patches,
  regression,
  resnet,
  rnn,
  series,
  type Trunk,
  tokens,
  transformer,
} from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

const text = tokens({ length: 5, count: 7, padding: 0 })
const numbers = series({ length: 6, features: 2, patch: 2 })
// biome-ignore lint/suspicious/noExplicitAny: trunks of all parameters stand in one table
const trunks: Readonly<Record<string, Trunk<any>>> = {
  mlp: mlp({ in: 4, hidden: [5, 5], activation: tanh, residual: true, normalise: 'layer' }),
  'convnet over signals': convnet({ in: [8, 2], channels: [3, 4], activation: tanh }),
  'convnet like LeNet': convnet({
    in: [4, 4, 1],
    channels: [2],
    window: 3,
    hidden: [5, 3],
    normalise: 'none',
    activation: tanh,
  }),
  resnet: resnet({ in: [4, 4, 2], channels: [2, 4], normalise: 'layer' }),
  'resnet with batch statistics': resnet({ in: [4, 4, 1], channels: [2, 3], blocks: 2 }),
  convnext: convnext({ in: [6, 4, 2], channels: [2, 3], blocks: 1, window: 3 }),
  'transformer over columns': transformer({
    in: columns({
      columns: [
        { from: 0, to: 1 },
        { from: 1, to: 4 },
      ],
    }),
    width: 4,
    heads: 2,
  }),
  'gru over series': rnn({ in: series({ length: 4, features: 2 }), hidden: [3, 2] }),
  'lstm over tokens, both ways': rnn({ in: text, hidden: [3], cell: 'lstm', bidirectional: true }),
  'transformer over tokens': transformer({ in: text, width: 4, heads: 2, depth: 1 }),
  'causal transformer over series': transformer({
    in: numbers,
    width: 4,
    heads: 1,
    depth: 2,
    causal: true,
    positions: 'rotary',
  }),
  'transformer over patches': transformer({
    in: patches({ image: [4, 4, 1], size: 2 }),
    width: 4,
    heads: 2,
    positions: 'sinusoidal',
  }),
}

const rowsFor = (name: string, trunk: Trunk<unknown>): Tensor =>
  name.includes('tokens')
    ? cast(random.integers(random.key(2), [3, trunk.in], { low: 1, high: 7 }), 'float64')
    : random.normal(random.key(2), [3, trunk.in], { dtype: 'float64' })

const isStatistic = (path: string): boolean => path.includes('statistics')

/** A tree of the shapes of another with normal entries; 0 for statistics, which have no gradient. */
const like = (tree: unknown, seed: number): unknown =>
  flatten(tree)[1].build(
    paths(tree).map(([path, leaf], i) =>
      random.normal(random.key(seed * 100 + i), (leaf as Tensor).shape, {
        deviation: isStatistic(path) ? 0 : 1,
        dtype: 'float64',
      }),
    ),
  )

const moved = (tree: unknown, by: unknown, step: number): unknown =>
  map((x: Tensor, v: Tensor) => add(x, mul(v, step)), tree, by)

/** Parameters of a trunk, off the zeros that some start at: there relu has no derivative. */
const paramsOf = (trunk: Trunk<unknown>): unknown => {
  const drawn = map((x: Tensor) => cast(x, 'float64'), trunk.init(random.key(1)))
  return moved(drawn, like(drawn, 4), 0.1)
}

describe.each(Object.entries(trunks))('%s', (name, trunk) => {
  const rows = rowsFor(name, trunk)
  const params = paramsOf(trunk)

  it('offers a tap of the promised width after every stage', () => {
    const outputs = trunk.outputs(params, rows, evaluation)
    expect(outputs.map((y) => y.shape)).toEqual(trunk.taps.map((tap) => [3, tap.width]))
    expect(trunk.apply(params, rows, evaluation).toArray()).toEqual(outputs.at(-1)!.toArray())
    expect(trunk.out).toBe(trunk.taps.at(-1)!.width)
    expect(trunk.tap(params, rows, evaluation, 0).toArray()).toEqual(outputs[0]!.toArray())
  })

  it('has the derivatives of its values', () => {
    const cotangent = random.normal(random.key(3), [3, trunk.out], { dtype: 'float64' })
    const loss = (p: unknown): Tensor => sum(mul(trunk.apply(p, rows, evaluation), cotangent))
    const direction = like(params, 5)
    const products = map((a: Tensor, b: Tensor) => sum(mul(a, b)), grad(loss)(params), direction)
    const slope = leaves(products).reduce<number>((total, x) => total + (x as Tensor).item(), 0)
    const at = (step: number) => loss(moved(params, direction, step)).item()
    const step = 1e-6
    const difference = (at(step) - at(-step)) / (2 * step)
    expect(Math.abs(slope - difference)).toBeLessThan(1e-6 * Math.max(1, Math.abs(difference)))
  })

  it('treats every row as if it were alone, and gives the same bits compiled', () => {
    const together = trunk.apply(params, rows, evaluation)
    const apart = concatenate(
      [0, 1, 2].map((i) =>
        trunk.apply(params, slice(rows, { start: [i], stop: [i + 1] }), evaluation),
      ),
    )
    const difference = together.sub(apart)
    expect(Math.max(...difference.data().map(Math.abs))).toBeLessThan(1e-12)
    const compiled = jit((p: unknown, x: Tensor) => trunk.apply(p, x, evaluation))
    expect(compiled(params, rows).toArray()).toEqual(together.toArray())
  })

  it('carries a head', () => {
    const model = multitask(trunk, { y: regression() })
    expect(model.apply(model.init(random.key(0)), rows, evaluation).y.shape).toEqual([3])
  })
})
