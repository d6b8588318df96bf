import {
  add,
  jit,
  lower,
  matmul,
  placeholder,
  random,
  relu,
  type Shape,
  scan,
  sum,
  type Tensor,
  tanh,
  trace,
  transpose,
  withBackend,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { writeProgram } from '../src/program.ts'
import { open } from './open.ts'

/** How often threads meet in a function's program, by its text, where they share whatever they can. */
const meetings = (f: (...xs: readonly Tensor[]) => Tensor, ...shapes: readonly Shape[]): number => {
  const { graph } = trace(f)(...shapes.map((shape) => placeholder(shape)))
  return writeProgram(lower(graph), '', true).source.split('runtime->take').length - 1
}

const recurrent = (h: Tensor, xs: Tensor, weight: Tensor): Tensor =>
  scan((state: Tensor, x: Tensor) => [tanh(add(matmul(state, weight), x)), x] as const, h, xs)[0]

describe('threads that share a program', () => {
  it('meet once while each keeps to rows of its own', () => {
    const net = (x?: Tensor, a?: Tensor, b?: Tensor) => tanh(matmul(relu(matmul(x!, a!)), b!))
    expect(meetings(net, [64, 20], [20, 30], [30, 30])).toBe(1)
  })

  it('meet where one needs what all have made', () => {
    const gram = (x?: Tensor, a?: Tensor) => {
      const y = matmul(x!, a!)
      return matmul(transpose(y), y)
    }
    expect(meetings(gram, [64, 20], [20, 30])).toBe(2)
    expect(meetings((x) => add(tanh(x), sum(tanh(x))), [64, 20])).toBeGreaterThan(1)
  })

  it('do what nothing waits for while the rest has to wait', () => {
    const gram = (y: Tensor, z: Tensor) => matmul(transpose(y), z)
    const grams = (x?: Tensor, a?: Tensor, b?: Tensor) => {
      const y = matmul(x!, a!)
      const own = gram(y, y)
      const z = matmul(x!, b!)
      return add(add(own, gram(z, z)), gram(y, z))
    }
    // both of the first products, then what needs all of these
    expect(meetings(grams, [64, 20], [20, 30], [20, 30])).toBe(2)
  })

  it('meet once in each step of a recurrence', () => {
    const shapes = [
      [64, 20],
      [5, 64, 20],
      [20, 20],
    ] as const
    const f = (h?: Tensor, xs?: Tensor, weight?: Tensor) => recurrent(h!, xs!, weight!)
    const { graph } = trace(f)(...shapes.map((shape) => placeholder(shape)))
    const { source } = writeProgram(lower(graph), '', true)
    const [, loop] = /\n {2}for \(int64_t t0[^\n]*\n(.*?)\n {2}\}\n/s.exec(source)!
    expect(loop!.split('runtime->take').length - 1).toBe(1)
  })
})

const native = await open({ threads: 4, always: true })
const alone = await open({ threads: 1 })

describe.skipIf(native === null)('four threads, more than cores', () => {
  it('leave the bits of one in each of many runs', () => {
    const [h, xs, weight] = [
      [32, 24],
      [20, 32, 24],
      [24, 24],
    ].map((shape, i) => random.normal(random.key(i), shape))
    const f = jit(recurrent)
    const run = () => f(h!, xs!, weight!).toArray()
    const wanted = withBackend(alone!, run)
    withBackend(native!, () => {
      for (let i = 0; i < 300; i++) expect(run()).toEqual(wanted)
    })
  })
})
