/**
 * `checkpoint`: a function whose intermediates are not kept for its derivative but computed again when it is needed. The
 * linear part of its derivative takes the function's inputs as residuals, nothing else (Griewank and Walther, Algorithm
 * 799: Revolve, 2000). The compiler inlines it after it has removed common subexpressions, so the second computation
 * stays one.
 */
import type { Abstract, Graph } from '../graph/graph.ts'
import type { Tensor } from '../tensor.ts'
import { batchOf } from '../trace/batch.ts'
import { evaluateGraph, type Traced, traceGraph } from '../trace/graph.ts'
import { bind, currentInterpreter, under } from '../trace/interpreter.ts'
import { jvpOf } from '../trace/jvp.ts'
import { isOnTape, record } from '../trace/linearize.ts'
import { transposeTape } from '../trace/transpose.ts'
import { zerosOf } from './broadcast.ts'
import { define, type Primitive, type Structural } from './define.ts'

/** The function, closed. */
export interface Recomputed {
  readonly graph: Graph
}

/** Applies a traced function as one checkpointed operation. */
export const bindCheckpoint = (
  { graph, captured }: Traced,
  inputs: readonly Tensor[],
): readonly Tensor[] => bind(checkpointPrimitive, [...captured, ...inputs], { graph })

const jvp: Structural<Recomputed>['jvp'] = (primals, tangents, { graph }) => {
  let moved: boolean[] = []
  const inputs = [...primals, ...tangents.filter((x) => x !== null)]
  const traced = traceGraph((given) => {
    let next = primals.length
    const result = jvpOf(
      (xs) => evaluateGraph(graph, xs),
      given.slice(0, primals.length),
      tangents.map((x) => (x === null ? null : given[next++]!)),
      currentInterpreter(),
    )
    moved = result.tangents.map((x) => x !== null)
    return [...result.outputs, ...result.tangents.filter((x) => x !== null)]
  }, inputs)
  const results = bindCheckpoint(traced, inputs)
  let next = graph.outputs.length
  return {
    outputs: results.slice(0, next),
    tangents: moved.map((flag) => (flag ? results[next++]! : null)),
  }
}

/** Runs the graph with some inputs unknown, recording what depends on them. */
const recordGraph = (graph: Graph, known: readonly (Tensor | null)[], types: readonly Abstract[]) =>
  record(
    (xs, builder) => under(builder, () => evaluateGraph(graph, xs)),
    known,
    types,
    currentInterpreter(),
  )

const split: NonNullable<Structural<Recomputed>['split']> = (inputs, unknown, { graph }) => {
  let unknownOutputs: boolean[] = []
  const knownInputs = inputs.filter((_, i) => !unknown[i])
  const known = traceGraph((given) => {
    let next = 0
    const all = inputs.map((_, i) => (unknown[i] ? null : given[next++]!))
    const { result, owner } = recordGraph(graph, all, inputs)
    unknownOutputs = result.map((x) => isOnTape({ owner }, x))
    return result.filter((_, i) => !unknownOutputs[i])
  }, knownInputs)
  const rest: Graph = { ...graph, outputs: graph.outputs.filter((_, i) => unknownOutputs[i]) }
  return {
    known: bindCheckpoint(known, knownInputs),
    inputs,
    rest: {
      primitive: checkpointPrimitive,
      params: { graph: rest } satisfies Recomputed,
    },
    unknownOutputs,
  }
}

const transpose: Structural<Recomputed>['transpose'] = (cotangents, inputs, { graph }, types) => {
  const known = inputs.filter((x) => x !== null)
  const given = [...known, ...cotangents]
  const traced = traceGraph((values) => {
    let next = 0
    const {
      result,
      owner,
      inputs: unknown,
      entries,
    } = recordGraph(
      graph,
      inputs.map((x) => (x === null ? null : values[next++]!)),
      types,
    )
    const outputs = result.map((x) => (isOnTape({ owner }, x) ? x : null))
    const found = transposeTape(
      { owner, inputs: unknown, entries, outputs },
      values.slice(known.length),
    )
    return found.map((x, i) => x ?? zerosOf(unknown[i]!))
  }, given)
  const results = bindCheckpoint(traced, given)
  let next = 0
  return inputs.map((x) => (x === null ? results[next++]! : null))
}

export const checkpointPrimitive: Primitive<Recomputed> = define<Recomputed>({
  name: 'checkpoint',
  shape: (_, { graph }) => graph.outputs.map(({ shape, dtype }) => ({ shape, dtype })),
  derivative: { kind: 'structural', jvp, split, transpose },
  batch: (inputs, batched, { graph }, size) =>
    bindCheckpoint(
      traceGraph((xs) => batchOf((ys) => evaluateGraph(graph, ys), xs, batched, size), inputs),
      inputs,
    ),
  lower: { kind: 'inline', graph: ({ graph }) => graph },
})
