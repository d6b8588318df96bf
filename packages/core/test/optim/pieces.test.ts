import {
  type AverageOptions,
  accumulate,
  applyUpdates,
  choose,
  clipAdaptively,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  globalNorm,
  lamb,
  lion,
  matmul,
  muon,
  orthogonalize,
  random,
  runningAverage,
  scale,
  scaleByTrustRatio,
  sgd,
  sharpnessAware,
  singularValues,
  square,
  sum,
  type Tensor,
  type Transform,
  tensor,
  transpose,
  valueAndGrad,
  withAverage,
  zeros,
} from '@rootstock/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const once = <State, Params>(transform: Transform<State>, gradients: Params, params = gradients) =>
  transform.update(gradients, transform.init(params), params)[0]

const finite = fc.float({ min: -1e3, max: 1e3, noNaN: true })
const vectors = fc.array(finite, { minLength: 1, maxLength: 6 }).map((list) => tensor(list))

describe('clipping', () => {
  it('keeps every norm within its limit, and what is within as it is', () => {
    fc.assert(
      fc.property(vectors, vectors, fc.constantFrom(1, 2, 3, Infinity), (a, b, order) => {
        const clipped = once(clipByGlobalNorm(2, { order }), { a, b })
        expect(globalNorm(clipped, { order }).item()).toBeLessThan(2.0001)
        if (globalNorm({ a, b }, { order }).item() < 1.99)
          expect(clipped.a.toArray()).toEqual(a.toArray())
        expect(globalNorm(once(clipByNorm(2), a)).item()).toBeLessThan(2.0001)
        expect(globalNorm(once(clipByValue(2), a), { order: Infinity }).item()).toBeLessThanOrEqual(
          2,
        )
      }),
    )
  })

  it('is unit by unit when adaptive, and lets weights of 0 begin to move', () => {
    const weights = tensor([
      [3, 0],
      [4, 0],
    ])
    const gradients = tensor([
      [6, 1],
      [8, 0],
    ])
    const [[a, b], [c]] = once(clipAdaptively({ limit: 0.5 }), gradients, weights).toArray() as [
      [number, number],
      [number, number],
    ]
    expect([a, c]).toEqual([1.5, 2])
    expect(b).toBeCloseTo(0.5e-3, 9)
  })

  it('needs a limit above 0', () => {
    expect(() => clipByNorm(0)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in clipByNorm
        limit  0
        rule   limit must be greater than 0]
    `)
  })
})

describe('orthogonalize', () => {
  it('brings singular values near 1 and keeps the directions', () => {
    for (const shape of [
      [5, 3],
      [3, 5],
      [4, 4],
    ] as const) {
      const x = random.normal(random.key(1), shape)
      const y = orthogonalize(x)
      for (const value of singularValues(y).data()) {
        expect(value).toBeGreaterThan(0.3)
        expect(value).toBeLessThan(1.3)
      }
      // the polar factor makes x^T y symmetric and positive
      const product = matmul(transpose(x), y)
      const skew = globalNorm(product.sub(transpose(product))).item()
      expect(skew / globalNorm(product).item()).toBeLessThan(1e-4)
    }
  })
})

describe('choose', () => {
  it('gives each side its own parameters and leaves their order', () => {
    const params = { a: tensor([1]), b: [tensor([2]), tensor([3])] }
    const transform = choose((path) => path === 'b/0', scale(10), scale(-1))
    const { a, b } = once(transform, params)
    expect([a.item(), ...b.map((x) => x.item())]).toEqual([-1, 20, -3])
  })

  it('may choose all or nothing', () => {
    expect(
      once(
        choose(() => true, scale(2), scale(3)),
        tensor([1]),
      ).item(),
    ).toBe(2)
    expect(
      once(
        choose(() => false, scale(2), scale(3)),
        tensor([1]),
      ).item(),
    ).toBe(3)
  })
})

describe('weight decay', () => {
  it('is masked by path in every optimiser that has it', () => {
    const params = { weight: tensor([[10, 10]]), bias: tensor([10]) }
    const still = { weight: zeros([1, 2]), bias: zeros([1]) }
    const decays = (path: string) => path === 'weight'
    const optimizers = [
      lion({ learningRate: 0.1, weightDecay: 0.5, decays }),
      lamb({ learningRate: 0.1, weightDecay: 0.5, decays }),
      muon({ learningRate: 0.1, otherRate: 0.1, weightDecay: 0.5, decays }),
    ] as const
    for (const optimizer of optimizers) {
      const updates = once(optimizer as Transform<unknown>, still, params)
      expect(updates.weight.data()[0]).toBeLessThan(-0.1)
      expect(updates.bias.item()).toBeCloseTo(0, 12)
    }
  })
})

describe('wrappers', () => {
  it('accumulate makes the step of the mean gradient', () => {
    const optimizer = accumulate(3, sgd({ learningRate: 1, momentum: 0.5 }))
    let state = optimizer.init(tensor([0]))
    const moves: number[] = []
    for (const g of [1, 2, 6, 0, 0, 3]) {
      const [updates, next] = optimizer.update(tensor([g]), state, tensor([0]))
      moves.push(updates.item())
      state = next
    }
    expect(moves.map((move) => move + 0)).toEqual([0, 0, -3, 0, 0, -2.5])
  })

  it('withAverage follows the parameters closely at first, slowly later', () => {
    const optimizer = withAverage(sgd({ learningRate: 1 }), { decay: 0.99 })
    let x = tensor([0])
    let state = optimizer.init(x)
    for (let i = 0; i < 2000; i++) {
      const gradient = tensor([i < 1000 ? -1 : 0])
      const [updates, next] = optimizer.update(gradient, state, x)
      x = applyUpdates(x, updates)
      state = next
      if (i === 0) expect((state.average as Tensor).item()).toBeGreaterThan(0.5)
    }
    expect((state.average as Tensor).item()).toBeCloseTo(1000, 1)
  })

  it('a running mean begins after a step, and takes every so many', () => {
    const means = (options: AverageOptions, values: readonly number[]) => {
      const mean = runningAverage(options)
      let state = mean.init(tensor(100))
      return values.map((x) => {
        state = mean.update(state, tensor(x))
        return (state.average as Tensor).item()
      })
    }
    expect(means({ decay: 'equal' }, [2, 4, 9])).toEqual([2, 3, 5])
    expect(means({ decay: 'equal', from: 2 }, [7, 8, 2, 4, 9])).toEqual([7, 8, 2, 3, 5])
    expect(means({ decay: 'equal', every: 2 }, [7, 2, 8, 4, 0, 9])).toEqual([100, 2, 2, 3, 3, 5])
    expect(means({ decay: 'equal', from: 1, every: 2 }, [5, 7, 2, 8, 4])).toEqual([5, 5, 2, 2, 3])
    expect(means({ decay: 'equal', from: 4, every: 3 }, [5, 7, 2, 8, 4])).toEqual([5, 7, 2, 8, 8])
    // decay caps the share that is kept: 2 / 11 of the mean at the first step, a quarter at the third
    const [, first, second, third] = means({ decay: 0.25, from: 1 }, [0, 11, 12, 0])
    expect(first).toBeCloseTo(11 * (9 / 11), 5)
    expect(second).toBeCloseTo(12 + (9 - 12) * 0.25, 5)
    expect(third).toBeCloseTo(11.25 * 0.25, 5)
  })

  it('the trust ratio is 1 where weights or updates are 0', () => {
    expect(once(scaleByTrustRatio(), tensor([3]), tensor([0])).item()).toBe(3)
    expect(once(scaleByTrustRatio(), tensor([0]), tensor([3])).item()).toBe(0)
  })

  it('sharpnessAware takes the gradient at the worst neighbour, and 0 at a flat place', () => {
    const f = valueAndGrad((x: Tensor, factor: number) => sum(square(x)).mul(factor))
    const [value, gradient] = sharpnessAware(f, { radius: 1 })(tensor([3, 4]), 0.5)
    expect(value.item()).toBe(12.5)
    expect(Array.from(gradient.data(), (g) => g.toFixed(5))).toEqual(['3.60000', '4.80000'])
    expect(sharpnessAware(f)(tensor([0, 0]), 1)[1].toArray()).toEqual([0, 0])
  })
})
