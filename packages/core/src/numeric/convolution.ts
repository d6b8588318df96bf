/** Convolution over any number of axes of space, channels last. */
import { ArgumentError, ShapeError } from '../errors.ts'
import { type Convolving, convolve, convolveAdjoint } from '../primitives/convolve.ts'
import { convert } from '../primitives/elementwise.ts'
import * as primitive from '../primitives/movement.ts'
import { range } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { type Operand, resultType, single } from './operand.ts'
import { type PerAxis, padsOf, perAxis, reach, type SpatialPadding, spaceOf } from './spatial.ts'

/** How a kernel slides over space. */
export interface Convolution {
  /** From one place of the kernel to the next. Default 1. */
  readonly stride?: PerAxis
  /**
   * Zeros around space. `same` keeps its size under stride 1, with the odd zero at the end; `causal` puts all zeros of `same` in front,
   * so that no place sees what comes after it; `valid` is none. Default 0.
   */
  readonly padding?: SpatialPadding | 'same' | 'valid' | 'causal'
  /** From one entry of the kernel to the next. Default 1. */
  readonly dilation?: PerAxis
  /** Channels in so many blocks that do not see each other; as many as channels is depthwise. Default 1. */
  readonly groups?: number
}

/** How the kernel of `transposedConvolution` is spread. */
export interface TransposedConvolution {
  readonly stride?: PerAxis
  /** What the convolution this is the adjoint of would have padded: so much is cut here. Default 0. */
  readonly padding?: SpatialPadding
  /** Entries added at the end of each axis, to tell apart inputs that the stride makes equally large. Default 0. */
  readonly outputPadding?: PerAxis
  readonly dilation?: PerAxis
  readonly groups?: number
}

const floats = (operation: string, x: Operand, w: Operand): readonly [Tensor, Tensor] => {
  const [a, b] = [single(operation, x, 'float'), single(operation, w, 'float', 'w')]
  const dtype = resultType([a, b])
  return [convert(a, { dtype }), convert(b, { dtype })]
}

const expectKernel = (
  operation: string,
  { x, w, groups }: { readonly x: Tensor; readonly w: Tensor; readonly groups: number },
  inPerGroup: number,
  fits: boolean,
): void => {
  const isDivisor = Number.isInteger(groups) && groups >= 1 && x.shape.at(-1)! % groups === 0
  if (!isDivisor) {
    throw new ArgumentError({
      operation,
      inputs: { x, groups },
      rule: `groups must be a whole number of at least 1 that divides the channels of x (${x.shape.at(-1)})`,
    })
  }
  if (w.rank === x.rank && w.shape.at(-2) === inPerGroup && fits) return
  throw new ShapeError({
    operation,
    inputs: { x, w, groups },
    rule:
      w.rank === x.rank && w.shape.at(-2) === inPerGroup
        ? `groups (${groups}) must divide the output channels of w (${w.shape.at(-1)})`
        : `w must be [...window, in, out] with in = ${inPerGroup} and a window axis for each axis of space (${x.rank - 2})`,
  })
}

/** The kernel `[...window, in per group, out]` with groups as an axis: `[...window, groups, in, out per group]`. */
const grouped = (w: Tensor, groups: number): Tensor => {
  const window = w.shape.slice(0, -2)
  const [inside, out] = w.shape.slice(-2) as [number, number]
  const apart = primitive.reshape(w, { shape: [...window, inside, groups, out / groups] })
  const d = window.length
  return primitive.transpose(apart, { permutation: [...range(d), d + 1, d, d + 2] })
}

/** x `[n, ...space, channels]` and a grouped kernel to `[n, ...places, out]`. */
const slide = (x: Tensor, kernel: Tensor, params: Convolving): Tensor => {
  const [groups, inside] = kernel.shape.slice(-3) as [number, number]
  const apart = primitive.reshape(x, { shape: [...x.shape.slice(0, -1), groups, inside] })
  const y = convolve(apart, kernel, params)
  const last = y.rank - 1
  const moved = primitive.transpose(y, { permutation: [...range(last).slice(1), 0, last] })
  return primitive.reshape(moved, {
    shape: [...moved.shape.slice(0, -2), groups * moved.shape.at(-1)!],
  })
}

const convolutionPads = (
  padding: NonNullable<Convolution['padding']>,
  reaches: readonly number[],
): readonly (readonly [number, number])[] => {
  if (padding === 'causal') return reaches.map((size) => [size - 1, 0])
  if (padding === 'same') {
    return reaches.map((size) => [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)])
  }
  return padsOf('convolution', padding === 'valid' ? 0 : padding, reaches.length)
}

