import {
  add,
  lbfgs,
  matmul,
  mean,
  mul,
  random,
  type SaddleOptions,
  saddleTest,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  zeros,
} from '@rootstock/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

interface Point {
  readonly x: Tensor
  readonly y: Tensor
}

const origin: Point = { x: tensor(0), y: tensor(0) }

/** The test, for those who expect a saddle that can be left. */
const saddle = <Params>(f: (p: Params) => Tensor, params: Params, options?: SaddleOptions) => {
  const found = saddleTest(f, params, options)
  if (found.kind !== 'saddle' || found.escape === null) throw new Error(`found ${found.kind}`)
  expect(f(found.escape.params).item()).toBeCloseTo(found.escape.value, 6)
  expect(found.escape.value).toBeLessThan(f(params).item())
  return { ...found, escape: found.escape }
}

describe('saddleTest', () => {
  test('finds index and escape of x^2 - y^2', () => {
    const { index, order, escape } = saddle(({ x, y }) => sub(square(x), square(y)), origin)
    expect({ index, order }).toEqual({ index: 1, order: 'second' })
    expect(Math.abs(escape.direction.y.item())).toBeCloseTo(1, 6)
    expect(escape.direction.x.item()).toBeCloseTo(0, 6)
    expect(escape.value).toBeCloseTo(-(escape.step ** 2), 5)
    // it falls for ever, and is followed for eight radii
    expect(escape.step).toBeCloseTo(0.8, 6)
  })

  test('leaves a monkey saddle, of which curvature knows nothing', () => {
    const monkey = ({ x, y }: Point) => sub(mul(x, square(x)), mul(mul(3, x), square(y)))
    const { index, order, escape } = saddle(monkey, origin)
    expect({ index, order }).toEqual({ index: 0, order: 'higher' })
    // r^3 cos 3 theta falls fastest at theta = pi / 3, pi and 5 pi / 3
    const angle = Math.atan2(escape.direction.y.item(), escape.direction.x.item())
    expect(Math.cos(3 * angle)).toBeLessThan(-0.9)
  })

  test('leaves it among steep walls, which hide it from directions that climb them', () => {
    const walled = (p: Tensor) => {
      const entry = (i: number) => slice(p, { start: [i], stop: [i + 1] }).reshape([])
      const [x, y] = [entry(0), entry(1)]
      const walls = mul(1000, sum(square(slice(p, { start: [2] }))))
      return add(sub(mul(x, square(x)), mul(mul(3, x), square(y))), walls)
    }
    expect(saddle(walled, zeros([30])).order).toBe('higher')
  })

  test('finds ground that is lower only beside the flat direction', () => {
    // along y alone it is level, and along every line it is no lower near the origin: the valley is x = y^2 / 2
    const bent = ({ x, y }: Point) => mul(sub(x, square(y)), sub(x, mul(3, square(y))))
    expect(saddle(bent, origin).order).toBe('higher')
  })

  test.each([
    ['a bowl', ({ x, y }: Point) => add(square(x), mul(square(y), 1e-2)), 0],
    ['a valley', ({ x, y }: Point) => square(add(x, y)), 1],
    [
      'a bowl that is flat at the ground',
      ({ x, y }: Point) => add(square(square(x)), square(y)),
      1,
    ],
    ['a plain', ({ x }: Point) => mul(x, 0), 2],
    ['a valley with a slight slope', ({ x, y }: Point) => add(mul(x, 1e-4), square(y)), 1],
  ] as const)('says minimum of %s', (_, f, flat) => {
    expect(saddleTest(f, origin)).toEqual({ kind: 'minimum', flat })
  })

  test('says slope where there is one', () => {
    const f = ({ x, y }: Point) => add(x, square(y))
    expect(saddleTest(f, origin)).toEqual({ kind: 'slope', steepness: 1 })
  })

  test('counts all directions of a maximum', () => {
    expect(saddle((x: Tensor) => sum(square(x)).neg(), zeros([5])).index).toBe(5)
  })

  test('counts any number of negative directions, at any strength above the tolerance', () => {
    const curvatures = fc.array(fc.constantFrom(-100, -1, -0.1, 0.1, 1, 100), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(curvatures, (values) => {
        const f = (x: Tensor) => sum(mul(square(x), tensor(values)))
        const found = saddleTest(f, zeros([values.length]))
        const index = values.filter((value) => value < 0).length
        if (index === 0) expect(found.kind).toBe('minimum')
        else expect(found).toMatchObject({ kind: 'saddle', index })
      }),
    )
  })
})

