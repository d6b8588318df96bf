import {
  arange,
  cast,
  gelu,
  grad,
  jit,
  leaves,
  max,
  placeholder,
  random,
  slice,
  sum,
  type Tensor,
  take,
  tensor,
  trace,
  where,
} from '@rootstock/core'
import {
  type Attending,
  additiveAttention,
  attend,
  attentionPool,
  encoderBlock,
  evaluation,
  maskOf,
  multiHead,
} from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

const draw = (seed: number, ...shape: number[]): Tensor =>
  random.normal(random.key(seed), shape, { dtype: 'float64' })
const largest = (x: Tensor): number => Math.max(0, ...x.data().map(Math.abs))
const values = (tree: unknown) => (leaves(tree) as Tensor[]).map((x) => x.toArray())

const mask = maskOf(tensor([4, 2, 1], { dtype: 'int32' }), 4)
const isReal = mask.reshape([3, 4, 1])
const x = random.normal(random.key(1), [3, 4, 6])

describe('attend', () => {
  const [q, k, v] = [draw(0, 2, 7, 4), draw(1, 2, 5, 4), draw(2, 2, 5, 3)]

  it('gives 0 to a query that may look nowhere, and no NaN', () => {
    const none = tensor([[false], [true]])
    const y = attend(slice(q, { stop: [null, 2] }), k, v, { mask: none })
    expect(largest(slice(y, { stop: [null, 1] }))).toBe(0)
    expect(largest(y)).toBeGreaterThan(0)
    const gradient = grad((a: Tensor) => sum(attend(a, k, v, { mask: tensor([[false]]) })))(q)
    expect(largest(gradient)).toBe(0)
  })

  it('sees only the past under causal', () => {
    const [a, b, c] = [draw(0, 5, 4), draw(1, 5, 4), draw(2, 5, 3)]
    const early = (t: Tensor) => slice(t, { stop: [3] })
    const whole = attend(a, b, c, { causal: true })
    const part = attend(early(a), early(b), early(c), { causal: true })
    expect(largest(early(whole).sub(part))).toBeLessThan(1e-14)
  })

  const options: Readonly<Record<string, Attending>> = {
    nothing: {},
    causal: { causal: true },
    'a mask for each query': { mask: random.bernoulli(random.key(5), [7, 5]) },
    'a mask of keys': { mask: random.bernoulli(random.key(6), [2, 1, 5]) },
    'a bias': { bias: draw(7, 2, 7, 5), causal: true },
  }
  it.each(Object.entries(options))(
    'in blocks gives what it gives at once, gradients too: %s',
    (_, one) => {
      const loss = (block: number) => (a: Tensor, b: Tensor, c: Tensor) => {
        const y = attend(a, b, c, { ...one, block })
        return sum(y.mul(y))
      }
      const [whole, parts] = [Number.POSITIVE_INFINITY, 3].map((block) => [
        attend(q, k, v, { ...one, block }),
        ...grad(loss(block), { argument: [0, 1, 2] })(q, k, v),
      ])
      whole!.forEach((expected, i) => {
        expect(largest(parts![i]!.sub(expected))).toBeLessThan(1e-12)
      })
      const compiled = jit(grad(loss(3)))
      expect(compiled(q, k, v).toArray()).toEqual(parts![1]!.toArray())
    },
  )

  it('in blocks never holds all scores at once, nor does its derivative', () => {
    const graphOf = (block: number): string => {
      const loss = (a: Tensor) => sum(attend(a, a, a, { causal: true, block }))
      return trace(grad(loss))(placeholder([90, 4])).toString()
    }
    expect(graphOf(Number.POSITIVE_INFINITY)).toContain('[90, 90]')
    expect(graphOf(9)).not.toContain('[90, 90]')
  })

  it('says what does not fit', () => {
    expect(() =>
      attend(draw(0, 2, 3), draw(1, 4, 5), draw(2, 4, 5)),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in attend
        query  float64[2, 3]
        key    float64[4, 5]
        value  float64[4, 5]
        rule   query [..., queries, d] and key [..., keys, d] must agree in d, key and value [..., keys, e] in keys]
    `)
  })
})

describe('multiHead', () => {
  const layer = multiHead({ width: 6, heads: 2 })
  const params = layer.init(random.key(0))

  it('does not look at keys that are not real, not even at NaN', () => {
    const poisoned = where(isReal, x, Number.NaN)
    const run = (key: Tensor) => layer.apply(params, { query: x, key, keyMask: mask }, evaluation)
    expect(run(poisoned).toArray()).toEqual(run(x).toArray())
    const loss = (p: typeof params, key: Tensor) =>
      sum(layer.apply(p, { query: x, key, keyMask: mask }, evaluation))
    const gradients = (key: Tensor) => values(grad(loss, { argument: [0, 1] })(params, key))
    expect(gradients(poisoned)).toEqual(gradients(x))
  })

  it('is the same from one input as from three equal ones', () => {
    const own = layer.apply(params, { query: x, causal: true }, evaluation)
    const cross = layer.apply(params, { query: x, key: x, value: x, causal: true }, evaluation)
    expect(largest(own.sub(cross))).toBeLessThan(1e-6)
  })

  it('starts where PyTorch starts', () => {
    const { input, output } = multiHead({ width: 64, heads: 4 }).init(random.key(0))
    // Glorot over [width, 3 width] as a whole: limit sqrt(6 / (4 width)) and U(+-1 / sqrt(width))
    expect(largest(input.weight)).toBeLessThanOrEqual(Math.sqrt(6 / 256))
    expect(largest(input.weight)).toBeGreaterThan(0.99 * Math.sqrt(6 / 256))
    expect(largest(output.weight)).toBeLessThanOrEqual(1 / 8)
    expect(largest(input.bias) + largest(output.bias)).toBe(0)
  })

  it('with rotary positions tells orders apart', () => {
    const turning = multiHead({ width: 4, heads: 1, rotary: true })
    const own = turning.init(random.key(0))
    const y = random.normal(random.key(2), [1, 3, 4])
    const swapped = take(y, tensor([1, 0, 2], { dtype: 'int32' }), { axis: 1 })
    const last = (input: Tensor) =>
      slice(turning.apply(own, { query: input }, evaluation), { start: [0, 2] })
    expect(largest(last(y).sub(last(swapped)))).toBeGreaterThan(1e-3)
  })

  it('needs heads that divide its width', () => {
    expect(() => multiHead({ width: 6, heads: 4 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in multiHead
        width  6
        heads  4
        rule   heads must be a whole number of at least 1 that divides width]
    `)
  })
})

