/** Graphs of which only some inputs are known: what the derivatives of loops, branches and checkpoints have in common. */
import type { Abstract, Graph } from '../graph/graph.ts'
import { isConcrete, type Tensor } from '../tensor.ts'
import { evaluateGraph, type Traced, traceGraph } from './graph.ts'
import { bind, currentInterpreter, under } from './interpreter.ts'
import { jvpOf } from './jvp.ts'
import { instantiate, isOnTape, record, type TapeEntry } from './linearize.ts'
import { transposeTape } from './transpose.ts'

type Maybe = Tensor | null

/** The given tensors in the marked places, null in the others. */
export const placed = (marks: readonly boolean[], given: readonly Tensor[]): Maybe[] => {
  let next = 0
  return marks.map((mark) => (mark ? given[next++]! : null))
}

/** Runs a graph with its unknown inputs, those that are null, on a tape. */
export const recordGraph = (graph: Graph, known: readonly Maybe[], types: readonly Abstract[]) => {
  const { result, owner, inputs, entries } = record(
    (xs, builder) => under(builder, () => evaluateGraph(graph, xs)),
    known,
    types,
    currentInterpreter(),
  )
  const outputs = result.map((x) => (isOnTape({ owner }, x) ? x : null))
  return { result, tape: { owner, inputs, entries, outputs } }
}

/** Tensors that a tape or the given results of it use and that are not its own; scalar constants need no passing on. */
export const residualsOf = (
  tape: ReturnType<typeof recordGraph>['tape'],
  results: readonly Tensor[],
): Tensor[] => {
  const used = [...tape.entries.flatMap(({ inputs }) => inputs), ...results]
  return [...new Set(used)].filter((x) => !isOnTape(tape, x) && !(isConcrete(x) && x.rank === 0))
}

/** Applies the entries of a tape, with `values` in place of the tensors it mentions; yields what stands for each tensor. */
export const replay = (
  entries: readonly TapeEntry[],
  values: Map<Tensor, Tensor>,
): ((x: Tensor) => Tensor) => {
  const valueOf = (x: Tensor): Tensor => values.get(x) ?? x
  for (const { primitive, inputs, params, outputs } of entries) {
    const results = bind(primitive, inputs.map(valueOf), params)
    outputs.forEach((x, i) => {
      values.set(x, results[i]!)
    })
  }
  return valueOf
}

/** Outputs and tangents of a graph; a null tangent is zero. */
export const jvpGraph = (graph: Graph, primals: readonly Tensor[], tangents: readonly Maybe[]) =>
  jvpOf((xs) => evaluateGraph(graph, xs), primals, tangents, currentInterpreter())

/** Cotangents of the unknown inputs of a graph that is linear in them; null is zero. */
export const transposeGraph = (
  graph: Graph,
  known: readonly Maybe[],
  types: readonly Abstract[],
  cotangents: readonly Tensor[],
): Maybe[] => transposeTape(recordGraph(graph, known, types).tape, cotangents)

/** `transposeGraph` as a graph of the known inputs, followed by the cotangents. */
export const traceTransposed = (
  graph: Graph,
  inputs: readonly Maybe[],
  types: readonly Abstract[],
  cotangents: readonly Tensor[],
): { readonly traced: Traced; readonly given: readonly Tensor[] } => {
  const known = inputs.filter((x) => x !== null)
  const given = [...known, ...cotangents]
  const traced = traceGraph((values) => {
    const all = placed(
      inputs.map((x) => x !== null),
      values,
    )
    const found = transposeGraph(graph, all, types, values.slice(known.length))
    return instantiate(
      found,
      types.filter((_, i) => inputs[i] === null),
    )
  }, given)
  return { traced, given }
}
