/** What must hold for every layer, whatever it computes. */
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
} from '@rootstock/core'
import { evaluation, type Layer, type Mode } from '@rootstock/heads'
import { expect, it } from 'vitest'

/** A layer to test and the shape of an input with two examples. */
export interface Sample {
  // biome-ignore lint/suspicious/noExplicitAny: samples of layers of all parameters stand in one table
  readonly layer: Layer<any>
  readonly shape: readonly number[]
  /** Whether an example's output depends on the other examples of a batch in training. */
  readonly mixes?: boolean
}

const training: Mode = { training: true, key: random.key(9) }

const double = <T>(tree: T): T => map((x: Tensor) => cast(x, 'float64'), tree)

/** A tree of the same shapes with independent normal entries; 0 for statistics, which have no gradient. */
const like = <T>(tree: T, seed: number): T => {
  const parts = paths(tree).map(([path, leaf], i) => {
    const deviation = path.includes('statistics') ? 0 : 1
    const { shape } = leaf as Tensor
    return random.normal(random.key(seed * 100 + i), shape, { deviation, dtype: 'float64' })
  })
  return flatten(tree)[1].build(parts) as T
}

const dot = <T>(a: T, b: T): number =>
  leaves(a).reduce<number>(
    (total, x, i) => total + sum(mul(x as Tensor, leaves(b)[i] as Tensor)).item(),
    0,
  )

const moved = <T>(tree: T, by: T, step: number): T =>
  map((x: Tensor, v: Tensor) => add(x, mul(v, step)), tree, by)

/** Derivatives against central differences along random directions, and the same bits compiled. */
const checkMode = ({ layer, shape }: Sample, mode: Mode): void => {
  const params = double(layer.init(random.key(1)))
  const x = random.normal(random.key(2), shape, { dtype: 'float64' })
  const cotangent = like(layer.apply(params, x, mode), 3)
  const loss = ({ p, y }: { p: unknown; y: Tensor }): Tensor =>
    sum(mul(layer.apply(p, y, mode), cotangent))
  const at = { p: params as unknown, y: x }
  const direction = like(at, 4)
  const slope = dot(grad(loss)(at), direction)
  const step = 1e-6
  const difference =
    (loss(moved(at, direction, step)).item() - loss(moved(at, direction, -step)).item()) /
    (2 * step)
  expect(Math.abs(slope - difference)).toBeLessThan(1e-6 * Math.max(1, Math.abs(difference)))
  const compiled = jit((p: unknown, y: Tensor) => layer.apply(p, y, mode))
  expect(compiled(params, x).toArray()).toEqual(layer.apply(params, x, mode).toArray())
}

/** Tests that every layer must pass. */
export const testLaws = (sample: Sample): void => {
  const { layer, shape, mixes = false } = sample
  it('has the derivatives of its values, in evaluation and in training, and the same bits compiled', () => {
    checkMode(sample, evaluation)
    checkMode(sample, training)
  })

  it('treats every example of a batch as if it were alone', () => {
    const mode = mixes ? evaluation : training
    const params = layer.init(random.key(1))
    const x = random.normal(random.key(2), shape)
    const one = (i: number) => layer.apply(params, slice(x, { start: [i], stop: [i + 1] }), mode)
    const apart = concatenate([one(0), one(1)])
    const together = layer.apply(params, x, mode).data()
    apart.data().forEach((value, i) => {
      expect(together[i]).toBeCloseTo(value, 5)
    })
  })

  it('draws its parameters from the key, in float32', () => {
    const draw = (seed: number) => leaves(layer.init(random.key(seed))) as Tensor[]
    const values = (seed: number) => draw(seed).map((x) => x.toArray())
    expect(values(1)).toEqual(values(1))
    expect(new Set(draw(1).map((x) => x.dtype))).toEqual(
      new Set(draw(1).length === 0 ? [] : ['float32']),
    )
  })
}
