import { describe, expect, it } from 'vitest'
import { renderProgram } from '../../../../src/backends/wasm/program.ts'
import type { Address } from '../../../../src/loop/loop.ts'
import * as s from '../../../../src/loop/scalar.ts'
import { kernel, programOf } from '../agree.ts'

const along: Address = { base: 0, terms: [{ index: 0, stride: 1 }] }

/** Copies 1,000 elements, which threads can share if the loop is parallel. */
const copying = (parallel: boolean) => {
  const body = [
    { kind: 'store', buffer: 1, at: along, value: s.load('float32', 0, along) },
  ] as const
  const size = { dtype: 'float32', length: 1000 } as const
  return programOf(
    [size],
    [size],
    [kernel({ kind: 'for', index: 0, extent: 1000, parallel, body })],
  )
}

describe('a rendered program', () => {
  // a run that does not end where all meet can be over before a late thread knows of it, which then takes the next for it
  it.each([true, false])('is for several threads only if they meet, parallel: %s', (parallel) => {
    const rendered = renderProgram(copying(parallel), {
      threads: 4,
      memory: { isShared: true, isWide: false },
      always: true,
    })
    expect(rendered.isShared).toBe(parallel)
  })
})