describe.each(['pre', 'post'] as const)('encoderBlock with %s-norm', (norm) => {
  const layer = encoderBlock({ width: 6, heads: 2, norm, activation: (y) => gelu(y) })
  const params = layer.init(random.key(0))

  it('gives real steps what they would have without the others, whatever these hold', () => {
    const run = (input: Tensor) => layer.apply(params, { x: input, keyMask: mask }, evaluation)
    const changed = where(isReal, x, x.mul(-5).add(3))
    expect(where(isReal, run(changed), 0).toArray()).toEqual(where(isReal, run(x), 0).toArray())
    const alone = layer.apply(params, { x: slice(x, { start: [1], stop: [2, 2] }) }, evaluation)
    const own = slice(run(x), { start: [1], stop: [2, 2] })
    expect(largest(own.sub(alone))).toBeLessThan(1e-5)
    const loss = (p: typeof params, input: Tensor) =>
      sum(where(isReal, layer.apply(p, { x: input, keyMask: mask }, evaluation), 0))
    const gradients = (input: Tensor) => values(grad(loss, { argument: [0, 1] })(params, input))
    expect(gradients(changed)).toEqual(gradients(x))
  })

  it('drops in training only, by its key', () => {
    const run = (seed: number) =>
      layer.apply(params, { x }, { training: true, key: random.key(seed) }).toArray()
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
  })
})

describe('pooling by attention', () => {
  it('does not care about order, and ignores what is not real', () => {
    const layer = attentionPool({ width: 6 })
    const params = layer.init(random.key(0))
    const pool = (input: Tensor, real?: Tensor) =>
      layer.apply(params, { x: input, ...(real === undefined ? {} : { mask: real }) }, evaluation)
    const turned = take(x, cast(arange(3, -1, -1), 'int32'), { axis: 1 })
    expect(largest(pool(x).sub(pool(turned)))).toBeLessThan(1e-6)
    expect(pool(where(isReal, x, Number.NaN), mask).toArray()).toEqual(pool(x, mask).toArray())
    const nothing = tensor([[false, false, false, false]])
    expect(largest(pool(x, nothing))).toBe(0)
  })

  it('by a query has weights of sum 1 over real keys', () => {
    const layer = additiveAttention({ in: 2, keyIn: 6, hidden: 3 })
    const query = random.normal(random.key(3), [3, 2])
    const { weights } = layer.apply(layer.init(random.key(0)), { query, key: x, mask }, evaluation)
    for (const total of sum(weights, { axis: 1 }).data()) expect(total).toBeCloseTo(1, 6)
    expect(max(where(mask, 0, weights)).item()).toBe(0)
  })
})
