import { describe, expect, it } from 'vitest'
import { type Action, passesOf } from '../../../src/backends/wasm/passes.ts'
import { argumentsOf } from '../../../src/backends/wasm/scalar.ts'
import { along } from '../../../src/conformance/programs.ts'
import type { Scalar } from '../../../src/loop/loop.ts'
import * as s from '../../../src/loop/scalar.ts'
import { integers } from './agree.ts'

const isLoad = (node: Scalar): boolean => node.op === 'load'

/** Some loads, operations on what precedes them, and actions on the last of these and on others. */
const bodyOf = (seed: number) => {
  const below = integers(seed)
  const nodes = Array.from({ length: 1 + below(5) }, (_, i) => s.load('float32', i, along(0)))
  const loads = nodes.length
  const count = 2 + below(90)
  for (let i = 0; i < count; i++) {
    const near = (): Scalar =>
      nodes[Math.max(0, nodes.length - 1 - below(below(4) === 0 ? 40 : 3))]!
    nodes.push(below(2) === 0 ? s.add(near(), near()) : s.mul(near(), near()))
  }
  const actions = Array.from({ length: 1 + below(6) }, (_, i): Action => {
    const takes = [i === 0 ? nodes.at(-1)! : nodes[below(nodes.length)]!]
    return { takes, code: () => [] }
  })
  return { actions, early: nodes.slice(0, below(loads + 1)) }
}

/** What a pass computes: all that it leaves and acts on, from what it takes. */
const computedBy = ({ takes, actions, leaves }: ReturnType<typeof passesOf>[number]) => {
  const found = new Set<Scalar>()
  const visit = (node: Scalar): void => {
    if (takes.includes(node) || found.has(node)) return
    found.add(node)
    argumentsOf(node).forEach(visit)
  }
  for (const node of [...leaves, ...actions.flatMap((action) => action.takes)]) visit(node)
  return [...found]
}

describe('the passes of a body', () => {
  it('act in order, take what was left, and compute every operation once, few at a time', () => {
    for (let seed = 0; seed < 500; seed++) {
      const { actions, early } = bodyOf(seed)
      const passes = passesOf(early, actions, () => true)
      expect(passes.flatMap((pass) => pass.actions)).toEqual(actions)
      const left = new Set<Scalar>()
      const computed = passes.flatMap((pass) => {
        expect(pass.takes.every((node) => left.has(node))).toBe(true)
        for (const node of pass.leaves) left.add(node)
        const own = computedBy(pass)
        const operations = own.filter((node) => !isLoad(node))
        expect(operations.length + pass.actions.length).toBeLessThanOrEqual(16)
        return own
      })
      // only a load that need not come early may be repeated
      const once = computed.filter((node) => !isLoad(node) || early.includes(node))
      expect(new Set(once).size).toBe(once.length)
    }
  })
})
