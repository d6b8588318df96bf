/** Lowering: from a graph to a program. Passes rewrite the graph, the schedule makes tasks, tasks become steps, buffers get places. */
import type { Buffer, Program } from '../loop/loop.ts'
import { cellFor } from './cell.ts'
import { emitTasks } from './emitTasks.ts'
import { createEmitter } from './emitter.ts'
import { loadAll } from './expression.ts'
import type { Graph } from './graph.ts'
import { optimize } from './optimize.ts'
import { livesOf, place } from './plan.ts'
import { schedule } from './schedule.ts'

/**
 * The program that computes a graph. Each input and each output position has a buffer of its own; intermediates share one
 * arena. The bits of the results do not depend on what was fused.
 *
 * @example
 * ```ts
 * import { add, lower, placeholder, type Tensor, trace } from '@rootstock/core'
 * const { graph } = trace((x: Tensor) => add(x, 1))(placeholder([4]))
 * console.log(lower(graph).steps.length) // 1
 * ```
 */
export const lower = (graph: Graph): Program => {
  const optimized = optimize(graph)
  const inputs = optimized.inputs.map((x, position) => cellFor(x, { kind: 'input', position }))
  const outputs = optimized.outputs.map((x, position) => cellFor(x, { kind: 'output', position }))
  const tasks = schedule(
    optimized,
    inputs.map((cell, i) => loadAll(cell, optimized.inputs[i]!.shape)),
    outputs,
  )
  const emitter = createEmitter()
  for (const cell of [...inputs, ...outputs]) emitter.number(cell)
  const steps = emitTasks(emitter, tasks)
  const plan = place(livesOf(steps, emitter.cells))
  const buffers = emitter.cells.map(
    ({ dtype, length, place: fixed }, buffer): Buffer => ({
      dtype,
      length,
      place: fixed ?? { kind: 'arena', offset: plan.offsets.get(buffer) ?? 0 },
    }),
  )
  return {
    buffers,
    inputs: inputs.length,
    outputs: outputs.map(emitter.number),
    constants: [],
    arenaBytes: plan.bytes,
    steps,
  }
}
