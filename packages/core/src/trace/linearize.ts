/**
 * Linearisation: run a function once in forward mode, doing everything that does not depend on the tangents at once
 * and keeping the rest, which is linear, on a tape. Residuals are simply the tensors the tape mentions. Reverse mode is
 * this followed by transposition, so no operation needs a second hand-written derivative.
 */
import type { Abstract } from '../graph/graph.ts'
import { zerosOf } from '../primitives/broadcast.ts'
import type { Primitive } from '../primitives/define.ts'
import { type Tensor, Tracer } from '../tensor.ts'
import { bind, currentInterpreter, type Interpreter, under } from './interpreter.ts'
import { jvpOf } from './jvp.ts'

/** A value that depends linearly on the tape's inputs. */
export class LinearTracer extends Tracer {
  readonly owner: Interpreter
  readonly shape: Abstract['shape']
  readonly dtype: Abstract['dtype']
  constructor(owner: Interpreter, type: Abstract) {
    super()
    this.owner = owner
    this.shape = type.shape
    this.dtype = type.dtype
  }
}

/** One linear application: inputs are tape values or known tensors (residuals). */
export interface TapeEntry {
  readonly primitive: Primitive
  readonly inputs: readonly Tensor[]
  readonly params: never
  readonly outputs: readonly LinearTracer[]
}

/** A linear function from inputs to outputs; a null output is zero. */
export interface Tape {
  readonly owner: Interpreter
  readonly inputs: readonly LinearTracer[]
  readonly entries: readonly TapeEntry[]
  readonly outputs: readonly (LinearTracer | null)[]
}

/** True when x is a value of this tape. */
export const isOnTape = (tape: { readonly owner: Interpreter }, x: Tensor): x is LinearTracer =>
  x instanceof LinearTracer && x.owner === tape.owner

/** Runs `f` with the marked inputs unknown: the known part runs now, the rest is recorded. */
export const record = <T>(
  f: (inputs: readonly Tensor[], builder: Interpreter) => T,
  known: readonly (Tensor | null)[],
  types: readonly Abstract[],
  parent: Interpreter,
): {
  readonly result: T
  readonly owner: Interpreter
  readonly inputs: LinearTracer[]
  readonly entries: TapeEntry[]
} => {
  const entries: TapeEntry[] = []
  const keep = (
    primitive: Primitive,
    inputs: readonly Tensor[],
    params: never,
    results: readonly Abstract[],
  ) => {
    const outputs = results.map((type) => new LinearTracer(builder, type))
    entries.push({ primitive, inputs, params, outputs })
    return outputs
  }
  const builder: Interpreter = {
    process: (primitive, inputs, params) => {
      const unknown = inputs.map((x) => x instanceof LinearTracer && x.owner === builder)
      return under(parent, () => {
        if (!unknown.includes(true)) return bind(primitive, inputs, params)
        const rule = primitive.derivative
        const parts = rule.kind === 'structural' ? rule.split?.(inputs, unknown, params) : undefined
        if (parts === undefined) {
          return keep(primitive, inputs, params, primitive.shape(inputs, params))
        }
        const { rest } = parts
        const linear =
          rest === null
            ? []
            : keep(
                rest.primitive,
                parts.inputs,
                rest.params as never,
                rest.primitive.shape(parts.inputs, rest.params as never),
              )
        let k = 0
        let u = 0
        return parts.unknownOutputs.map((isUnknown) =>
          isUnknown ? linear[u++]! : parts.known[k++]!,
        )
      })
    },
  }
  const inputs: LinearTracer[] = []
  const mixed = types.map((type, i) => {
    const value = known[i] ?? null
    if (value !== null) return value
    const tracer = new LinearTracer(builder, type)
    inputs.push(tracer)
    return tracer
  })
  const result = f(mixed, builder)
  return { result, owner: builder, inputs, entries }
}

/** Outputs of `f` at `primals`, and its derivative there as a tape over the inputs marked in `wanted`. */
export const linearizeAt = (
  f: (inputs: readonly Tensor[]) => readonly Tensor[],
  primals: readonly Tensor[],
  wanted: readonly boolean[] = primals.map(() => true),
): { readonly outputs: readonly Tensor[]; readonly tape: Tape } => {
  const types = primals.filter((_, i) => wanted[i])
  const { result, owner, inputs, entries } = record(
    (tangents, builder) => {
      let t = 0
      const all = primals.map((_, i) => (wanted[i] ? tangents[t++]! : null))
      return jvpOf(f, primals, all, builder)
    },
    types.map(() => null),
    types,
    currentInterpreter(),
  )
  const outputs = result.tangents.map((x) => (x !== null && isOnTape({ owner }, x) ? x : null))
  return { outputs: result.outputs, tape: { owner, inputs, entries, outputs } }
}

/** Zero for every null. */
export const instantiate = (
  values: readonly (Tensor | null)[],
  like: readonly Abstract[],
): Tensor[] => values.map((x, i) => x ?? zerosOf(like[i]!))
