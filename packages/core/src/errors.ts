/**
 * Errors of the programmer, thrown in one fixed form: the function the user called, its inputs with dtype and shape, the
 * rule that failed and, when one can be computed, a hint. `within` adds the path of the layer or task.
 */
import { describe, type Shape } from './shape.ts'

/** What an error is made of. */
export interface ErrorParts {
  /** The function the user called. */
  readonly operation: string
  /** Named inputs: tensors are described by dtype and shape, other values are printed. */
  readonly inputs?: Readonly<Record<string, unknown>>
  /** One sentence: the rule that does not hold. */
  readonly rule: string
  /** One sentence, only when it can be computed. */
  readonly hint?: string | undefined
}

const paths: string[] = []

/** Runs `f`; errors thrown meanwhile say that they happened at this path (`trunk/layers/0`). */
export const within = <T>(path: string, f: () => T): T => {
  paths.push(path)
  try {
    return f()
  } finally {
    paths.pop()
  }
}

const isType = (value: unknown): value is { dtype: string; shape: Shape } =>
  typeof value === 'object' &&
  value !== null &&
  'dtype' in value &&
  'shape' in value &&
  Array.isArray(value.shape)

const show = (value: unknown): string =>
  isType(value)
    ? describe(value)
    : Array.isArray(value)
      ? `[${value.map(show).join(', ')}]`
      : String(value)

const message = (name: string, parts: ErrorParts): string => {
  const at = paths.length === 0 ? '' : `, at ${paths.join('/')}`
  const rows = Object.entries(parts.inputs ?? {}).map(([key, value]) => [key, show(value)] as const)
  const lines = [...rows, ['rule', parts.rule] as const]
  if (parts.hint !== undefined) lines.push(['hint', parts.hint])
  const width = Math.max(...lines.map(([key]) => key.length))
  return [
    `${name} in ${parts.operation}${at}`,
    ...lines.map(([key, text]) => `  ${key.padEnd(width)}  ${text}`),
  ].join('\n')
}

/** Shapes that do not fit together. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
  constructor(parts: ErrorParts) {
    super(message('ShapeError', parts))
  }
}

/** Element types that an operation does not take. */
export class DTypeError extends Error {
  override readonly name = 'DTypeError'
  constructor(parts: ErrorParts) {
    super(message('DTypeError', parts))
  }
}

/** A traced value used as if it were concrete, a transformation used wrongly, or a donated tensor used again. */
export class TraceError extends Error {
  override readonly name = 'TraceError'
  constructor(parts: ErrorParts) {
    super(message('TraceError', parts))
  }
}

/** A derivative was asked for where none exists; the message says why. */
export class NotDifferentiable extends Error {
  override readonly name = 'NotDifferentiable'
  constructor(parts: ErrorParts) {
    super(message('NotDifferentiable', parts))
  }
}

/** An argument outside its allowed values. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError'
  constructor(parts: ErrorParts) {
    super(message('ArgumentError', parts))
  }
}

/** Memory that a backend asked for and did not get. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory'
  constructor(parts: ErrorParts) {
    super(message('OutOfMemory', parts))
  }
}
