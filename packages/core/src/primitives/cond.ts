/**
 * `cond`: one of two graphs, chosen by a scalar, as one operation. Inputs are the predicate, then the operands of both
 * branches. Derivatives are conds over the branches' derivatives; what one branch must remember for its linear part is
 * zero in the other.
 */
import { type Abstract, type Graph, variable } from '../graph/graph.ts'
import { sameType } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { repeat, runBatched } from '../trace/batch.ts'
import { evaluateGraph, isBeingTraced, type Traced, traceGraph } from '../trace/graph.ts'
import { bind } from '../trace/interpreter.ts'
import type { TapeEntry } from '../trace/linearize.ts'
import {
  jvpGraph,
  placed,
  recordGraph,
  replay,
  residualsOf,
  traceTransposed,
} from '../trace/partial.ts'
import { broadcast, zerosOf } from './broadcast.ts'
import { define, type Primitive, type Structural } from './define.ts'
import { select } from './logic.ts'
import { expectDType, expectShape, truths } from './rules.ts'

/** The graphs of a cond; both take all operands and return the same types. */
export interface Branches {
  readonly then: Graph
  readonly otherwise: Graph
}

type Pair<T> = readonly [then: T, otherwise: T]

/** Applies a cond to two traced branches; each one's captured tensors are passed to both. */
export const bindCond = (
  predicate: Tensor,
  [a, b]: Pair<Traced>,
  operands: readonly Tensor[],
): readonly Tensor[] => {
  const widen = (
    { graph, captured }: Traced,
    before: readonly Tensor[],
    after: readonly Tensor[],
  ) => ({
    ...graph,
    inputs: [
      ...before.map(variable),
      ...graph.inputs.slice(0, captured.length),
      ...after.map(variable),
      ...graph.inputs.slice(captured.length),
    ],
  })
  return bind(condPrimitive, [predicate, ...a.captured, ...b.captured, ...operands], {
    then: widen(a, [], b.captured),
    otherwise: widen(b, a.captured, []),
  })
}

/** Applies `f` to both branches. */
const both = <T>({ then, otherwise }: Branches, f: (branch: Graph) => T): Pair<T> => [
  f(then),
  f(otherwise),
]

const union = ([a, b]: Pair<readonly boolean[]>): readonly boolean[] =>
  a.map((flag, i) => flag || b[i]!)

const jvp: Structural<Branches>['jvp'] = ([predicate, ...primals], [, ...tangents], params) => {
  const moving = tangents.map((x) => x !== null)
  const types = [...primals, ...tangents.filter((x) => x !== null)]
  const forward = (branch: Graph, wanted: readonly boolean[] | null) => {
    let moved: boolean[] = []
    const traced = traceGraph((inputs) => {
      const directions = placed(moving, inputs.slice(primals.length))
      const result = jvpGraph(branch, inputs.slice(0, primals.length), directions)
      moved = result.tangents.map((x) => x !== null)
      const kept = result.tangents.flatMap((x, i) =>
        wanted?.[i] === true ? [x ?? zerosOf(result.outputs[i]!)] : [],
      )
      return [...result.outputs, ...kept]
    }, types)
    return { traced, moved }
  }
  const moved = union(both(params, (branch) => forward(branch, null).moved))
  const results = bindCond(
    predicate!,
    both(params, (branch) => forward(branch, moved).traced),
    types,
  )
  const count = params.then.outputs.length
  return { outputs: results.slice(0, count), tangents: placed(moved, results.slice(count)) }
}

/** A branch with some operands unknown. */
interface Half {
  /** Known outputs, then what the linear part needs to remember. */
  readonly known: Traced
  readonly remembered: readonly Tensor[]
  /** Things the linear part uses that exist outside: known operands by number, or tensors of outer scopes. */
  readonly outside: readonly { readonly inside: Tensor; readonly source: number | Tensor }[]
  readonly unknownInputs: readonly Tensor[]
  readonly entries: readonly TapeEntry[]
  readonly outputs: readonly Tensor[]
  readonly unknownOutputs: readonly boolean[]
}

const halve = (
  branch: Graph,
  operands: readonly Abstract[],
  unknown: readonly boolean[],
  wanted: readonly boolean[] | null,
): Half => {
  let found: Omit<Half, 'known'> | null = null
  const isKnown = unknown.map((flag) => !flag)
  const run = (knownInputs: readonly Tensor[]): Tensor[] => {
    const { result, tape } = recordGraph(branch, placed(isKnown, knownInputs), operands)
    const { inputs, entries } = tape
    const unknownOutputs = wanted ?? tape.outputs.map((x) => x !== null)
    const residuals = residualsOf(
      tape,
      result.filter((_, i) => unknownOutputs[i]),
    )
    const isOutside = (x: Tensor) => knownInputs.includes(x) || !isBeingTraced(x)
    const remembered = residuals.filter((x) => !isOutside(x))
    const outside = residuals.filter(isOutside).map((inside) => {
      const position = knownInputs.indexOf(inside)
      return { inside, source: position < 0 ? inside : position }
    })
    found = { remembered, outside, unknownInputs: inputs, entries, outputs: result, unknownOutputs }
    return [...result.filter((_, i) => !unknownOutputs[i]), ...remembered]
  }
  const known = traceGraph(
    run,
    operands.filter((_, i) => isKnown[i]),
  )
  return { known, ...found! }
}

