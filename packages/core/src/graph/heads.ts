/**
 * Heads on a trunk: narrow products of one tensor, each a pass over the whole of it, become one product with all their columns.
 * Every element is the same sum in the same order, so no bit changes.
 */
import type { Lowering } from '../primitives/define.ts'
import { range, sizeOf } from '../shape.ts'
import { type Atom, type Equation, type Graph, type Variable, variable } from './graph.ts'
import { inOrder } from './order.ts'
import { paramsText } from './print.ts'

/** Columns up to which a product costs as much as one with more, and rows from which on that is much. */
const narrow = 15
const tall = 64

type Beside = NonNullable<Extract<Lowering<never>, { kind: 'contract' }>['beside']>

/** A narrow product, the axis of its right input that has its columns, and how it becomes part of a wider one. */
interface Head {
  readonly equation: Equation
  readonly axis: number
  readonly beside: Beside
}

const headOf = (equation: Equation): Head | null => {
  const { lower } = equation.primitive
  if (lower.kind !== 'contract' || lower.beside === undefined) return null
  const { batch, sum } = lower.axes(equation.params as never)
  const [left, right] = equation.inputs as [Variable, Variable]
  const columns = range(right.shape.length).filter((axis) => !sum.some(([, r]) => r === axis))
  if (batch.length > 0 || columns.length !== 1) return null
  const width = right.shape[columns[0]!]!
  const rows = sizeOf(equation.outputs[0]!.shape) / width
  const fits = width > 0 && width <= narrow && rows >= tall && sizeOf(left.shape) > 0
  return fits ? { equation, axis: columns[0]!, beside: lower.beside } : null
}

/** Heads that can be one product. */
interface List {
  readonly heads: Head[]
  readonly weights: Set<Atom>
  /** Everything that is computed from the heads. */
  readonly after: Set<Atom>
}

/**
 * The first list of several heads by trunk and by how the trunk is multiplied. No head of a list depends on another, and none
 * repeats another: what a checkpoint computes again begins a new list. What is `joined` already is no head.
 */
const listIn = (equations: readonly Equation[], joined: ReadonlySet<Atom>): List | undefined => {
  const numbers = new Map<Atom, number>()
  const open = new Map<string, List>()
  const all: List[] = []
  for (const equation of equations) {
    for (const { after } of all) {
      if (equation.inputs.some((x) => after.has(x))) for (const x of equation.outputs) after.add(x)
    }
    const head = headOf(equation)
    if (head === null || joined.has(equation.outputs[0]!)) continue
    const [trunk, weight] = equation.inputs as [Atom, Atom]
    const number = numbers.get(trunk) ?? numbers.size
    numbers.set(trunk, number)
    const shape = weight.shape.with(head.axis, 0).join()
    const key = `${number} ${weight.dtype} ${shape} ${paramsText(equation.params)}`
    let list = open.get(key)
    if (list?.after.has(weight)) continue
    if (list === undefined || list.weights.has(weight)) {
      list = { heads: [], weights: new Set(), after: new Set() }
      open.set(key, list)
      all.push(list)
    }
    list.heads.push(head)
    list.weights.add(weight)
    list.after.add(equation.outputs[0]!)
  }
  return all.find(({ heads }) => heads.length > 1)
}

/** One product for all of a list, with what puts its right input together and what each head gets from it. */
const productOf = ({ heads }: List): { product: Variable; equations: readonly Equation[] } => {
  const { equation, axis, beside } = heads[0]!
  const rights = heads.map((head) => head.equation.inputs[1]!)
  const [output, first] = [equation.outputs[0]!, rights[0]!]
  const last = output.shape.length - 1
  const total = rights.reduce((sum, x) => sum + x.shape[axis]!, 0)
  const right = variable({ shape: first.shape.with(axis, total), dtype: first.dtype })
  const product = variable({ shape: output.shape.with(last, total), dtype: output.dtype })
  let start = 0
  const parts = heads.map((head): Equation => {
    const [part] = head.equation.outputs as [Variable]
    const at = start
    start += part.shape[last]!
    const params = {
      start: part.shape.map((_, i) => (i === last ? at : 0)),
      shape: part.shape,
      step: part.shape.map(() => 1),
    }
    return { primitive: beside.part, inputs: [product], params, outputs: [part] }
  })
  const whole = { primitive: beside.whole, inputs: rights, params: { axis }, outputs: [right] }
  const wide = { ...equation, inputs: [equation.inputs[0]!, right], outputs: [product] }
  return { product, equations: [whole, wide, ...parts] }
}

/** Equations, each after those whose results it reads. */
const sorted = (equations: readonly Equation[]): Equation[] => {
  const makers = new Map<Atom, Equation>()
  for (const equation of equations) for (const x of equation.outputs) makers.set(x, equation)
  return inOrder(equations, ({ inputs }) => inputs.flatMap((x) => makers.get(x) ?? []))
}

/** The same function with the heads of each trunk as one product. List by list: two that are in order may not be so together. */
export const joinHeads = (graph: Graph): Graph => {
  const { inputs, outputs } = graph
  const joined = new Set<Atom>()
  let { equations } = graph
  for (;;) {
    const list = listIn(equations, joined)
    if (list === undefined) return joined.size === 0 ? graph : { inputs, equations, outputs }
    const { product, equations: parts } = productOf(list)
    joined.add(product)
    const places = new Map(list.heads.map(({ equation }) => [equation, [] as readonly Equation[]]))
    places.set(list.heads.at(-1)!.equation, parts)
    equations = sorted(equations.flatMap((x) => places.get(x) ?? x))
  }
}
