/**
 * The primitive: one record that says everything about one operation. Interpreters and the compiler read records and never
 * switch over names. The derivative is a closed sum, so "not differentiable" is said with a reason instead of being a gap.
 */
import type { DType } from '../dtype.ts'
import type { Abstract, Graph } from '../graph/graph.ts'
import type { View } from '../graph/view.ts'
import type { ReduceOp, Scalar, Statement } from '../loop/loop.ts'
import type { Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'

/** Contribution of one input's tangent to the tangent of output 0. */
export type Partial<P> = (
  tangent: Tensor,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  params: P,
) => Tensor

/**
 * Cotangents of the inputs from the cotangents of the outputs. `inputs[i]` is null where input i is unknown, that is where
 * a cotangent is wanted; its shape and dtype are in `types[i]`. Entries for known inputs are ignored.
 */
export type Transpose<P> = (
  cotangents: readonly Tensor[],
  inputs: readonly (Tensor | null)[],
  params: P,
  types: readonly Abstract[],
) => readonly (Tensor | null)[]

/** What interpreters need of operations that contain graphs. */
export interface Structural<P> {
  /** Outputs and their tangents; a null tangent is zero. */
  readonly jvp: (
    primals: readonly Tensor[],
    tangents: readonly (Tensor | null)[],
    params: P,
  ) => { readonly outputs: readonly Tensor[]; readonly tangents: readonly (Tensor | null)[] }
  /** Splits an application into what the known inputs determine and a linear rest; absent: wholly linear. */
  readonly split?: (
    inputs: readonly Tensor[],
    unknown: readonly boolean[],
    params: P,
  ) => {
    readonly known: readonly Tensor[]
    readonly inputs: readonly Tensor[]
    readonly rest: { readonly primitive: Primitive; readonly params: unknown } | null
    readonly unknownOutputs: readonly boolean[]
  }
  readonly transpose: Transpose<P>
}

/** How an operation is differentiated. */
export type Derivative<P> =
  /** Linear in the listed inputs together (all by default), the others held fixed. */
  | {
      readonly kind: 'linear'
      readonly of?: readonly number[]
      readonly transpose: Transpose<P>
      /** Cheaper tangents when some are zero, one rule per input. */
      readonly partials?: readonly (Partial<P> | null)[]
    }
  /** Linear in each of its two inputs when the other is held fixed. */
  | { readonly kind: 'bilinear'; readonly transpose: Transpose<P> }
  /** Differentiable: one rule per input, null where nothing flows. `transpose` when it is linear in some input. */
  | {
      readonly kind: 'smooth'
      readonly partials: readonly (Partial<P> | null)[]
      readonly transpose?: Transpose<P>
    }
  /** Contains graphs: loops, branches, calls. */
  | ({ readonly kind: 'structural' } & Structural<P>)
  /** Zero almost everywhere. */
  | { readonly kind: 'constant'; readonly because: string }
  /** Asking is an error, and this is the message. */
  | { readonly kind: 'undefined'; readonly because: string }

/** Inputs with the batch axis first, where `batched[i]`; results all have the batch axis first. */
export type Batch<P> = (
  inputs: readonly Tensor[],
  batched: readonly boolean[],
  params: P,
  size: number,
) => readonly Tensor[]

/** A dense row-major tensor inside a kernel. */
export interface Block extends Abstract {
  readonly buffer: number
}

/** What a `loops` lowering works with. */
export interface LoopContext {
  readonly inputs: readonly Block[]
  readonly outputs: readonly Block[]
  /** A fresh loop index id. */
  readonly index: () => number
  /** A fresh local id. */
  readonly local: () => number
  /** A fresh uninitialised buffer that lives as long as the kernel. */
  readonly scratch: (dtype: DType, length: number) => number
}

/** How an operation becomes loops. */
export type Lowering<P> =
  /** One scalar expression per element; all inputs and the output have the same shape. */
  | {
      readonly kind: 'map'
      readonly scalar: (inputs: readonly Scalar[], params: P, output: Abstract) => Scalar
    }
  /** The same elements seen differently; null when no strided view can say it, then the input is made dense first. */
  | {
      readonly kind: 'view'
      readonly view: (input: View, params: P, output: Abstract) => View | null
    }
  /** A function of the flat position; small inputs are read by `element(input, position)`. */
  | {
      readonly kind: 'generate'
      readonly scalar: (
        position: Scalar,
        element: (input: number, position: number) => Scalar,
        params: P,
        output: Abstract,
      ) => Scalar
    }
  /** Combines input 0 over `axes(params)`, in increasing axis order. */
  | {
      readonly kind: 'reduce'
      readonly op: (params: P) => ReduceOp
      readonly axes: (params: P) => readonly number[]
    }
  /**
   * Sum of products; see contract.ts for the meaning of the axes, which are those of the left input as `left` sees it, after
   * zeros were put before and after its axes as `margin` says, or entries cut where that is negative.
   */
  | {
      readonly kind: 'contract'
      readonly axes: (params: P) => ContractionAxes
      readonly margin?: (params: P) => readonly (readonly [before: number, after: number])[]
      readonly left?: (input: View, params: P, right: Abstract) => View
      /** True where each of many batches has one column and sums one channel of windows; a question of shapes alone. */
      readonly depthwise?: (params: P, right: Abstract) => boolean
      /** For contractions whose right inputs may become one: what puts these side by side, and what takes parts of the output. */
      readonly beside?: {
        readonly whole: Primitive<{ readonly axis: number }>
        readonly part: Primitive<Slicing>
      }
    }
  /** Writes its one output by copying each input into a region of it; `fill` is written first where regions leave gaps. */
  | {
      readonly kind: 'place'
      readonly regions: (
        inputs: readonly Abstract[],
        params: P,
      ) => {
        readonly fill: number | null
        readonly starts: readonly Shape[]
        readonly steps: Shape
      }
    }
  /** Free-form statements over dense buffers. */
  | {
      readonly kind: 'loops'
      readonly build: (context: LoopContext, params: P) => readonly Statement[]
    }
  /** The equation is replaced by this graph's equations. */
  | { readonly kind: 'inline'; readonly graph: (params: P) => Graph }
  /** A loop over slices: inputs are constants, carries, then stacked inputs; outputs are carries, then stacked outputs. */
  | { readonly kind: 'scan'; readonly loop: (params: P) => ScanLoop }
  /** Input 0 chooses a graph; both take the other inputs. */
  | { readonly kind: 'cond'; readonly branches: (params: P) => { then: Graph; otherwise: Graph } }
  /** Never reaches the compiler unless a derivative was asked for that does not exist; says so for what the user called. */
  | { readonly kind: 'none'; readonly operation: string; readonly because: string }

/** A strided box: element i of the result is element `start + i step` of the input, per axis. */
export interface Slicing {
  readonly start: Shape
  readonly shape: Shape
  readonly step: Shape
}

/** Axes of a contraction: output axes are batch, then free axes of the left, then of the right, in the listed order. */
export interface ContractionAxes {
  readonly batch: readonly (readonly [left: number, right: number])[]
  readonly sum: readonly (readonly [left: number, right: number])[]
}

/** A scan: body inputs are constants, carries, slices; body outputs are carries, slices. */
export interface ScanLoop {
  readonly body: Graph
  readonly length: number
  readonly reverse: boolean
  readonly constants: number
  readonly carries: number
}

/** One operation. Shapes are strict: primitives never broadcast and never promote. */
export interface Primitive<P = never> {
  readonly name: string
  /** How drawings write it, where mathematics has a sign for it. */
  readonly symbol?: string
  /** Shapes and dtypes of the outputs; throws `ShapeError` or `DTypeError`. */
  readonly shape: (inputs: readonly Abstract[], params: P) => readonly Abstract[]
  readonly derivative: Derivative<P>
  readonly batch: 'elementwise' | Batch<P>
  readonly lower: Lowering<P>
}

/** A primitive together with its way of being applied. */
export const define = <P>(primitive: Primitive<P>): Primitive<P> => primitive
