/**
 * The loop IR: what every backend executes. A kernel is a list of statements over flat buffers; scalars are pure
 * expressions of about thirty operations, so that a backend is a total table over them plus nine statements. Meaning is
 * fixed to the bit: every float operation rounds once to its dtype, reductions name their order, nothing may be
 * reassociated or contracted. Transcendental functions do not exist here; `transcendental.ts` expands them.
 */
import type { DType, TypedArray } from '../dtype.ts'

/** One argument, result of the same dtype except where noted. */
export type UnaryOp =
  | 'neg' // sign flip for floats (also of NaN and 0), wrapping negation for int32
  | 'abs'
  | 'floor'
  | 'ceil'
  | 'nearest' // half to even
  | 'trunc'
  | 'sqrt'
  | 'not' // bool
  | 'convert' // to the node's dtype: float -> int32 truncates and saturates (NaN -> 0), any -> bool is `x != 0`
  | 'significand' // of a normal positive float: in [1, 2)
  | 'exponent' // of a normal positive float: its unbiased exponent, int32
  | 'pow2' // 2^k for a whole float k within the normal range, 0 for the k below it; some number for NaN

/** Two arguments of one dtype, result of the same dtype, except comparisons (bool). */
export type BinaryOp =
  | 'add' // int32 wraps
  | 'sub'
  | 'mul'
  | 'div' // int32: toward zero, x / 0 = 0, wraps
  | 'rem' // int32 only: sign of the dividend, x rem 0 = 0
  | 'min' // floats: NaN if either is NaN, -0 < 0
  | 'max'
  | 'and' // int32 bits or bool
  | 'or'
  | 'xor'
  | 'shl' // int32, shift count taken modulo 32
  | 'shr' // int32, logical: fills with zeros
  | 'eq' // comparisons give bool; NaN compares false
  | 'lt'
  | 'le'

/** Affine function of loop indices, in elements: `base + sum(stride * index) + (offset ?? 0)`. */
export interface Address {
  readonly base: number
  readonly terms: readonly { readonly index: number; readonly stride: number }[]
  /** A data-dependent int32 part (gather, sort); absent in ordinary accesses. */
  readonly offset?: Scalar
}

/** A pure scalar expression. Sharing of a node means one evaluation, within one statement. */
export type Scalar =
  | { readonly op: 'const'; readonly dtype: DType; readonly value: number }
  | { readonly op: 'index'; readonly dtype: 'int32'; readonly at: Address }
  | { readonly op: 'load'; readonly dtype: DType; readonly buffer: number; readonly at: Address }
  | { readonly op: 'local'; readonly dtype: DType; readonly id: number }
  | { readonly op: UnaryOp; readonly dtype: DType; readonly args: readonly [Scalar] }
  | { readonly op: BinaryOp; readonly dtype: DType; readonly args: readonly [Scalar, Scalar] }
  | {
      readonly op: 'select' // (condition: bool, then, otherwise)
      readonly dtype: DType
      readonly args: readonly [Scalar, Scalar, Scalar]
    }

/** How a reduction combines; identities are 0, 1, +infinity (int32: its maximum), -infinity (int32: its minimum). */
export type ReduceOp = 'add' | 'mul' | 'min' | 'max'

/** Where a reduction starts. */
export const identityOf = (op: ReduceOp, dtype: DType): number => {
  if (op === 'add') return 0
  if (op === 'mul') return 1
  const [low, high] = dtype === 'int32' ? [-(2 ** 31), 2 ** 31 - 1] : [-Infinity, Infinity]
  return op === 'min' ? high : low
}

/** Accumulators of a `lanes` reduction. */
export const laneCount = 16

/** `count` elements, each `stride` after the one before. */
export interface Steps {
  readonly count: number
  readonly stride: number
}

/**
 * How the elements along an axis lie: nested steps, outermost first, whose counts multiply to its size; none for a size of 1.
 * Windows of a convolution are an axis with steps for each axis of space.
 */
export type Walk = readonly Steps[]

/** One operand of a contraction: where element (0, 0) lies, and the others from there. */
export interface Panel {
  readonly buffer: number
  readonly at: Address
  readonly rows: Walk
  readonly columns: Walk
}

