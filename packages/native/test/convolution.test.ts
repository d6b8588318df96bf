/** Convolutions large enough for tiles that walk windows where they lie, beside the reference that knows no tiles. */
import {
  add,
  type Convolution,
  convolution,
  grad,
  jit,
  random,
  referenceBackend,
  type Shape,
  sin,
  sum,
  type Tensor,
  withBackend,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { open } from './open.ts'

interface Case extends Convolution {
  readonly x: Shape
  readonly w: Shape
}

const cases: Readonly<Record<string, Case>> = {
  'rows of two tiles': { x: [1, 5, 30, 8], w: [3, 3, 8, 40] },
  'rows that no tile divides': { x: [2, 6, 19, 8], w: [3, 3, 8, 20], padding: 'same' },
  'a stride': { x: [2, 7, 29, 16], w: [3, 3, 16, 33], stride: 2, padding: 1 },
  'a stride with a rest': { x: [1, 9, 31, 12], w: [2, 3, 12, 17], stride: [3, 2] },
  'a dilation': { x: [1, 8, 32, 16], w: [3, 3, 16, 24], dilation: 2, padding: [0, 2] },
  'few channels': { x: [2, 6, 28, 1], w: [5, 5, 1, 32], padding: 'same' },
  'rows that compete for lines of a cache': { x: [1, 3, 14, 512], w: [1, 1, 512, 8] },
  'one axis': { x: [2, 70, 16], w: [5, 16, 24], padding: 'causal' },
  'three axes': { x: [1, 3, 4, 16, 6], w: [2, 2, 3, 6, 16], padding: 1 },
  depthwise: { x: [2, 6, 9, 37], w: [3, 3, 1, 37], groups: 37, padding: 'same' },
  'depthwise, many terms': { x: [2, 20, 12, 8], w: [9, 8, 1, 8], groups: 8, stride: [2, 1] },
  groups: { x: [1, 5, 30, 24], w: [3, 3, 12, 36], groups: 2, padding: 'same' },
}

/** A convolution and its gradients in input and kernel. */
const program =
  ({ x, w, ...options }: Case, dtype: 'float32' | 'float64') =>
  (): readonly Tensor[] => {
    const values = (seed: number, shape: Shape) => random.normal(random.key(seed), shape, { dtype })
    const inputs = [values(1, x), values(2, w)] as const
    const y = convolution(inputs[0], inputs[1], options)
    const curved = ([a, b]: readonly [Tensor, Tensor]) => sum(sin(convolution(a, b, options)))
    return [add(y, y), ...grad(curved)(inputs)]
  }

const bits = (tensors: readonly Tensor[]): string[] =>
  tensors.map((x) => Array.from(x.data(), (v) => (Object.is(v, -0) ? '-0' : String(v))).join())

const [one, three] = [await open({ threads: 1 }), await open({ threads: 3, always: true })]

describe.skipIf(one === null)('convolutions on native code', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    it.each(Object.entries(cases))(`have the bits of the reference in ${dtype}: %s`, (_, given) => {
      const run = () => bits(jit(program(given, dtype))())
      const wanted = withBackend(referenceBackend({ fused: one!.fused }), run)
      expect(withBackend(one!, run)).toEqual(wanted)
      expect(withBackend(three!, run)).toEqual(wanted)
    })
  }
})
