import { setBackend, wasmBackend } from '@rootstock/core'
import { beforeAll, describe, it } from 'vitest'
import { randomFunction } from '../../src/conformance/randomFunction.ts'
import { adjointLaw } from './derivatives.ts'
import { batchedOf, forwardOf, type Point, reverseOf } from './flat.ts'
import { batchLaw, inFloat32, modesLaw } from './values.ts'

const some = [true, false, true]

const laws: Readonly<Record<string, (point: Point) => void>> = {
  'are the same eagerly, traced and compiled': (point) => {
    modesLaw(point)
    modesLaw(inFloat32(point))
  },
  'have gradients that are so too': (point) => {
    modesLaw(reverseOf(point, 1))
  },
  'give a batch what they give its examples': (point) => {
    batchLaw(point, some)
    batchLaw(point, [true, true, true])
    modesLaw(batchedOf(point, some))
  },
  'have forward and reverse modes that fit together, to second order and in batches': (point) => {
    adjointLaw(point, 1)
    adjointLaw(forwardOf(point, 1), 2)
    adjointLaw(reverseOf(point, 1), 3)
    adjointLaw(batchedOf(point, some), 4)
  },
}

// these take the root of 0, where a derivative is infinite and its product with 0 depends on the mode
const singular = new Set([1, 5])

const seeds = Array.from({ length: 40 }, (_, seed) => seed).filter((seed) => !singular.has(seed))

beforeAll(() => {
  setBackend(wasmBackend())
})

describe('random functions of up to 30 operations', () => {
  it.each(Object.entries(laws))('%s', (_, check) => {
    for (const seed of seeds) {
      try {
        check(randomFunction(seed))
      } catch (error) {
        throw new Error(`random function ${seed}`, { cause: error })
      }
    }
  })
})
