/**
 * `checkpoint`: a function whose intermediates are not kept for its derivative but computed again when it is needed. The
 * linear part of its derivative takes the function's inputs as residuals, nothing else (Griewank and Walther, Algorithm
 * 799: Revolve, 2000). The compiler inlines it after it has removed common subexpressions, so the second computation
 * stays one.
 */
import type { Graph } from '../graph/graph.ts'
import type { Tensor } from '../tensor.ts'
import { batchOf } from '../trace/batch.ts'
import { evaluateGraph, type Traced, traceGraph } from '../trace/graph.ts'
import { bind } from '../trace/interpreter.ts'
import { jvpGraph, placed, recordGraph, traceTransposed } from '../trace/partial.ts'
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
  const moving = tangents.map((x) => x !== null)
  const inputs = [...primals, ...tangents.filter((x) => x !== null)]
  const traced = traceGraph((given) => {
    const directions = placed(moving, given.slice(primals.length))
    const result = jvpGraph(graph, given.slice(0, primals.length), directions)
    moved = result.tangents.map((x) => x !== null)
    return [...result.outputs, ...result.tangents.filter((x) => x !== null)]
  }, inputs)
  const results = bindCheckpoint(traced, inputs)
  const count = graph.outputs.length
  return { outputs: results.slice(0, count), tangents: placed(moved, results.slice(count)) }
}

const split: NonNullable<Structural<Recomputed>['split']> = (inputs, unknown, { graph }) => {
  let unknownOutputs: boolean[] = []
  const isKnown = unknown.map((flag) => !flag)
  const knownInputs = inputs.filter((_, i) => isKnown[i])
  const known = traceGraph((given) => {
    const { result, tape } = recordGraph(graph, placed(isKnown, given), inputs)
    unknownOutputs = tape.outputs.map((x) => x !== null)
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
  const { traced, given } = traceTransposed(graph, inputs, types, cotangents)
  const isWanted = inputs.map((x) => x === null)
  return placed(isWanted, bindCheckpoint(traced, given))
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
