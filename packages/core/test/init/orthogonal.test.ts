import { jit, type Key, matmul, orthogonal, random, reshape, transpose } from '@rootstock/core'
import { describe, expect, it } from 'vitest'

/** How far the products of the columns of a matrix, or of its rows, are from those of orthonormal ones. */
const deviation = (shape: readonly number[], gain: number): number => {
  const weight = orthogonal({ gain })(random.key(1), shape, { dtype: 'float64' })
  const w = reshape(weight, [-1, shape.at(-1)!])
  const [rows, columns] = w.shape as [number, number]
  const products = rows < columns ? matmul(w, transpose(w)) : matmul(transpose(w), w)
  const side = Math.min(rows, columns)
  return Math.max(
    ...products.data().map((value, i) => Math.abs(value - (i % (side + 1) === 0 ? gain ** 2 : 0))),
  )
}

describe('orthogonal weights', () => {
  it.each([[[5, 3]], [[3, 5]], [[64, 64]], [[3, 3, 2, 4]], [[2, 1, 9]], [[1, 1]]])(
    'have orthonormal columns or rows times the gain: %s',
    (shape) => {
      expect(deviation(shape, 1)).toBeLessThan(1e-9)
      expect(deviation(shape, 1.5)).toBeLessThan(1e-9)
    },
  )

  it('turn as often one way as the other', () => {
    let turned = 0
    for (let i = 0; i < 200; i++) {
      const [a, b, c, d] = orthogonal()(random.key(i), [2, 2]).data()
      if (a! * d! - b! * c! < 0) turned++
    }
    // five standard deviations of a fair coin
    expect(Math.abs(turned - 100)).toBeLessThan(5 * Math.sqrt(50))
  })

  it('are the same compiled, in float32 unless asked for', () => {
    const draw = (key: Key) => orthogonal()(key, [4, 3])
    expect(draw(random.key(2)).dtype).toBe('float32')
    expect(jit(draw)(random.key(2)).toArray()).toEqual(draw(random.key(2)).toArray())
  })

  it('need at least two axes', () => {
    expect(() => orthogonal()(random.key(0), [3])).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in orthogonal
        shape  [3]
        rule   a weight needs at least two axes, [...window, in, out]]
    `)
  })
})
