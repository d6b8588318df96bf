/** What is partly not real: padding behind sequences, around images, among the elements of sets. */
import { expandDims, Tensor, where } from '@rootstock/core'

/** Features at places, and which of the places are real. */
export interface Masked {
  /** `[n, ...places, width]`. */
  readonly x: Tensor
  /** bool `[n, ...places]`: what x holds where it is false has no influence, not even NaN. */
  readonly mask?: Tensor
}

/** x `[n, ...places, width]` with 0 at places that are not real. */
export const maskPlaces = (x: Tensor, mask: Tensor | undefined): Tensor =>
  mask === undefined ? x : where(expandDims(mask, -1), x, 0)

/** A tensor as one all of which is real. */
export const maskedOf = (input: Tensor | Masked): Masked =>
  input instanceof Tensor ? { x: input } : input
