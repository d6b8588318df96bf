/** Convolutions of one channel, written with windows. */

import type { Tensor } from '@rootstock/core'
import * as core from '@rootstock/core'

/** x [n] with a kernel [k], without padding; other axes of x are batch axes. */
export const convolved1d = (x: Tensor, kernel: Tensor): Tensor =>
  core.matmul(core.windows(x, { size: kernel.size }), kernel)

/** x [h, w] with a kernel [i, j], without padding. */
export const convolved2d = (x: Tensor, kernel: Tensor): Tensor => {
  const [rows, columns] = kernel.shape as [number, number]
  const both = core.windows(core.windows(x, { size: rows, axis: 0 }), { size: columns, axis: 1 })
  return core.einsum('hwij,ij->hw', both, kernel)
}
