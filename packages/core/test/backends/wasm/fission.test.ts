import { describe, expect, it } from 'vitest'
import { createWasmBackend } from '../../../src/backends/wasm/backend.ts'
import {
  add,
  arange,
  atan2,
  cast,
  exp,
  gelu,
  greater,
  jit,
  logAddExp,
  mish,
  mod,
  mul,
  pow,
  random,
  referenceBackend,
  sin,
  type Tensor,
  take,
  tanh,
  valueAndGrad,
  where,
  withBackend,
} from '../../../src/index.ts'

type Function = (x: Tensor, y: Tensor) => Tensor

/** Functions whose loops have long bodies, in one dtype or several, of neighbours or of elements from anywhere. */
const functions: Readonly<Record<string, Function>> = {
  powers: (x, y) => pow(add(mul(x, x), 0.5), y),
  'logarithms of sums': (x, y) => logAddExp(mish(x), y),
  angles: (x, y) => atan2(sin(x), exp(y)),
  'another dtype between': (x, y) =>
    add(cast(tanh(cast(mul(x, y), 'float64')), 'float32'), cast(gelu(x), x.dtype)),
  conditions: (x, y) => where(greater(tanh(x), y), gelu(y), sin(x)),
  'a row for all': (x, y) => tanh(gelu(add(x, tanh(y.sum({ axis: -1, keepDims: true }))))),
  'elements by number': (x, y) =>
    tanh(
      gelu(mul(take(x, mod(mul(arange(x.shape.at(-1)!), 3), x.shape.at(-1)!), { axis: -1 }), y)),
    ),
  'random draws': (x, y) => mul(random.normal(random.key(3), x.shape), gelu(y)),
}

/** Rows too short for passes, of a chunk or several, and with elements left over. */
const shapes = [[9], [31], [32], [47], [129], [300], [3, 67], [2, 3, 33]]

describe('loops in passes', () => {
  it.each(Object.entries(functions))('have the bits of the reference: %s', (_, f) => {
    const wasm = createWasmBackend({ threads: 1 })
    const slope = jit(valueAndGrad((x: Tensor, y: Tensor) => f(x, y).sum()))
    const whole = jit(f)
    for (const shape of shapes) {
      for (const dtype of ['float32', 'float64'] as const) {
        const run = (): (readonly number[])[] => {
          const [x, y] = [random.normal(random.key(1), shape), random.normal(random.key(2), shape)]
          const [a, b] = [cast(x, dtype), cast(y, dtype)]
          const [value, gradient] = slope(a, b)
          return [whole(a, b), value, gradient].map((z) => Array.from(z.data()))
        }
        expect(withBackend(wasm, run)).toEqual(withBackend(referenceBackend(), run))
      }
    }
  })
})
