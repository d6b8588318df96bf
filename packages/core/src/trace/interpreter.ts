/**
 * Interpreters give primitives their meaning. Exactly one is current; `bind` hands it every application. A
 * transformation runs the user's function under its own interpreter, whose tracers carry their owner, and processes
 * each application under the interpreter that was current before (its parent). Nesting is composition, and a tracer
 * of an outer transformation is an ordinary constant to an inner one, so perturbations never mix.
 */
import type { Primitive } from '../primitives/define.ts'
import type { Tensor } from '../tensor.ts'

/** Meaning of primitives. */
export interface Interpreter {
  readonly process: (
    primitive: Primitive,
    inputs: readonly Tensor[],
    params: never,
  ) => readonly Tensor[]
}

let current: Interpreter | null = null
let base: Interpreter | null = null

/** The interpreter in force. */
export const currentInterpreter = (): Interpreter => {
  const found = current ?? base
  if (found === null) throw new Error('no evaluator is installed')
  return found
}

/** Sets the interpreter below all others, which computes with elements. */
export const installEvaluator = (evaluator: Interpreter): void => {
  base = evaluator
}

/** True when no transformation is running. */
export const isEager = (): boolean => current === null || current === base

/** Runs `f` with another interpreter in force. */
export const under = <T>(interpreter: Interpreter, f: () => T): T => {
  const saved = current
  current = interpreter
  try {
    return f()
  } finally {
    current = saved
  }
}

/** Applies a primitive. */
export const bind = <P>(
  primitive: Primitive<P>,
  inputs: readonly Tensor[],
  params: P,
): readonly Tensor[] => currentInterpreter().process(primitive, inputs, params as never)

/** Applies a primitive that has one output. */
export const bind1 = <P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P): Tensor =>
  bind(primitive, inputs, params)[0]!
