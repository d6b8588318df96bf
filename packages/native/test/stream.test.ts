import {
  add,
  type DType,
  exp,
  grad,
  jit,
  lower,
  mul,
  placeholder,
  random,
  referenceBackend,
  type Shape,
  sum,
  type Tensor,
  tanh,
  trace,
  withBackend,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { writeProgram } from '../src/program.ts'
import { open } from './open.ts'

const native = await open({ threads: 2, always: true })

type Function = (...xs: readonly Tensor[]) => Tensor | readonly Tensor[]

const functions: Readonly<Record<string, Function>> = {
  'a chain of operations': (x, y) => add(mul(tanh(x), y), exp(x)),
  'two results of one loop': (x, y) => [mul(x, y), tanh(add(x, y))],
  'rows that differ': (x, y) => add(tanh(x), sum(y, { axis: 0 })),
  'a gradient with a constant part': (x, y) =>
    grad((a: Tensor, b: Tensor) => sum(add(tanh(a), b)), { argument: [0, 1] })(x, y),
}

// lengths that lines divide and others, below and above where arrays start at lines
const shapes: readonly Shape[] = [[2048], [2063], [40, 48], [33, 47], [5, 16], [17]]

const cases = Object.keys(functions).flatMap((name) =>
  shapes.flatMap((shape) =>
    (['float32', 'float64'] as const).map((dtype) => ({ name, shape, dtype })),
  ),
)

const bitsOf = (result: Tensor | readonly Tensor[]): readonly (readonly number[])[] =>
  [result].flat().map((x) => Array.from(x.data(), Number))

const operands = (shape: Shape, dtype: DType): readonly Tensor[] =>
  [1, 2].map((seed) => random.normal(random.key(seed), shape, { dtype: dtype as 'float32' }))

describe.skipIf(native === null)('results that are sent past the caches', () => {
  const oracle = referenceBackend({ fused: native?.fused ?? false })

  it.each(cases)(
    'have the bits of the reference: $name, $dtype$shape',
    ({ name, shape, dtype }) => {
      const run = (donate: readonly number[]) => () => {
        const [x, y] = operands(shape, dtype)
        return bitsOf(jit(functions[name]!, { donate })(x!, y!))
      }
      const expected = withBackend(oracle, run([]))
      expect(withBackend(native!, run([]))).toEqual(expected)
      expect(withBackend(native!, run([0, 1]))).toEqual(expected)
    },
  )
})

describe('a program', () => {
  const sends = (length: number): boolean => {
    const { graph } = trace((x: Tensor, y: Tensor) => add(tanh(x), y))(
      placeholder([length]),
      placeholder([length]),
    )
    return writeProgram(lower(graph), '').source.includes('send_lines')
  }

  it('sends what caches cannot hold, and nothing else', () => {
    expect(sends(10_000_000)).toBe(true)
    expect(sends(1_000_000)).toBe(false)
  })
})
