/** What the laws are about: any layer or trunk, as a function of features at places and of what is real. */
import { type Key, random, type Tensor } from '@rootstock/core'
import type { Layer, Mode } from '@rootstock/heads'

/** Features at places, all of which are real without a mask. */
export interface Places {
  readonly x: Tensor
  readonly mask?: Tensor
}

/** What becomes of places that are not real. */
export type Masking =
  /** Outputs have no places. */
  | 'pools'
  /** Outputs are 0 there. */
  | 'zeros'
  /** Outputs there are of no meaning, and inputs there must be finite. */
  | 'passes'

/** A layer or trunk to test. */
export interface Subject {
  // biome-ignore lint/suspicious/noExplicitAny: subjects of all parameters stand in one table
  readonly init: (key: Key) => any
  /** A tree of tensors, the first axis of each of which is that of examples. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly apply: (params: any, places: Places, mode: Mode) => unknown
  /** Of the input: three examples. */
  readonly shape: readonly number[]
  /** The input is made of whole numbers below this. Default: of normal numbers. */
  readonly codes?: number
  /** Whether an example's output depends on the others of its batch in training. */
  readonly mixes?: boolean
  /** For subjects that take a mask `[3, places]`. */
  readonly masking?: Masking
  /** There must be as many places as the shape says. */
  readonly isFixed?: boolean
  /** Mean square of fresh outputs for inputs of mean square 1: exact by design, or between bounds. */
  readonly meanSquare: number | readonly [least: number, most: number]
}

type Rest = Omit<Subject, 'init' | 'apply' | 'shape' | 'meanSquare'>

/** A layer from a tensor to a tree of tensors. */
export const plain = <Params>(
  layer: Layer<Params, Tensor, unknown>,
  shape: readonly number[],
  meanSquare: Subject['meanSquare'],
  rest: Rest = {},
): Subject => ({
  init: layer.init,
  apply: (params, { x }, mode) => layer.apply(params, x, mode),
  shape,
  meanSquare,
  ...rest,
})

/** A layer that takes x and its mask in one record. */
export const masked = <Params>(
  layer: Layer<Params, Places, unknown>,
  shape: readonly number[],
  meanSquare: Subject['meanSquare'],
  masking: Masking,
  rest: Rest = {},
): Subject => ({ init: layer.init, apply: layer.apply, shape, meanSquare, masking, ...rest })

/** An input of a subject. */
export const inputOf = (
  { shape, codes }: Subject,
  key: Key,
  dtype: 'float32' | 'float64',
): Tensor =>
  codes === undefined
    ? random.normal(key, shape, { dtype })
    : random.integers(key, shape, { high: codes })
