/** Convolution, pooling and resolution. The files keep channels second, the framework last. */
import type { Convolution, Tensor } from '@rootstock/core'
import * as core from '@rootstock/core'
import type { Adapter, Adapters, Arguments } from '../arguments.ts'

/** [n, c, ...space] as [n, ...space, c]. */
export const channelsLast = (x: Tensor): Tensor => core.moveAxis(x, 1, -1)

/** And back. */
export const channelsSecond = (x: Tensor): Tensor => core.moveAxis(x, -1, 1)

/** A kernel [a, b, ...window] as [...window, b, a]. */
export const kernelOf = (w: Tensor): Tensor => core.moveAxis(core.moveAxis(w, 0, -1), 0, -2)

const onSpace =
  (f: (x: Tensor, args: Arguments) => Tensor): Adapter =>
  (args) =>
    channelsSecond(f(channelsLast(args.tensor('x')), args))

const shifted = (y: Tensor, args: Arguments): Tensor => {
  const bias = args.optional('bias')
  return bias === undefined ? y : core.add(y, bias)
}

const paddingOf = (args: Arguments): NonNullable<Convolution['padding']> => {
  const padding = args.raw('padding')
  return padding === 'same' || padding === 'valid' ? padding : args.numbers('padding')
}

const convolution = onSpace((x, args) =>
  shifted(
    core.convolution(x, kernelOf(args.tensor('weight')), {
      stride: args.numbers('stride'),
      padding: paddingOf(args),
      dilation: args.numbers('dilation'),
      groups: args.number('groups'),
    }),
    args,
  ),
)

const transposed = onSpace((x, args) => {
  const kernel = core.swapAxes(kernelOf(args.tensor('weight')), -1, -2)
  const y = core.transposedConvolution(x, kernel, {
    stride: args.numbers('stride'),
    padding: args.numbers('padding'),
    outputPadding: args.numbers('output_padding'),
    dilation: args.numbers('dilation'),
    groups: args.number('groups'),
  })
  return shifted(y, args)
})

const pooling = (args: Arguments) => ({
  size: args.numbers('size'),
  stride: args.numbers('stride'),
  padding: args.numbers('padding'),
  partial: args.flag('ceil_mode'),
})

const maxPool = onSpace((x, args) =>
  core.maxPool(x, { ...pooling(args), dilation: args.numbers('dilation') }),
)

const averagePool = onSpace((x, args) =>
  core.averagePool(x, { ...pooling(args), countPadding: args.flag('count_include_pad') }),
)

const adaptiveAveragePool = onSpace((x, args) =>
  core.adaptiveAveragePool(x, { places: args.numbers('size') }),
)

const patches = (args: Arguments) => ({
  size: args.numbers('size'),
  stride: args.numbers('stride'),
  padding: args.numbers('padding'),
  dilation: args.numbers('dilation'),
})

/** [n, c * kh * kw, L] from [n, ph, pw, kh, kw, c]. */
const unfold: Adapter = (args) => {
  const found = core.unfold(channelsLast(args.tensor('x')), patches(args))
  const [n, ph, pw, kh, kw, c] = found.shape as [number, number, number, number, number, number]
  return core.reshape(core.transpose(found, [0, 5, 3, 4, 1, 2]), [n, c * kh * kw, ph * pw])
}

const fold: Adapter = (args) => {
  const x = args.tensor('x')
  const options = { ...patches(args), space: args.numbers('output') }
  const [kh, kw] = options.size as [number, number]
  const channels = x.shape[1]! / (kh * kw)
  const places = options.space.map((size, i) => {
    const reach = options.dilation[i]! * (options.size[i]! - 1) + 1
    return Math.floor((size + 2 * options.padding[i]! - reach) / options.stride[i]!) + 1
  })
  const apart = core.reshape(x, [x.shape[0]!, channels, kh, kw, ...places])
  return channelsSecond(core.fold(core.transpose(apart, [0, 4, 5, 2, 3, 1]), options))
}

export const spatial: Adapters = {
  conv1d: convolution,
  conv2d: convolution,
  conv3d: convolution,
  conv_transpose1d: transposed,
  conv_transpose2d: transposed,
  max_pool1d: maxPool,
  max_pool2d: maxPool,
  avg_pool1d: averagePool,
  avg_pool2d: averagePool,
  adaptive_avg_pool1d: adaptiveAveragePool,
  adaptive_avg_pool2d: adaptiveAveragePool,
  adaptive_max_pool2d: onSpace((x, args) =>
    core.adaptiveMaxPool(x, { places: args.numbers('size') }),
  ),
  unfold,
  fold,
  upsample_nearest2d: onSpace((x, args) => {
    const scale = args.numbers('scale')
    return core.resample(x, { space: scale.map((factor, i) => factor * x.shape[i + 1]!) })
  }),
  upsample_bilinear2d: onSpace((x, args) =>
    core.resample(x, {
      space: args.numbers('size'),
      mode: 'linear',
      align: args.flag('align_corners') ? 'corners' : 'centres',
    }),
  ),
  pixel_shuffle: onSpace((x, args) => core.pixelShuffle(x, args.number('r'))),
}
