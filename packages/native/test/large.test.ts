import {
  grad,
  jit,
  matmul,
  ones,
  referenceBackend,
  sum,
  type Tensor,
  tanh,
  withBackend,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { open } from './open.ts'

const native = await open({ threads: 2 })

describe.skipIf(native === null)('a large program', () => {
  it('compiles within seconds and has the bits of the reference', () => {
    // constants of their own keep the layers from sharing functions
    const deep = (w: Tensor, x: Tensor): Tensor => {
      let h = x
      for (let i = 0; i < 160; i++) h = tanh(matmul(h, w).add(i * 1e-3))
      return sum(h)
    }
    const slope = jit(grad(deep))
    const run = (): number[] => Array.from(slope(ones([8, 8]).mul(0.1), ones([8, 8])).data())
    const found = withBackend(native!, run)
    expect(found).toEqual(withBackend(referenceBackend({ fused: native!.fused }), run))
  })
})
