import {
  jit,
  lower,
  placeholder,
  random,
  referenceBackend,
  slice,
  softmax,
  type Tensor,
  trace,
  withBackend,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { writeProgram } from '../src/program.ts'
import { open } from './open.ts'

const rows = 64

/** Softmax over so many widths, each with kernels whose text no other has. */
const widths =
  (count: number) =>
  (x: Tensor): Tensor[] =>
    Array.from({ length: count }, (_, i) => softmax(slice(x, { stop: [rows, 9 + i] }), { axis: 1 }))

const short = 3
const long = 32

const sourceOf = (count: number): string => {
  const { graph } = trace(widths(count))(placeholder([rows, 9 + long]))
  return writeProgram(lower(graph), '').source
}

/** Functions of kernels, and how many of them a compiler must keep apart. */
const functionsOf = (source: string): readonly [number, number] => {
  const found = source.match(/^static .*void kernel_\d+\(/gm) ?? []
  return [found.length, found.filter((line) => line.includes('noinline')).length]
}

describe('the functions of a program', () => {
  it('stay apart where it is long, and only there', () => {
    const [few, none] = functionsOf(sourceOf(short))
    expect([few >= short, none]).toEqual([true, 0])
    const [many, all] = functionsOf(sourceOf(long))
    expect([many >= long, all]).toEqual([true, many])
  })
})

const native = await open({ threads: 2 })

describe.skipIf(native === null)('a long program', () => {
  it('has the bits of the reference', () => {
    const x = random.normal(random.key(3), [rows, 9 + long])
    const step = jit(widths(long))
    const run = () => step(x).map((y) => y.data())
    expect(withBackend(native!, run)).toEqual(withBackend(referenceBackend(), run))
  })
})
