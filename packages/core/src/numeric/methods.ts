/**
 * Methods of tensors: sugar for a dozen functions that chain well. They are attached here and not written in the class, so
 * that the class does not depend on the functions that depend on it.
 */
import type { Shape } from '../shape.ts'
import { Tensor } from '../tensor.ts'
import { add, div, mul, pow, sub } from './arithmetic.ts'
import { exp, log, sqrt } from './exponential.ts'
import { matmul } from './linear.ts'
import { reshape, transpose } from './movement.ts'
import type { Operand } from './operand.ts'
import { mean, type Reduction, sum } from './reductions.ts'
import { neg } from './rounding.ts'

declare module '../tensor.ts' {
  interface Tensor {
    /** This + other. */
    add(other: Operand): Tensor
    /** This - other. */
    sub(other: Operand): Tensor
    /** This * other. */
    mul(other: Operand): Tensor
    /** This / other. */
    div(other: Operand): Tensor
    /** This to a power. */
    pow(exponent: Operand): Tensor
    /** Minus this. */
    neg(): Tensor
    /** e to this. */
    exp(): Tensor
    /** Natural logarithm. */
    log(): Tensor
    /** Square root. */
    sqrt(): Tensor
    /** Matrix product. */
    matmul(other: Operand): Tensor
    /** Sum over axes, all by default. */
    sum(options?: Reduction): Tensor
    /** Mean over axes, all by default. */
    mean(options?: Reduction): Tensor
    /** The same elements under another shape. */
    reshape(shape: Shape): Tensor
    /** Axes reordered, reversed by default. */
    transpose(axes?: readonly number[]): Tensor
  }
}

/** The function as a method that takes the tensor as its first argument. */
const attach = <A extends readonly unknown[]>(
  name: string,
  f: (x: Tensor, ...args: A) => Tensor,
): void => {
  Object.defineProperty(Tensor.prototype, name, {
    value: function method(this: Tensor, ...args: A): Tensor {
      return f(this, ...args)
    },
  })
}

attach('add', add)
attach('sub', sub)
attach('mul', mul)
attach('div', div)
attach('pow', pow)
attach('neg', neg)
attach('exp', exp)
attach('log', log)
attach('sqrt', sqrt)
attach('matmul', matmul)
attach('sum', sum)
attach('mean', mean)
attach('reshape', reshape)
attach('transpose', transpose)
