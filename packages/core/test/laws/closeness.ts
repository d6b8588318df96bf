/** Comparing numbers: to a tolerance, and to the bit. */
import { describe, type Tensor } from '@rootstock/core'
import { elementsOf } from './flat.ts'

const close = (a: number, b: number, tolerance: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))

/** Throws unless all pairs differ by at most `tolerance`, relative where they are larger than 1; NaN equals NaN. */
export const expectClose = (
  found: readonly number[],
  wanted: readonly number[],
  tolerance: number,
): void => {
  if (found.length !== wanted.length) {
    throw new Error(`${found.length} elements, expected ${wanted.length}`)
  }
  const at = wanted.findIndex((value, i) => !close(found[i]!, value, tolerance))
  if (at >= 0) throw new Error(`element ${at} is ${found[at]}, expected ${wanted[at]}`)
}

/** Throws unless both lists hold tensors of the same shapes and dtypes. */
export const expectSameTypes = (found: readonly Tensor[], wanted: readonly Tensor[]): void => {
  const [came, promised] = [found, wanted].map((list) => list.map(describe).join(', '))
  if (came !== promised) throw new Error(`types are ${came}, expected ${promised}`)
}

/** Throws unless both lists hold tensors of the same types with the same bits. */
export const expectSameBits = (found: readonly Tensor[], wanted: readonly Tensor[]): void => {
  expectSameTypes(found, wanted)
  wanted.forEach((y, o) => {
    const elements = elementsOf(found[o]!)
    elementsOf(y).forEach((value, i) => {
      if (Object.is(elements[i], value)) return
      throw new Error(`element ${i} of output ${o} is ${elements[i]}, expected ${value}`)
    })
  })
}

/** Sum of products over two lists of tensors. */
export const dot = (a: readonly Tensor[], b: readonly Tensor[]): number => {
  let sum = 0
  a.forEach((x, k) => {
    const others = elementsOf(b[k]!)
    elementsOf(x).forEach((value, i) => {
      sum += value * others[i]!
    })
  })
  return sum
}
