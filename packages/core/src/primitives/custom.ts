/**
 * Functions with a hand-written reverse rule. `custom` computes the function; where a derivative is wanted it runs the
 * rule's forward half and leaves a `customLinear` on the tape, whose transpose is the rule's backward half. Forward mode
 * through a reverse rule does not exist, and says so.
 */
import type { Abstract, Graph } from '../graph/graph.ts'
import type { Tensor } from '../tensor.ts'
import { batchOf } from '../trace/batch.ts'
import { evaluateGraph, traceGraph } from '../trace/graph.ts'
import { bind } from '../trace/interpreter.ts'
import { reduceSum, zerosOf } from './broadcast.ts'
import { define, type Primitive } from './define.ts'

/** The halves of a reverse rule, on flat lists. */
export interface ReverseRule {
  /** Outputs, and what the backward half wants to remember. */
  readonly forward: (inputs: readonly Tensor[]) => {
    readonly outputs: readonly Tensor[]
    readonly residuals: readonly Tensor[]
  }
  /** Cotangents of all inputs. */
  readonly backward: (
    residuals: readonly Tensor[],
    cotangents: readonly Tensor[],
  ) => readonly Tensor[]
}

/** A function as a graph, with its rule. Leading inputs that the graph captured are concrete constants. */
export interface Custom extends ReverseRule {
  readonly graph: Graph
  readonly captured: number
}

/** The linear map whose transpose is a backward half. Inputs: residuals, then tangents. */
export interface CustomLinear {
  readonly residuals: number
  readonly outputs: readonly Abstract[]
  readonly backward: ReverseRule['backward']
}

const reverseOnly = 'its rule is for reverse mode only: it has no forward-mode derivative'

export const customLinearPrimitive: Primitive<CustomLinear> = define<CustomLinear>({
  name: 'customLinear',
  shape: (_, { outputs }) => outputs,
  derivative: {
    kind: 'linear',
    transpose: (cotangents, inputs, { residuals, backward }) => [
      ...inputs.slice(0, residuals).map(() => null),
      ...backward(
        inputs.slice(0, residuals).map((x) => x!),
        cotangents,
      ),
    ],
  },
  batch: (inputs, batched, params, size) => {
    const aligned = inputs.map((x, i) =>
      batched[i] ? x : batchOf((xs) => xs, [x], [false], size)[0]!,
    )
    return bind(customLinearPrimitive, aligned, {
      residuals: params.residuals,
      outputs: params.outputs.map(({ shape, dtype }) => ({ dtype, shape: [size, ...shape] })),
      backward: batchedBackward(params.backward, size),
    })
  },
  lower: { kind: 'none', operation: 'customVjp', because: reverseOnly },
})

const batchedBackward =
  (backward: ReverseRule['backward'], size: number): ReverseRule['backward'] =>
  (residuals, cotangents) => {
    const all = [...residuals, ...cotangents]
    const run = (xs: readonly Tensor[]) =>
      backward(xs.slice(0, residuals.length), xs.slice(residuals.length))
    return batchOf(
      run,
      all,
      all.map(() => true),
      size,
    )
  }

const batchedForward =
  (
    forward: ReverseRule['forward'],
    batched: readonly boolean[],
    size: number,
  ): ReverseRule['forward'] =>
  (inputs) => {
    let count = 0
    const flat = batchOf(
      (xs) => {
        const result = forward(xs)
        count = result.outputs.length
        return [...result.outputs, ...result.residuals]
      },
      inputs,
      batched,
      size,
    )
    return { outputs: flat.slice(0, count), residuals: flat.slice(count) }
  }

/** Cotangents of inputs that all examples share are summed over the examples. */
const sumShared =
  (backward: ReverseRule['backward'], batched: readonly boolean[]): ReverseRule['backward'] =>
  (residuals, cotangents) =>
    backward(residuals, cotangents).map((x, i) => (batched[i] ? x : reduceSum(x, { axes: [0] })))

export const customPrimitive: Primitive<Custom> = define<Custom>({
  name: 'custom',
  shape: (_, { graph }) => graph.outputs.map(({ shape, dtype }) => ({ shape, dtype })),
  derivative: {
    kind: 'structural',
    jvp: (primals, tangents, params) => {
      const { captured, forward, backward } = params
      const moves = tangents.slice(captured)
      if (moves.every((x) => x === null)) {
        const outputs = bind(customPrimitive, primals, params)
        return { outputs, tangents: outputs.map(() => null) }
      }
      const inputs = primals.slice(captured)
      const { outputs, residuals } = forward(inputs)
      const linear = bind(
        customLinearPrimitive,
        [...residuals, ...moves.map((x, i) => x ?? zerosOf(inputs[i]!))],
        {
          residuals: residuals.length,
          outputs: outputs.map(({ shape, dtype }) => ({ shape, dtype })),
          backward,
        },
      )
      return { outputs, tangents: linear }
    },
    transpose: () => {
      throw new Error('custom is never part of a tape: its tangent is customLinear')
    },
  },
  batch: (inputs, batched, { captured, graph, forward, backward }, size) => {
    const traced = traceGraph(
      (xs) => batchOf((ys) => evaluateGraph(graph, ys), xs, batched, size),
      inputs,
    )
    return bind(customPrimitive, [...traced.captured, ...inputs], {
      graph: traced.graph,
      captured: traced.captured.length + captured,
      forward: batchedForward(forward, batched.slice(captured), size),
      backward: sumShared(batchedBackward(backward, size), batched.slice(captured)),
    })
  },
  lower: { kind: 'inline', graph: ({ graph }) => graph },
})