/** A statement. Ids of locals and indices are unique within a kernel; a local is visible until its block ends. */
export type Statement =
  | { readonly kind: 'let'; readonly id: number; readonly value: Scalar }
  | { readonly kind: 'var'; readonly id: number; readonly value: Scalar } // mutable local
  | { readonly kind: 'set'; readonly id: number; readonly value: Scalar } // assigns a `var`
  | {
      readonly kind: 'store'
      readonly buffer: number
      readonly at: Address
      readonly value: Scalar
    }
  | {
      /** Runs `body` for index 0 .. extent-1 in order; `parallel` promises that iterations are independent. */
      readonly kind: 'for'
      readonly index: number
      readonly extent: number
      readonly parallel: boolean
      readonly body: readonly Statement[]
    }
  | {
      /**
       * Binds local `id` to the reduction of `value` over index 0 .. extent-1. `sequence`: one accumulator in order.
       * `lanes`: element i goes to accumulator i mod laneCount, in order; then accumulators fold pairwise, halving:
       * a[j] = op(a[j], a[j + w]) for w = 8, 4, 2, 1. Accumulators start at the identity.
       */
      readonly kind: 'reduce'
      readonly id: number
      readonly op: ReduceOp
      readonly dtype: DType
      readonly order: 'sequence' | 'lanes'
      readonly index: number
      readonly extent: number
      readonly body: readonly Statement[] // lets and reduces that `value` uses, stores of elements that no other i touches
      readonly value: Scalar
    }
  | { readonly kind: 'while'; readonly condition: Scalar; readonly body: readonly Statement[] }
  | {
      readonly kind: 'if'
      readonly condition: Scalar
      readonly then: readonly Statement[]
      readonly otherwise: readonly Statement[]
    }
  | {
      /**
       * c[i, j] = sum over l of a[i, l] * b[l, j]: one accumulator from 0, l in order. Product and sum are each rounded; a
       * backend that says `fused` rounds float32 and float64 products together with their sums instead.
       */
      readonly kind: 'contract'
      readonly dtype: 'float32' | 'float64' | 'int32'
      readonly rows: number
      readonly columns: number
      readonly depth: number
      readonly a: Panel // rows x depth
      readonly b: Panel // depth x columns
      readonly c: Panel // rows x columns, written; never overlaps a or b; its walks have at most one step
    }

/** One unit of work: statements over the program's buffers. */
export interface Kernel {
  readonly name: string
  readonly body: readonly Statement[]
}

/** Where a buffer's elements are while the program runs. */
export type Place =
  | { readonly kind: 'input'; readonly position: number }
  | { readonly kind: 'output'; readonly position: number }
  | { readonly kind: 'constant'; readonly position: number } // into Program.constants
  | { readonly kind: 'arena'; readonly offset: number } // bytes, a multiple of 64
  | { readonly kind: 'slice' } // moved by the loop step that declares it

/** A flat run of elements, known to kernels by its number. */
export interface Buffer {
  readonly dtype: DType
  readonly length: number
  readonly place: Place
}

/** Inside a loop step, `buffer` stands for the `stride` elements of `source` that belong to the current iteration. */
export interface Slice {
  readonly buffer: number
  readonly source: number
  readonly stride: number
}

/** What a program does, in order. */
export type Step =
  | { readonly kind: 'kernel'; readonly kernel: Kernel }
  | {
      readonly kind: 'copy' // whole buffers of equal dtype and length
      readonly from: number
      readonly to: number
    }
  | {
      /** `count` iterations; iteration t (or count-1-t when reversed) sees its slices; carries are copied at its end. */
      readonly kind: 'loop'
      readonly count: number
      readonly reverse: boolean
      readonly slices: readonly Slice[]
      readonly carries: readonly { readonly from: number; readonly to: number }[]
      readonly body: readonly Step[]
    }
  | {
      readonly kind: 'branch' // on element 0 of a bool or int32 buffer
      readonly predicate: number
      readonly then: readonly Step[]
      readonly otherwise: readonly Step[]
    }

/** A compiled unit: one call runs all steps. */
export interface Program {
  readonly buffers: readonly Buffer[]
  readonly inputs: number // how many; buffers name them by position
  readonly outputs: readonly number[] // buffer of each output position; every output buffer has place 'output'
  readonly constants: readonly TypedArray[]
  readonly arenaBytes: number
  readonly steps: readonly Step[]
}
