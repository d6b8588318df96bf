/** Each compiler that the machine has; other tests take the first that answers. */
import {
  add,
  convolution,
  grad,
  jit,
  random,
  referenceBackend,
  sin,
  sum,
  type Tensor,
  withBackend,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { findCompiler } from '../src/compiler.ts'
import { models } from './models.ts'
import { open } from './open.ts'

/** Products large enough for whole tiles, walked where they lie and packed, and results that are sent past the caches. */
const windows = (dtype: 'float32' | 'float64') => (): readonly Tensor[] => {
  const [x, w] = [
    [1, 5, 30, 8],
    [3, 3, 8, 40],
  ].map((shape, i) => random.normal(random.key(i), shape, { dtype })) as [Tensor, Tensor]
  const y = convolution(x, w)
  return [add(y, y), ...grad(([a, b]) => sum(sin(convolution(a, b))))([x, w])]
}

const functions = { ...models, windows: windows('float32'), precise: windows('float64') }

const bits = (tensors: readonly Tensor[]): string[] =>
  tensors.map((x) => Array.from(x.data(), (v) => (Object.is(v, -0) ? '-0' : String(v))).join())

describe.each(['gcc', 'clang'])('%s', (command) => {
  const found = findCompiler({ compilers: [command] })
  const missing = found._tag === 'Left' ? ': it is not installed' : ''
  it.skipIf(missing !== '')(
    `compiles without a warning what has the bits of the reference${missing}`,
    async () => {
      const own = found._tag === 'Right' ? found.right.target : []
      const target = [...own, '-Werror']
      const native = await open({ compilers: [command], target, threads: 2, always: true })
      expect(native).not.toBeNull()
      const oracle = referenceBackend({ fused: native!.fused })
      for (const [name, f] of Object.entries(functions)) {
        const run = () => [name, ...bits(jit(f)())]
        expect(withBackend(native!, run)).toEqual(withBackend(oracle, run))
      }
    },
  )
})
