/** How the work of a loop's body is divided into passes. */
import type { Scalar } from '../../loop/loop.ts'
import type { Code } from './encode.ts'
import { times } from './instructions.ts'
import { argumentsOf, type Shared } from './scalar.ts'

/** What becomes of values: code for one vector, which is one of several in turn. */
export interface Action {
  readonly takes: readonly Scalar[]
  readonly code: (shared: Shared, turn: number) => Code
}

/** A part of the work: what it takes from earlier passes, what it does, and what it leaves for later ones. */
export interface Pass {
  readonly takes: readonly Scalar[]
  readonly actions: readonly Action[]
  readonly leaves: readonly Scalar[]
}

type Item = Scalar | Action

const isAction = (item: Item): item is Action => 'takes' in item

const takesOf = (item: Item): readonly Scalar[] => (isAction(item) ? item.takes : argumentsOf(item))

/** What is asked for and the nodes it needs that differ between iterations, each after what it takes. */
const itemsOf = (asked: readonly Item[], varies: (node: Scalar) => boolean): readonly Item[] => {
  const found = new Set<Item>()
  const visit = (item: Item): void => {
    if (found.has(item) || !(isAction(item) || varies(item))) return
    takesOf(item).forEach(visit)
    found.add(item)
  }
  asked.forEach(visit)
  return [...found]
}

/** The most nodes and actions of a pass: so many that a processor sees its end from its beginning. */
const longest = 16

/** What a pass costs beside what it takes and leaves. */
const overhead = 2

/** The passes for actions in order, which take and leave as little as possible. What is loaded early is not loaded again. */
export const passesOf = (
  early: readonly Scalar[],
  actions: readonly Action[],
  varies: (node: Scalar) => boolean,
): readonly Pass[] => {
  const items = itemsOf([...early, ...actions], varies)
  const places = new Map(items.map((item, i) => [item, i]))
  const lastUse = new Map(items.flatMap((item, i) => takesOf(item).map((node) => [node, i])))
  // what lies in memory as it is wanted needs no place to wait in
  const isKept = (node: Scalar): boolean =>
    node.op !== 'load' || node.at.offset !== undefined || early.includes(node)
  const passOf = (start: number, end: number): Pass => {
    const own = items.slice(start, end)
    const isEarlier = (node: Scalar): boolean => isKept(node) && places.get(node)! < start
    const isLater = (item: Item): item is Scalar =>
      !isAction(item) && isKept(item) && lastUse.get(item)! >= end
    return {
      takes: [...new Set(own.flatMap(takesOf).filter(isEarlier))],
      actions: own.filter(isAction),
      leaves: own.filter(isLater),
    }
  }
  const best: { cost: number; passes: readonly Pass[] }[] = [{ cost: 0, passes: [] }]
  for (let end = 1; end <= items.length; end++) {
    const choices = times(Math.min(end, longest), (i) => {
      const before = best[end - 1 - i]!
      const last = passOf(end - 1 - i, end)
      const cost = before.cost + last.takes.length + last.leaves.length + overhead
      return { cost, passes: [...before.passes, last] }
    })
    best.push(choices.reduce((a, b) => (b.cost < a.cost ? b : a)))
  }
  return best.at(-1)!.passes
}