const inputs = random.normal(random.key(1), [40, 3])
const targets = matmul(inputs, random.normal(random.key(2), [3, 2]))

/** A product of matrices learning a linear map: its only minima are global (Baldi and Hornik, 1989). */
const linearLoss = (weights: readonly Tensor[]): Tensor =>
  mean(
    square(
      sub(
        weights.reduce((x, w) => matmul(x, w), inputs),
        targets,
      ),
    ),
  )

const linearNet = (hidden: readonly number[]): readonly Tensor[] =>
  [3, ...hidden].map((width, i) => zeros([width, hidden[i] ?? 2]))

describe('a deep linear net at 0', () => {
  test('has with one hidden layer an index of its rank times its width', () => {
    expect(saddle(linearLoss, linearNet([4])).index).toBe(2 * 4)
    expect(saddle(linearLoss, linearNet([1])).index).toBe(2)
  })

  test.each([2, 3])('has with %s no curvature at all, and yet a way down', (layers) => {
    const { index, order } = saddle(linearLoss, linearNet(Array(layers).fill(3)))
    expect({ index, order }).toEqual({ index: 0, order: 'higher' })
  })

  test('is solved by leaving one saddle after the other, the first of which L-BFGS never leaves', () => {
    let params = linearNet([3, 3])
    expect(lbfgs(linearLoss, params).steps).toBe(0)
    const left: string[] = []
    for (let i = 0; i < 5; i++) {
      const found = saddleTest(linearLoss, params, { steepness: 1e-4 })
      if (found.kind === 'minimum') break
      if (found.kind === 'saddle') {
        left.push(found.order)
        params = found.escape!.params
      }
      params = lbfgs(linearLoss, params, { maxSteps: 500 }).params
    }
    // one for each rank the product lacks, and all three factors must move together to leave it
    expect(left).toEqual(['higher', 'higher'])
    expect(linearLoss(params).item()).toBeLessThan(1e-6)
  })
})

test('a network that was trained to the end is at a minimum, and its start was not', () => {
  const float64 = { dtype: 'float64' } as const
  const x = random.normal(random.key(1), [30, 2], float64)
  const y = tanh(matmul(x, tensor([[1], [-1]], float64))).add(
    random.normal(random.key(5), [30, 1], { deviation: 0.1, ...float64 }),
  )
  const loss = (p: { first: Tensor; second: Tensor }) =>
    mean(square(sub(matmul(tanh(matmul(x, p.first)), p.second), y)))
  const start = {
    first: random.normal(random.key(3), [2, 2], float64),
    second: random.normal(random.key(4), [2, 1], float64),
  }
  expect(saddleTest(loss, start).kind).toBe('slope')
  const { params } = lbfgs(loss, start, { maxSteps: 500, tolerance: 1e-8 })
  expect(saddleTest(loss, params).kind).toBe('minimum')
  // units that are alike stay alike: a saddle that symmetry makes
  const twins = lbfgs(
    loss,
    {
      first: tensor(
        [
          [0.5, 0.5],
          [0, 0],
        ],
        float64,
      ),
      second: tensor([[0.5], [0.5]], float64),
    },
    { maxSteps: 500, tolerance: 1e-8 },
  )
  const { index, escape } = saddle(loss, twins.params)
  expect(index).toBeGreaterThan(0)
  expect(lbfgs(loss, escape.params, { maxSteps: 500 }).value).toBeLessThan(twins.value)
})
