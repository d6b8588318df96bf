/** What is drawn: boxes with text and arrows between them, before anything has a place. */

/** What a box stands for; each has its own colour. */
export type BoxKind = 'argument' | 'captured' | 'constant' | 'operation'

/** One value of a graph. */
export interface Box {
  readonly kind: BoxKind
  readonly title: string
  /** Dtype and shape. */
  readonly type: string
  /** Elements, a line for each row; empty when they are not known. */
  readonly value: readonly string[]
  /** Partial derivative of the result with respect to each element, likewise. */
  readonly partial: readonly string[]
  /** True for results of the function. */
  readonly isResult: boolean
}

/** From the box that makes a value to one that uses it; `port` counts the inputs of the latter. */
export interface Arrow {
  readonly from: number
  readonly to: number
  readonly port: number
}

/** Boxes by number, each after those it uses. */
export interface Diagram {
  readonly boxes: readonly Box[]
  readonly arrows: readonly Arrow[]
}
