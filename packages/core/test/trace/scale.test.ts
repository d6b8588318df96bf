import { expect, test } from 'vitest'
import {
  add,
  grad,
  jit,
  lower,
  mul,
  sin,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
  vmap,
} from '../../src/index.ts'

const count = 100_000

/** A chain of alternating operations on its last value. */
const chain = (x: Tensor): Tensor => {
  let y = x
  for (let i = 0; i < count / 2; i++) y = sub(mul(y, 0.999), 0.001)
  return y
}

test(`a graph of ${count} equations is traced, differentiated and lowered without recursion`, () => {
  const x = tensor([1, 2, 3])
  const { graph } = trace(chain)(x)
  expect(graph.equations.length).toBeGreaterThanOrEqual(count)
  const gradient = trace(grad((y: Tensor) => sum(chain(y))))(x)
  expect(gradient.graph.equations.length).toBeGreaterThanOrEqual(count / 2)
  for (const each of [graph, gradient.graph]) expect(lower(each).steps.length).toBeGreaterThan(0)
  expect(trace(vmap(chain))(x).graph.equations.length).toBeGreaterThanOrEqual(count)
}, 60_000)

test('a graph as wide as deep compiles in time that grows with its size', () => {
  const wide = (n: number) => (x: Tensor) => {
    const parts = Array.from({ length: n }, (_, i) => sin(mul(x, i)))
    return parts.reduce((a, b) => add(a, b))
  }
  const x = tensor([0.5, 1])
  // processor time, the better of two, so that a busy machine does not count
  const time = (n: number) => {
    const { graph } = trace(wide(n))(x)
    const once = () => {
      const start = process.cpuUsage()
      lower(graph)
      return process.cpuUsage(start).user
    }
    return Math.min(once(), once())
  }
  time(500)
  const [small, large] = [time(1000), time(4000)]
  // 4 if linear, 16 if quadratic
  expect(large / small).toBeLessThan(10)
  expect(jit(wide(300))(x).toArray()).toEqual(wide(300)(x).toArray())
})
