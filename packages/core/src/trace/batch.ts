/**
 * Batching: a value may carry one more axis, always the first, that the user's function does not see. Elementwise
 * primitives need no rule of their own; the others say what their parameters become.
 */

import { broadcast } from '../primitives/broadcast.ts'
import { range } from '../shape.ts'
import { type Tensor, Tracer } from '../tensor.ts'
import { bind, currentInterpreter, type Interpreter, under } from './interpreter.ts'

class BatchTracer extends Tracer {
  readonly owner: Interpreter
  /** Batch axis first. */
  readonly value: Tensor
  constructor(owner: Interpreter, value: Tensor) {
    super()
    this.owner = owner
    this.value = value
  }
  get shape() {
    return this.value.shape.slice(1)
  }
  get dtype() {
    return this.value.dtype
  }
}

/** A tensor repeated along a new first axis. */
export const repeat = (x: Tensor, size: number): Tensor =>
  broadcast(x, { shape: [size, ...x.shape], axes: range(x.rank).map((axis) => axis + 1) })

/** Results of a batched run; a result that does not depend on the batch has no batch axis. */
export interface Batched {
  readonly values: readonly Tensor[]
  readonly batched: readonly boolean[]
}

/** Runs `f` over a batch; inputs marked in `batched` have the batch axis first. */
export const runBatched = (
  f: (inputs: readonly Tensor[]) => readonly Tensor[],
  inputs: readonly Tensor[],
  batched: readonly boolean[],
  size: number,
): Batched => {
  const parent = currentInterpreter()
  const interpreter: Interpreter = {
    process: (primitive, given, params) => {
      const own = given.map((x) => x instanceof BatchTracer && x.owner === interpreter)
      const values = given.map((x, i) => (own[i] ? (x as BatchTracer).value : x))
      return under(parent, () => {
        if (!own.includes(true)) return bind(primitive, values, params)
        const results =
          primitive.batch === 'elementwise'
            ? bind(
                primitive,
                values.map((x, i) => (own[i] ? x : repeat(x, size))),
                params,
              )
            : primitive.batch(values, own, params, size)
        return results.map((x) => new BatchTracer(interpreter, x))
      })
    },
  }
  const results = under(interpreter, () =>
    f(inputs.map((x, i) => (batched[i] ? new BatchTracer(interpreter, x) : x))),
  )
  const own = results.map((x) => x instanceof BatchTracer && x.owner === interpreter)
  return { values: results.map((x, i) => (own[i] ? (x as BatchTracer).value : x)), batched: own }
}

/** Runs `f` over a batch; all results have the batch axis first. */
export const batchOf = (
  f: (inputs: readonly Tensor[]) => readonly Tensor[],
  inputs: readonly Tensor[],
  batched: readonly boolean[],
  size: number,
): Tensor[] => {
  const results = runBatched(f, inputs, batched, size)
  return results.values.map((x, i) => (results.batched[i] ? x : repeat(x, size)))
}
