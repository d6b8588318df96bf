/**
 * Forward mode: every value carries its derivative along one direction (tangent). A null tangent is zero and costs
 * nothing. The rules come from the primitive's record; this file only adds up the contributions of the inputs.
 */
import { isFloat } from '../dtype.ts'
import { NotDifferentiable } from '../errors.ts'
import { zerosOf } from '../primitives/broadcast.ts'
import type { Derivative, Partial, Primitive } from '../primitives/define.ts'
import { add } from '../primitives/elementwise.ts'
import { type Tensor, Tracer } from '../tensor.ts'
import { bind, type Interpreter, under } from './interpreter.ts'

/** A value with its tangent. */
class JvpTracer extends Tracer {
  readonly owner: Interpreter
  readonly primal: Tensor
  readonly tangent: Tensor
  constructor(owner: Interpreter, primal: Tensor, tangent: Tensor) {
    super()
    this.owner = owner
    this.primal = primal
    this.tangent = tangent
  }
  get shape() {
    return this.primal.shape
  }
  get dtype() {
    return this.primal.dtype
  }
}

type Tangents = readonly (Tensor | null)[]

const sum = (terms: readonly Tensor[]): Tensor | null =>
  terms.length === 0 ? null : terms.reduce((a, b) => add(a, b))

const byPartials = (
  partials: readonly (Partial<never> | null)[],
  tangents: Tangents,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  params: never,
): Tensor | null =>
  sum(
    tangents.flatMap((tangent, i) => {
      const partial = partials[i] ?? null
      return tangent === null || partial === null ? [] : [partial(tangent, inputs, outputs, params)]
    }),
  )

const linearTangents = (
  primitive: Primitive,
  rule: Extract<Derivative<never>, { kind: 'linear' }>,
  inputs: readonly Tensor[],
  tangents: Tangents,
  outputs: readonly Tensor[],
  params: never,
): Tangents => {
  const positions = rule.of ?? inputs.map((_, i) => i)
  const moving = positions.filter((i) => tangents[i] !== null)
  if (moving.length === 0) return outputs.map(() => null)
  if (moving.length < positions.length && rule.partials !== undefined) {
    return [byPartials(rule.partials, tangents, inputs, outputs, params)]
  }
  const moved = inputs.map((x, i) => (positions.includes(i) ? (tangents[i] ?? zerosOf(x)) : x))
  return bind(primitive, moved, params)
}

/** Outputs and tangents of one application. */
const applyJvp = (
  primitive: Primitive,
  inputs: readonly Tensor[],
  tangents: Tangents,
  params: never,
): { readonly outputs: readonly Tensor[]; readonly tangents: Tangents } => {
  const rule = primitive.derivative
  if (rule.kind === 'structural') return rule.jvp(inputs, tangents, params)
  if (rule.kind === 'undefined') {
    throw new NotDifferentiable({
      operation: primitive.name,
      inputs: Object.fromEntries(inputs.map((x, i) => [`input ${i}`, x])),
      rule: rule.because,
    })
  }
  const outputs = bind(primitive, inputs, params)
  switch (rule.kind) {
    case 'constant':
      return { outputs, tangents: outputs.map(() => null) }
    case 'linear':
      return {
        outputs,
        tangents: linearTangents(primitive, rule, inputs, tangents, outputs, params),
      }
    case 'bilinear': {
      const terms = tangents.flatMap((tangent, i) =>
        tangent === null ? [] : bind(primitive, inputs.toSpliced(i, 1, tangent), params),
      )
      return { outputs, tangents: [sum(terms)] }
    }
    case 'smooth':
      return { outputs, tangents: [byPartials(rule.partials, tangents, inputs, outputs, params)] }
  }
}

/** Runs `f` on values with tangents; a null tangent is zero, in and out. */
export const jvpOf = (
  f: (inputs: readonly Tensor[]) => readonly Tensor[],
  primals: readonly Tensor[],
  tangents: Tangents,
  parent: Interpreter,
): { readonly outputs: readonly Tensor[]; readonly tangents: Tangents } => {
  const interpreter: Interpreter = {
    process: (primitive, inputs, params) => {
      const own = inputs.map((x) => (x instanceof JvpTracer && x.owner === interpreter ? x : null))
      return under(parent, () => {
        if (own.every((x) => x === null)) return bind(primitive, inputs, params)
        const result = applyJvp(
          primitive,
          inputs.map((x, i) => own[i]?.primal ?? x),
          own.map((x) => x?.tangent ?? null),
          params,
        )
        return result.outputs.map((output, i) => {
          const tangent = result.tangents[i] ?? null
          return tangent === null || !isFloat(output.dtype)
            ? output
            : new JvpTracer(interpreter, output, tangent)
        })
      })
    },
  }
  const wrapped = primals.map((x, i) => {
    const tangent = tangents[i] ?? null
    return tangent === null ? x : new JvpTracer(interpreter, x, tangent)
  })
  const outputs = under(interpreter, () => f(wrapped))
  const mine = (x: Tensor) => (x instanceof JvpTracer && x.owner === interpreter ? x : null)
  return {
    outputs: outputs.map((x) => mine(x)?.primal ?? x),
    tangents: outputs.map((x) => mine(x)?.tangent ?? null),
  }
}
