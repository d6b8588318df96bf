/** Changing the resolution of space, channels last. */
import { ArgumentError } from '../errors.ts'
import { reshape, transpose } from '../primitives/movement.ts'
import { range } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { lerp } from './arithmetic.ts'
import { tensor } from './creation.ts'
import { take } from './indexing.ts'
import { type Operand, single } from './operand.ts'
import { type PerAxis, perAxis, spaceOf } from './spatial.ts'

/** The new size of space, and how it is filled. */
export interface Resampling {
  /** Entries of each axis of space. */
  readonly space: PerAxis
  /** `nearest`: entry i is floor(i old / new) (default). `linear`: between the two nearest entries of each axis. */
  readonly mode?: 'nearest' | 'linear'
  /** Where entries lie: `centres` of cells that fill space (default), or the outer ones on its `corners`. For `linear`. */
  readonly align?: 'centres' | 'corners'
}

/** Positions among old entries that `count` new ones show, not rounded. */
const sources = (length: number, count: number, align: 'centres' | 'corners'): number[] =>
  range(count).map((i) =>
    align === 'corners'
      ? (i * (length - 1)) / Math.max(1, count - 1)
      : Math.max(0, ((i + 0.5) * length) / count - 0.5),
  )

const nearest = (x: Tensor, axis: number, count: number): Tensor => {
  const length = x.shape[axis]!
  const from = range(count).map((i) => Math.floor((i * length) / count))
  return take(x, tensor(Int32Array.from(from)), { axis })
}

const linear = (x: Tensor, axis: number, count: number, align: 'centres' | 'corners'): Tensor => {
  const last = x.shape[axis]! - 1
  const positions = sources(last + 1, count, align)
  const low = Int32Array.from(positions, (position) => Math.min(Math.floor(position), last))
  const high = Int32Array.from(low, (position) => Math.min(position + 1, last))
  const share = Float64Array.from(positions, (position, i) => position - low[i]!)
  const shape = x.shape.slice(axis).map((_, i) => (i === 0 ? count : 1))
  return lerp(
    take(x, tensor(low), { axis }),
    take(x, tensor(high), { axis }),
    tensor(share, { shape, dtype: x.dtype }),
  )
}

/**
 * x `[n, ...space, channels]` at another resolution, each axis by itself (bilinear for two axes).
 * @example
 * ```ts
 * import { resample, tensor } from '@rootstock/core'
 * const signal = tensor([0, 2], { shape: [1, 2, 1] })
 * console.log(resample(signal, { space: 4 }).data()) // Float32Array(4) [ 0, 0, 2, 2 ]
 * console.log(resample(signal, { space: 3, mode: 'linear', align: 'corners' }).data()) // Float32Array(3) [ 0, 1, 2 ]
 * ```
 */
export const resample = (
  x: Operand,
  { space, mode = 'nearest', align = 'centres' }: Resampling,
): Tensor => {
  const given = single('resample', x, 'float')
  return perAxis('resample', 'space', space, spaceOf('resample', given)).reduce(
    (y, count, i) =>
      y.shape[i + 1] === count
        ? y
        : mode === 'nearest'
          ? nearest(y, i + 1, count)
          : linear(y, i + 1, count, align),
    given,
  )
}

/**
 * Channels moved into space: x `[n, ...space, channels * factor^d]` to `[n, ...space * factor, channels]` for d axes of space; the
 * channels of one place follow each other channel first, then in row-major order (Shi et al., Sub-pixel convolution, 2016).
 * @example
 * ```ts
 * import { pixelShuffle, tensor } from '@rootstock/core'
 * const signal = tensor([[[1, 2], [3, 4]]])
 * console.log(pixelShuffle(signal, 2).data()) // Float32Array(4) [ 1, 2, 3, 4 ]
 * ```
 */
export const pixelShuffle = (x: Operand, factor: number): Tensor => {
  const given = single('pixelShuffle', x, 'any')
  const d = spaceOf('pixelShuffle', given)
  const channels = given.shape.at(-1)! / factor ** d
  if (!Number.isInteger(factor) || factor < 1 || !Number.isInteger(channels)) {
    throw new ArgumentError({
      operation: 'pixelShuffle',
      inputs: { x: given, factor },
      rule: `factor must be a whole number of at least 1, and factor^${d} must divide the channels`,
    })
  }
  const space = given.shape.slice(1, -1)
  const apart = reshape(given, {
    shape: [given.shape[0]!, ...space, channels, ...space.map(() => factor)],
  })
  const woven = range(d).flatMap((i) => [i + 1, d + 2 + i])
  return reshape(transpose(apart, { permutation: [0, ...woven, d + 1] }), {
    shape: [given.shape[0]!, ...space.map((size) => size * factor), channels],
  })
}
