import {
  applyUpdates,
  asgd,
  lamb,
  lars,
  lion,
  muon,
  rprop,
  type Tensor,
  type Transform,
  tensor,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'

/** Optimisers without golden values, against their formulas in plain numbers. */
const gradients = [0.5, -2, 0.1, 3, 3, -0.01, 0, 1, -1, 0.25]
const start = [2, -0.5]

/** Places of two parameters [1, 2] that share a gradient, the second negated. */
const walk = (optimizer: Transform<unknown>, shape: readonly number[]): number[][] => {
  let x: Tensor = tensor(Float64Array.from(start), { shape })
  let state = optimizer.init(x)
  return gradients.map((g) => {
    const gradient = tensor(Float64Array.of(g, -g), { shape })
    const [updates, next] = optimizer.update(gradient, state, x)
    x = applyUpdates(x, updates)
    state = next
    return [...x.data()]
  })
}

const expectPath = (found: readonly number[][], wanted: readonly number[][]): void => {
  found.forEach((place, t) => {
    place.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[t]![i]!, 12)
    })
  })
}

/** The path of a rule that gives the next place from a place and the gradients [g, -g]. */
const path = (rule: (x: readonly number[], g: readonly number[], t: number) => number[]) => {
  let x = [...start]
  return gradients.map((g, t) => {
    x = rule(x, [g, -g], t + 1)
    return x
  })
}

describe('optimisers follow their formulas', () => {
  it('lion', () => {
    const m = [0, 0]
    const wanted = path((x, g) =>
      x.map((value, i) => {
        const direction = Math.sign(0.8 * m[i]! + 0.2 * g[i]!)
        m[i] = 0.95 * m[i]! + 0.05 * g[i]!
        return value - 0.1 * (direction + 0.3 * value)
      }),
    )
    const optimizer = lion({ learningRate: 0.1, beta1: 0.8, beta2: 0.95, weightDecay: 0.3 })
    expectPath(walk(optimizer as Transform<unknown>, [2]), wanted)
  })

  it('lamb', () => {
    const [m, v] = [
      [0, 0],
      [0, 0],
    ]
    const wanted = path((x, g, t) => {
      const direction = x.map((value, i) => {
        m[i] = 0.9 * m[i]! + 0.1 * g[i]!
        v[i] = 0.99 * v[i]! + 0.01 * g[i]! ** 2
        const scaled = m[i] / (1 - 0.9 ** t) / (Math.sqrt(v[i] / (1 - 0.99 ** t)) + 1e-6)
        return scaled + 0.2 * value
      })
      const ratio = Math.hypot(...x) / Math.hypot(...direction)
      return x.map((value, i) => value - 0.1 * ratio * direction[i]!)
    })
    const optimizer = lamb({ learningRate: 0.1, beta2: 0.99, weightDecay: 0.2 })
    expectPath(walk(optimizer as Transform<unknown>, [2]), wanted)
  })

  it('muon, whose matrix of one row has one singular value', () => {
    const b = [0, 0]
    const wanted = path((x, g) => {
      const ahead = x.map((_, i) => {
        b[i] = 0.9 * b[i]! + g[i]!
        return g[i]! + 0.9 * b[i]
      })
      const length = Math.hypot(...ahead)
      let size = length / (length + 1e-7)
      for (let k = 0; k < 5; k++) size = 3.4445 * size - 4.775 * size ** 3 + 2.0315 * size ** 5
      return x.map((value, i) => value - 0.1 * Math.SQRT2 * size * (ahead[i]! / length))
    })
    const optimizer = muon({ learningRate: 0.1, momentum: 0.9 })
    expectPath(walk(optimizer as Transform<unknown>, [1, 2]), wanted)
  })
  it('rprop, which forgets a gradient whose sign has turned', () => {
    const [size, before] = [
      [0.1, 0.1],
      [0, 0],
    ]
    const wanted = path((x, g) =>
      x.map((value, i) => {
        const product = g[i]! * before[i]!
        if (product > 0) size[i] = Math.min(size[i]! * 1.2, 0.15)
        if (product < 0) size[i] = Math.max(size[i]! * 0.5, 0.04)
        before[i] = product < 0 ? 0 : g[i]!
        return value - Math.sign(before[i]) * size[i]!
      }),
    )
    const optimizer = rprop({ learningRate: 0.1, least: 0.04, most: 0.15 })
    expectPath(walk(optimizer as Transform<unknown>, [2]), wanted)
    // gradients whose product is 0 in float32
    const [x, tiny] = [tensor([0]), tensor([1e-30])]
    const [, first] = optimizer.update(tiny, optimizer.init(x), x)
    expect((optimizer.update(tiny.neg(), first, x)[1].size as Tensor).item()).toBeCloseTo(0.05, 6)
  })

  it('lars', () => {
    const b = [0, 0]
    const wanted = path((x, g) => {
      const decayed = x.map((value, i) => g[i]! + 0.2 * value)
      const ratio = (0.3 * Math.hypot(...x)) / Math.hypot(...decayed)
      return x.map((value, i) => {
        b[i] = 0.8 * b[i]! + ratio * decayed[i]!
        return value - 0.1 * b[i]
      })
    })
    const optimizer = lars({ learningRate: 0.1, momentum: 0.8, weightDecay: 0.2, trust: 0.3 })
    expectPath(walk(optimizer as Transform<unknown>, [2]), wanted)
  })

  it('asgd, and the mean of its path from a step on', () => {
    const wanted = path((x, g, t) => {
      const rate = 0.1 / (1 + 0.5 * 0.1 * (t - 1)) ** 0.75
      return x.map((value, i) => value - rate * (g[i]! + 0.5 * value))
    })
    const optimizer = asgd({ learningRate: 0.1, decay: 0.5, from: 4 })
    expectPath(walk(optimizer as Transform<unknown>, [2]), wanted)
    let x: Tensor = tensor(Float64Array.from(start))
    let state = optimizer.init(x)
    for (const g of gradients) {
      const [updates, next] = optimizer.update(tensor(Float64Array.of(g, -g)), state, x)
      x = applyUpdates(x, updates)
      state = next
    }
    const tail = wanted.slice(4)
    const mean = [0, 1].map((i) => tail.reduce((sum, place) => sum + place[i]!, 0) / tail.length)
    expectPath([[...(state.average as Tensor).data()]], [mean])
  })
})
