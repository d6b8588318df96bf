import {
  type GradientVerdict,
  grad,
  gradientHealth,
  map,
  matmul,
  mean,
  random,
  relu,
  sigmoid,
  square,
  type Tensor,
  tanh,
  tensor,
} from '@rootstock/core'
import { describe, expect, test } from 'vitest'

const width = 8
const x = random.normal(random.key(0), [32, width])

/** Weights of square layers whose entries have this deviation. */
const stack = (depth: number, deviation: number): readonly Tensor[] =>
  random.split(random.key(1), depth).map((key) => random.normal(key, [width, width], { deviation }))

const verdicts = (
  activation: (x: Tensor) => Tensor,
  layers: readonly Tensor[],
): readonly GradientVerdict[] => {
  const loss = (weights: readonly Tensor[]) =>
    mean(square(weights.reduce((h, w) => activation(matmul(h, w)), x)))
  return gradientHealth(layers, grad(loss)(layers)).map(({ verdict }) => verdict)
}

describe('gradientHealth', () => {
  test('finds a well-scaled tanh network healthy, however deep', () => {
    const deep = verdicts(tanh, stack(20, 1 / Math.sqrt(width)))
    expect(deep.every((verdict) => verdict === 'healthy')).toBe(true)
  })

  test('sees gradients vanish on the way to the first layers of a deep sigmoid network', () => {
    const deep = verdicts(sigmoid, stack(20, 1 / Math.sqrt(width)))
    expect(deep[0]).toBe('vanishing')
    expect(deep.at(-1)).toBe('healthy')
    // once healthy, healthy up to the loss
    expect(deep.lastIndexOf('vanishing') + 1).toBe(deep.indexOf('healthy'))
  })

  test('sees gradients explode in a deep linear network of large weights', () => {
    const deep = verdicts((h) => h, stack(12, 2))
    expect(deep[0]).toBe('exploding')
  })

  test('counts the units that a large rate killed', () => {
    const bias = tensor([0, -99, 0, -99, 0, 0, 0, -99])
    const params = { weight: stack(1, 1)[0]!, bias }
    const loss = (p: typeof params) => mean(relu(matmul(x, p.weight).add(p.bias)))
    const found = gradientHealth(params, grad(loss)(params))
    expect(
      found.map(({ path, deadUnits, units, verdict }) => [path, deadUnits, units, verdict]),
    ).toMatchInlineSnapshot(`
        [
          [
            "weight",
            3,
            8,
            "dead units",
          ],
          [
            "bias",
            3,
            8,
            "dead units",
          ],
        ]
      `)
  })

  test('sees a task without labels, and what is not a number', () => {
    const params = { a: tensor([1, 2]), b: tensor([1, 2]), c: tensor(1) }
    const found = gradientHealth(params, {
      a: tensor([0, 0]),
      b: tensor([1, Number.NaN]),
      c: tensor(0.5),
    })
    expect(found.map(({ verdict }) => verdict)).toEqual(['none', 'not finite', 'healthy'])
  })

  test('calls nothing vanishing at a minimum, where all gradients are small together', () => {
    const params = { a: tensor([1, 2]), b: tensor([3]) }
    const tiny = map((leaf: Tensor) => leaf.mul(1e-20), params) as typeof params
    expect(gradientHealth(params, tiny).every(({ verdict }) => verdict === 'healthy')).toBe(true)
  })

  test('does not take a bias that begins at 0 for one whose gradient explodes', () => {
    const params = { weight: tensor([1, 2]), bias: tensor([0, 0]) }
    const [, bias] = gradientHealth(params, { weight: tensor([1, 1]), bias: tensor([1, 1]) })
    expect(bias!.verdict).toBe('healthy')
  })

  test('calls nothing vanishing beside a gradient that explodes', () => {
    const params = { a: tensor([1, 2]), b: tensor([1, 1]) }
    const [a, b] = gradientHealth(params, { a: tensor([1e8, 1]), b: tensor([1, 1]) })
    expect([a!.verdict, b!.verdict]).toEqual(['exploding', 'healthy'])
  })

  test('is not misled by a gradient whose squares overflow', () => {
    const [row] = gradientHealth(tensor([1, 1]), tensor([1e38, 1e38]))
    expect(row!.gradient / 1e38).toBeCloseTo(1, 6)
    expect(row!.verdict).toBe('exploding')
  })

  test('wants gradients of the same shapes', () => {
    expect(() =>
      gradientHealth({ a: tensor([1, 2]) }, { a: tensor([1]) }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in gradientHealth
        params     [float32[2]]
        gradients  [float32[1]]
        rule       gradients must have the structure and shapes of the parameters]
    `)
  })
})
