import fc from 'fast-check'
import { expect, test } from 'vitest'
import { einsum, grad, jit, matmul, sum, type Tensor, tensor } from '../../src/index.ts'
import { range, sizeOf, stridesOf } from '../../src/shape.ts'

const sizes: Readonly<Record<string, number>> = { i: 2, j: 3, k: 4, l: 1 }

const shapeOf = (term: string): number[] => [...term].map((letter) => sizes[letter]!)

const count = (term: string): Tensor =>
  tensor(
    range(sizeOf(shapeOf(term))).map((n) => ((7 * n + term.length) % 5) - 2),
    { dtype: 'int32' },
  ).reshape(shapeOf(term))

/** The sum by its definition: over every value of every letter. */
const byDefinition = (terms: readonly string[], output: string, inputs: readonly Tensor[]) => {
  const letters = [...new Set(terms.join(''))]
  const result = new Array<number>(sizeOf(shapeOf(output))).fill(0)
  const data = inputs.map((x) => x.data())
  const walk = (at: number, values: Readonly<Record<string, number>>): void => {
    if (at < letters.length) {
      const letter = letters[at]!
      for (const value of range(sizes[letter]!)) walk(at + 1, { ...values, [letter]: value })
      return
    }
    const position = (term: string) =>
      stridesOf(shapeOf(term)).reduce(
        (flat, stride, axis) => flat + stride * values[term[axis]!]!,
        0,
      )
    result[position(output)]! += terms.reduce(
      (product, term, i) => product * Number(data[i]![position(term)]),
      1,
    )
  }
  walk(0, {})
  return result
}

const specifications = fc
  .array(fc.string({ unit: fc.constantFrom('i', 'j', 'k', 'l'), minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((terms) => {
    const letters = [...new Set(terms.join(''))]
    return fc.shuffledSubarray(letters).map((output) => ({ terms, output: output.join('') }))
  })

test('einsum is the sum it says, for any specification', () => {
  fc.assert(
    fc.property(specifications, ({ terms, output }) => {
      const inputs = terms.map(count)
      const found = einsum(`${terms.join(',')}->${output}`, ...inputs)
      expect(found.shape).toEqual(shapeOf(output))
      expect(Array.from(found.data())).toEqual(byDefinition(terms, output, inputs))
    }),
    { numRuns: 200 },
  )
})

test('without an arrow the letters that occur once remain, in order', () => {
  const [a, b] = [count('ij'), count('jk')]
  expect(einsum('ij,jk', a, b).toArray()).toEqual(matmul(a, b).toArray())
  expect(einsum('ba', count('ij')).shape).toEqual([3, 2])
})

test('an ellipsis stands for axes that broadcast', () => {
  const a = tensor([[[1, 2]], [[3, 4]]])
  const b = tensor([[10], [1]])
  expect(einsum('...ij,jk->...ik', a, b).toArray()).toEqual(matmul(a, b).toArray())
  expect(einsum('...i->...', a).shape).toEqual([2, 1])
})

test('its gradient is an einsum, and it compiles', () => {
  const w = tensor([
    [1, 2],
    [3, 4],
  ])
  const f = (v: Tensor) => sum(einsum('ij,ij,jk->k', v, v, w))
  const found = grad(f)(
    tensor([
      [1, 2],
      [3, 4],
    ]),
  )
  expect(found.toArray()).toEqual([
    [6, 28],
    [18, 56],
  ])
  expect(
    jit(grad(f))(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ).toArray(),
  ).toEqual(found.toArray())
})
