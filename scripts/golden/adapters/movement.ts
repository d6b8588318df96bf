/** Moving, choosing and placing elements, sorting, and regular fillings. */

import type { Tensor } from '@rootstock/core'
import * as core from '@rootstock/core'
import type { Adapter, Adapters, Arguments } from '../arguments.ts'

const axisOf = (args: Arguments): { readonly axis: number } => ({ axis: args.number('axis') })

const openEnds = (args: Arguments, name: string): (number | null)[] => {
  const list = args.raw(name)
  if (!Array.isArray(list)) throw new Error(`attribute ${name} must be a list`)
  return list.map((entry) => (entry === null ? null : Number(entry)))
}

const pairs = (args: Arguments, name: string): (readonly [number, number])[] => {
  const list = args.raw(name)
  if (!Array.isArray(list)) throw new Error(`attribute ${name} must be a list of pairs`)
  return list.map((pair: unknown) => {
    if (!Array.isArray(pair)) throw new Error(`attribute ${name} must be a list of pairs`)
    return [Number(pair[0]), Number(pair[1])]
  })
}

const padModes = ['constant', 'reflect', 'symmetric', 'edge', 'wrap'] as const

const pad: Adapter = (args) => {
  const mode = padModes.find((name) => name === args.text('mode'))
  if (mode === undefined) throw new Error(`there is no mode ${args.text('mode')}`)
  const value = args.numberOrNull('value') ?? 0
  return core.pad(args.tensor('x'), pairs(args, 'width'), { mode, value })
}

/** The corner of x that an index reaches: along other axes than `axis` an index may be shorter than x. */
const corner = (x: Tensor, index: Tensor, axis: number): Tensor => {
  const at = (axis + x.rank) % x.rank
  return core.slice(x, { stop: index.shape.map((size, i) => (i === at ? null : size)) })
}

/** x with its corner replaced. */
const withCorner = (x: Tensor, part: Tensor): Tensor => {
  const widths = part.shape.map((size, axis) => [0, x.shape[axis]! - size] as const)
  const inside = core.pad(core.full(part.shape, true), widths)
  return core.where(inside, core.pad(part, widths), x)
}

const gather: Adapter = (args) => {
  const [x, index] = [args.tensor('x'), args.tensor('index')]
  const options = axisOf(args)
  return core.takeAlongAxis(corner(x, index, options.axis), index, options)
}

const scatter =
  (write: typeof core.scatterAddAlongAxis): Adapter =>
  (args) => {
    const [x, index] = [args.tensor('x'), args.tensor('index')]
    const options = axisOf(args)
    const part = corner(x, index, options.axis)
    return withCorner(x, write(part, index, args.tensor('src'), options))
  }

const ordering = (args: Arguments) => ({ ...axisOf(args), descending: args.flag('descending') })

const roll: Adapter = (args) => {
  const axes = args.numbers('axes')
  return args
    .numbers('shifts')
    .reduce((x, shift, i) => core.roll(x, shift, { axis: axes[i]! }), args.tensor('x'))
}

const arrangement: Adapters = {
  reshape: (args) => core.reshape(args.tensor('x'), args.numbers('shape')),
  transpose: (args) => core.transpose(args.tensor('x'), args.numbersOrNull('perm')),
  move_axis: (args) =>
    core.moveAxis(args.tensor('x'), args.number('source'), args.number('destination')),
  expand_dims: (args) => core.expandDims(args.tensor('x'), args.number('axis')),
  squeeze: (args) => core.squeeze(args.tensor('x'), args.numbersOrNull('axes')),
  broadcast_to: (args) => core.broadcastTo(args.tensor('x'), args.numbers('shape')),
  slice: (args) =>
    core.slice(args.tensor('x'), {
      start: openEnds(args, 'start'),
      stop: openEnds(args, 'stop'),
      step: openEnds(args, 'step').map((step) => step ?? 1),
    }),
  pad,
  concat: (args) => core.concatenate(args.tensors(), axisOf(args)),
  stack: (args) => core.stack(args.tensors(), axisOf(args)),
  split: (args) => {
    const parts = core.split(args.tensor('x'), { sizes: args.numbers('sizes'), ...axisOf(args) })
    return Object.fromEntries(parts.map((part, i) => [`y${i}`, part]))
  },
  flip: (args) => core.flip(args.tensor('x'), args.numbersOrNull('axes')),
  roll,
  tile: (args) => core.tile(args.tensor('x'), args.numbers('reps')),
  repeat: (args) => core.repeat(args.tensor('x'), args.number('repeats'), axisOf(args)),
  tril: (args) => core.tril(args.tensor('x'), args.number('k')),
  triu: (args) => core.triu(args.tensor('x'), args.number('k')),
  unfold_windows: (args) =>
    core.windows(args.tensor('x'), {
      ...axisOf(args),
      size: args.number('size'),
      step: args.number('step'),
    }),
}

const indexing: Adapters = {
  gather,
  take_along_axis: (args) =>
    core.takeAlongAxis(args.tensor('x'), args.tensor('index'), axisOf(args)),
  index_select: (args) => core.take(args.tensor('x'), args.tensor('index'), axisOf(args)),
  gather_nd: (args) => core.gatherNd(args.tensor('x'), args.tensor('index')),
  scatter_add: scatter(core.scatterAddAlongAxis),
  scatter: scatter(core.replaceAlongAxis),
  index_add: (args) =>
    core.scatterAdd(args.tensor('x'), args.tensor('index'), args.tensor('src'), axisOf(args)),
  segment_sum: (args) =>
    core.segmentSum(args.tensor('x'), args.tensor('index'), { count: args.number('count') }),
  one_hot: (args) =>
    core.oneHot(args.tensor('index'), { classes: args.number('classes'), dtype: 'int32' }),
  bincount: (args) => core.binCount(args.tensor('index'), { length: args.number('length') }),
}

const sorting: Adapters = {
  sort: (args) => ({
    y: core.sort(args.tensor('x'), ordering(args)),
    index: core.argSort(args.tensor('x'), ordering(args)),
  }),
  argsort: (args) => core.argSort(args.tensor('x'), ordering(args)),
  topk: (args) => {
    const options = { ...axisOf(args), largest: args.flag('largest') }
    const [y, index] = core.topK(args.tensor('x'), args.number('k'), options)
    return { y, index }
  },
  searchsorted: (args) =>
    core.searchSorted(args.tensor('x'), args.tensor('v'), {
      side: args.text('side') === 'right' ? 'right' : 'left',
    }),
}

const creation: Adapters = {
  eye: (args) => core.eye(args.number('n'), args.number('m'), { dtype: args.precision }),
  arange: (args) =>
    core.arange(args.number('start'), args.number('stop'), args.number('step'), {
      dtype: args.precision,
    }),
  linspace: (args) =>
    core.linspace(args.number('start'), args.number('stop'), args.number('num'), {
      dtype: args.precision,
    }),
  full: (args) => core.full(args.numbers('shape'), args.number('value'), { dtype: args.precision }),
}

export const movement: Adapters = { ...arrangement, ...indexing, ...sorting, ...creation }
