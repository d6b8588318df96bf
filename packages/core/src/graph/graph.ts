/**
 * A graph: a function of tensors as data, in single static assignment. It is what tracing yields, what passes rewrite, and
 * what is lowered to loops. Graphs are closed: everything they use is an input, an earlier output or a scalar literal.
 */
import type { DType } from '../dtype.ts'
import type { Primitive } from '../primitives/define.ts'
import type { Shape } from '../shape.ts'

/** What is known of a tensor without its elements. */
export interface Abstract {
  readonly shape: Shape
  readonly dtype: DType
}

/** A value of a graph: an input, or an output of exactly one equation. Compared by identity. */
export interface Variable extends Abstract {
  readonly kind: 'variable'
}

/** A scalar constant. */
export interface Literal extends Abstract {
  readonly kind: 'literal'
  readonly value: number
}

export type Atom = Variable | Literal

/** One application of a primitive. */
export interface Equation {
  readonly primitive: Primitive
  readonly inputs: readonly Atom[]
  readonly params: unknown
  readonly outputs: readonly Variable[]
}

export interface Graph {
  readonly inputs: readonly Variable[]
  readonly equations: readonly Equation[]
  readonly outputs: readonly Atom[]
}

/** A fresh variable. */
export const variable = (type: Abstract): Variable => ({
  kind: 'variable',
  shape: type.shape,
  dtype: type.dtype,
})

/** A scalar constant of a dtype. */
export const literal = (value: number, dtype: DType): Literal => ({
  kind: 'literal',
  shape: [],
  dtype,
  value,
})
