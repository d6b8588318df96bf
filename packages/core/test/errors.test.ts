import { describe, expect, test } from 'vitest'
import {
  ArgumentError,
  DTypeError,
  matmul,
  NotDifferentiable,
  ShapeError,
  TraceError,
  tensor,
  within,
} from '../src/index.ts'

describe('an error', () => {
  const parts = {
    operation: 'matmul',
    inputs: { left: tensor([[1, 2]]), axes: [0, [1, tensor(1)]], n: 3 },
    rule: 'something must hold',
  }

  test('names the operation, its inputs, the rule and a hint', () => {
    expect(new ShapeError({ ...parts, hint: 'try this' }).message).toMatchInlineSnapshot(`
      "ShapeError in matmul
        left  float32[1, 2]
        axes  [0, [1, float32[]]]
        n     3
        rule  something must hold
        hint  try this"
    `)
  })

  test('leaves out the hint when there is none', () => {
    expect(new ShapeError(parts).message).not.toContain('hint')
  })

  test('has a name by which it can be told', () => {
    const errors = [ArgumentError, DTypeError, NotDifferentiable, ShapeError, TraceError]
    expect(errors.map((Kind) => new Kind(parts).name)).toEqual([
      'ArgumentError',
      'DTypeError',
      'NotDifferentiable',
      'ShapeError',
      'TraceError',
    ])
  })
})

describe('within', () => {
  const product = () => matmul(tensor([[1, 2]]), tensor([[1, 2]]))

  test('adds the path of the layer or task to errors', () => {
    expect(() =>
      within('heads/species', () => within('dense', product)),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in matmul, at heads/species/dense
        left   float32[1, 2]
        right  float32[1, 2]
        rule   columns of left (2) must equal rows of right (1)
        hint   right fits after swapAxes(right, -1, -2)]
    `)
  })

  test('forgets the path afterwards, also when an error passes through', () => {
    expect(() => within('somewhere', product)).toThrow(', at somewhere')
    expect(product).not.toThrow('somewhere')
    expect(within('somewhere', () => 7)).toBe(7)
  })
})