/** The linear part of a branch; `order` says which of its tensors each input is, null for the other branch's. */
const linearHalf = (
  half: Half,
  order: readonly (Tensor | null)[],
  types: readonly Abstract[],
): Traced =>
  traceGraph((inputs) => {
    const values = new Map<Tensor, Tensor>()
    order.forEach((x, i) => {
      if (x !== null) values.set(x, inputs[i]!)
    })
    const valueOf = replay(half.entries, values)
    return half.outputs.filter((_, i) => half.unknownOutputs[i]).map(valueOf)
  }, types)

const split: NonNullable<Structural<Branches>['split']> = (
  [predicate, ...operands],
  [, ...unknown],
  params,
) => {
  const first = both(params, (branch) => halve(branch, operands, unknown, null).unknownOutputs)
  const unknownOutputs = union(first)
  const [a, b] = both(params, (branch) => halve(branch, operands, unknown, unknownOutputs))
  const knownCount = unknownOutputs.filter((flag) => !flag).length
  const knownTypes = operands.filter((_, i) => !unknown[i])
  // zeros stand for what the other branch would remember
  const extended = (half: Half, before: readonly Tensor[], after: readonly Tensor[]): Traced => {
    const traced = traceGraph((inputs) => {
      const results = evaluateGraph(half.known.graph, inputs)
      return [
        ...results.slice(0, knownCount),
        ...before.map(zerosOf),
        ...results.slice(knownCount),
        ...after.map(zerosOf),
      ]
    }, half.known.graph.inputs)
    return { graph: traced.graph, captured: half.known.captured }
  }
  const results = bindCond(
    predicate!,
    [extended(a, [], b.remembered), extended(b, a.remembered, [])],
    knownTypes,
  )
  const sources = [...a.outside, ...b.outside].map(({ source }) =>
    typeof source === 'number' ? knownTypes[source]! : source,
  )
  const inputs = [
    ...sources,
    ...results.slice(knownCount),
    ...operands.filter((_, i) => unknown[i]),
  ]
  const nothing = (list: readonly unknown[]) => list.map(() => null)
  const inside = (half: Half) => half.outside.map((x) => x.inside)
  const linear: Pair<Traced> = [
    linearHalf(
      a,
      [
        ...inside(a),
        ...nothing(b.outside),
        ...a.remembered,
        ...nothing(b.remembered),
        ...a.unknownInputs,
      ],
      inputs,
    ),
    linearHalf(
      b,
      [
        ...nothing(a.outside),
        ...inside(b),
        ...nothing(a.remembered),
        ...b.remembered,
        ...b.unknownInputs,
      ],
      inputs,
    ),
  ]
  return {
    known: results.slice(0, knownCount),
    inputs: [predicate!, ...inputs],
    rest: {
      primitive: condPrimitive,
      params: { then: linear[0].graph, otherwise: linear[1].graph } satisfies Branches,
    },
    unknownOutputs,
  }
}

const transpose: Structural<Branches>['transpose'] = (
  cotangents,
  [predicate, ...operands],
  params,
  [, ...types],
) => {
  const backward = (branch: Graph) => traceTransposed(branch, operands, types, cotangents)
  const [a, b] = both(params, backward)
  const isWanted = operands.map((x) => x === null)
  return [null, ...placed(isWanted, bindCond(predicate!, [a.traced, b.traced], a.given))]
}

const batch = (
  [predicate, ...operands]: readonly Tensor[],
  [chosen, ...given]: readonly boolean[],
  params: Branches,
  size: number,
): readonly Tensor[] => {
  const run = (branch: Graph, inputs: readonly Tensor[]) =>
    runBatched((xs) => evaluateGraph(branch, xs), inputs, given, size)
  const align = (result: ReturnType<typeof run>, i: number) =>
    result.batched[i] ? result.values[i]! : repeat(result.values[i]!, size)
  if (chosen) {
    // every example chooses for itself: compute both
    const [a, b] = both(params, (branch) => run(branch, operands))
    return a.values.map((_, i) => {
      const then = align(a, i)
      return select(broadcast(predicate!, { shape: then.shape, axes: [0] }), then, align(b, i))
    })
  }
  const traced = both(params, (branch) =>
    traceGraph((inputs) => {
      const result = run(branch, inputs)
      return result.values.map((_, i) => align(result, i))
    }, operands),
  )
  return bindCond(predicate!, traced, operands)
}

export const condPrimitive: Primitive<Branches> = define<Branches>({
  name: 'cond',
  shape: ([predicate, ...operands], { then, otherwise }) => {
    expectDType('cond', 'predicate', predicate!, truths)
    expectShape(
      predicate!.shape.length === 0,
      'cond',
      { predicate },
      'the predicate must be a scalar',
    )
    expectShape(
      then.inputs.length === operands.length,
      'cond',
      { operands },
      `the branches take ${then.inputs.length} operands`,
    )
    then.outputs.forEach((output, i) => {
      const other = otherwise.outputs[i]
      expectShape(
        other !== undefined && sameType(output, other),
        'cond',
        { then: output, otherwise: other },
        `both branches must return the same types; output ${i} differs`,
      )
    })
    return then.outputs.map(({ shape, dtype }) => ({ shape, dtype }))
  },
  derivative: { kind: 'structural', jvp, split, transpose },
  batch,
  lower: { kind: 'cond', branches: (params) => params },
})