/**
 * Convolution as the field means it (cross-correlation: the kernel is not turned) of x `[n, ...space, in]` with w
 * `[...window, in / groups, out]` to `[n, ...places, out]`, for any number of axes of space:
 * y[p, o] = sum over entries e of the window and channels c of x[p stride + e dilation - before, c] w[e, c, o].
 * (LeCun et al., Gradient-based learning applied to document recognition, 1998; dilation: Yu and Koltun, 2016.)
 * @example
 * ```ts
 * import { convolution, ones } from '@rootstock/core'
 * const images = ones([8, 28, 28, 1])
 * console.log(convolution(images, ones([3, 3, 1, 16]), { padding: 'same', stride: 2 }).shape) // [8, 14, 14, 16]
 * ```
 */
export const convolution = (
  x: Operand,
  w: Operand,
  { stride = 1, padding = 0, dilation = 1, groups = 1 }: Convolution = {},
): Tensor => {
  const [input, kernel] = floats('convolution', x, w)
  const d = spaceOf('convolution', input)
  expectKernel(
    'convolution',
    { x: input, w: kernel, groups },
    input.shape.at(-1)! / groups,
    kernel.shape.at(-1)! % groups === 0,
  )
  const steps = perAxis('convolution', 'stride', stride, d)
  const dilations = perAxis('convolution', 'dilation', dilation, d)
  const reaches = dilations.map((one, i) => reach({ size: kernel.shape[i]!, dilation: one }))
  return slide(input, grouped(kernel, groups), {
    stride: steps,
    dilation: dilations,
    padding: convolutionPads(padding, reaches),
  })
}

/**
 * The adjoint of `convolution` in its input, also called deconvolution: x `[n, ...space, in]` and w `[...window, in, out / groups]` to
 * `[n, ...space', out]`, where size' = (size - 1) stride - before - after + dilation (window - 1) + outputPadding + 1
 * (Zeiler et al., Deconvolutional networks, 2010).
 * @example
 * ```ts
 * import { ones, transposedConvolution } from '@rootstock/core'
 * const maps = ones([8, 7, 7, 16])
 * console.log(transposedConvolution(maps, ones([2, 2, 16, 4]), { stride: 2 }).shape) // [8, 14, 14, 4]
 * ```
 */
export const transposedConvolution = (
  x: Operand,
  w: Operand,
  {
    stride = 1,
    padding = 0,
    outputPadding = 0,
    dilation = 1,
    groups = 1,
  }: TransposedConvolution = {},
): Tensor => {
  const operation = 'transposedConvolution'
  const [input, kernel] = floats(operation, x, w)
  const d = spaceOf(operation, input)
  expectKernel(operation, { x: input, w: kernel, groups }, input.shape.at(-1)!, true)
  const steps = perAxis(operation, 'stride', stride, d)
  const dilations = perAxis(operation, 'dilation', dilation, d)
  const extra = perAxis(operation, 'outputPadding', outputPadding, d, 0)
  const pads = padsOf(operation, padding, d)
  // a convolution's kernel takes what here comes out: [...window, groups, out per group, in per group]
  const [inside, out] = kernel.shape.slice(-2) as [number, number]
  const window = kernel.shape.slice(0, -2)
  const blocks = primitive.reshape(kernel, { shape: [...window, groups, inside / groups, out] })
  const turned = primitive.transpose(blocks, { permutation: [...range(d + 1), d + 2, d + 1] })
  const places = primitive.reshape(input, {
    shape: [...input.shape.slice(0, -1), groups, inside / groups],
  })
  const ct = primitive.transpose(places, { permutation: [d + 1, ...range(d + 1), d + 2] })
  const space = pads.map(([before, after], i) => {
    const length = input.shape[i + 1]!
    const spread = length === 0 ? 0 : (length - 1) * steps[i]! + 1
    const margin = reach({ size: window[i]!, dilation: dilations[i]! }) - 1
    return Math.max(0, spread + margin - before - after + extra[i]!)
  })
  const [n, dtype] = [input.shape[0]!, input.dtype]
  const y = convolveAdjoint(
    ct,
    turned,
    { shape: [n, ...space, groups, out], dtype },
    { stride: steps, dilation: dilations, padding: pads },
  )
  return primitive.reshape(y, { shape: [n, ...space, groups * out] })
}
