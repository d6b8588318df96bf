/**
 * The tensor a user holds: an immutable n-dimensional array. Concrete tensors point to a storage cell; the other
 * subclasses are tracers, through which interpreters watch a function run. User code cannot tell which it has, except
 * that reading the elements of a tracer is an error that says what to do instead.
 */
import { readStorage, type Storage } from './backends/storage.ts'
import type { DType, TypedArray } from './dtype.ts'
import { ShapeError, TraceError } from './errors.ts'
import { describe, type Shape, sizeOf } from './shape.ts'

/** Numbers nested to the depth of a tensor's rank. */
export type Nested = number | boolean | readonly Nested[]

/** An immutable n-dimensional array of one dtype. */
export abstract class Tensor {
  abstract readonly shape: Shape
  abstract readonly dtype: DType

  /** The storage cell; tracers throw. `operation` is what the user called. */
  abstract storage(operation: string): Storage

  /** Number of axes. */
  get rank(): number {
    return this.shape.length
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape)
  }

  /** A copy of the elements in row-major order. */
  data(): TypedArray {
    return readStorage(this.storage('data')).slice()
  }

  /** The only element, as a number. */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError({
        operation: 'item',
        inputs: { x: this },
        rule: 'x must have exactly one element',
        hint: 'toArray reads all of them',
      })
    }
    return Number(readStorage(this.storage('item'))[0])
  }

  /** The elements as nested arrays; booleans for dtype bool. */
  toArray(): Nested {
    const flat = readStorage(this.storage('toArray'))
    const nest = (axis: number, from: number, size: number): Nested => {
      if (axis === this.rank) return this.dtype === 'bool' ? flat[from] !== 0 : flat[from]!
      const length = this.shape[axis]!
      const step = length === 0 ? 0 : size / length
      return Array.from({ length }, (_, i) => nest(axis + 1, from + i * step, step))
    }
    return nest(0, 0, this.size)
  }

  toString(): string {
    return describe(this)
  }
}

/** A tensor with elements. */
export class Concrete extends Tensor {
  readonly shape: Shape
  readonly dtype: DType
  readonly #storage: Storage

  constructor(storage: Storage, shape: Shape) {
    super()
    this.shape = shape
    this.dtype = storage.dtype
    this.#storage = storage
  }

  storage(operation: string): Storage {
    if (this.#storage.donated) {
      throw new TraceError({
        operation,
        inputs: { x: this },
        rule: 'x was donated to a jitted function and its memory now holds something else',
        hint: 'use the result of that call instead, or do not donate this argument',
      })
    }
    return this.#storage
  }

  override toString(): string {
    return this.size <= 64 ? `${describe(this)} ${JSON.stringify(this.toArray())}` : describe(this)
  }
}

/** A tensor inside a transformation. */
export abstract class Tracer extends Tensor {
  storage(operation: string): never {
    throw new TraceError({
      operation,
      inputs: { x: this },
      rule: 'x is traced: it stands for every possible value and has no elements yet',
      hint: 'use where or cond to depend on a value, or return it from the traced function and read it outside',
    })
  }
}

/** True for tensors with elements. */
export const isConcrete = (x: Tensor): x is Concrete => x instanceof Concrete
