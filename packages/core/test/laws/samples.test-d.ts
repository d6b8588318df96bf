import { test } from 'vitest'
import type { Sample } from '../../src/conformance/samples/sample.ts'
import { samples } from '../../src/conformance/samples/samples.ts'
import type { PrimitiveName } from '../../src/primitives/all.ts'

type Samples = Record<PrimitiveName, readonly Sample[]>

test('a primitive without samples does not compile', () => {
  const { neg, ...rest } = samples
  const complete: Samples = { ...rest, neg }
  // @ts-expect-error the samples of neg are missing
  const incomplete: Samples = rest
  return [complete, incomplete]
})

test('samples of something that is no primitive do not compile', () => {
  // @ts-expect-error there is no primitive of this name
  const more: Samples = { ...samples, negate: [] }
  return more
})
