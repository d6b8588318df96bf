/** Reductions and running reductions. */

import type { Reduction, Tensor } from '@rootstock/core'
import * as core from '@rootstock/core'
import type { Adapter, Adapters, Arguments } from '../arguments.ts'

const axes = (args: Arguments): Reduction => {
  const axis = args.numbersOrNull('axes')
  const keepDims = args.raw('keepdims') === true
  return axis === undefined ? { keepDims } : { axis, keepDims }
}

const reduced =
  (f: (x: Tensor, options: Reduction) => Tensor): Adapter =>
  (args) =>
    f(args.tensor('x'), axes(args))

const running =
  (f: (x: Tensor, options: { readonly axis: number }) => Tensor): Adapter =>
  (args) =>
    f(args.tensor('x'), { axis: args.number('axis') })

const position =
  (f: typeof core.argMax): Adapter =>
  (args) => {
    const axis = args.numberOrNull('axis')
    const keepDims = args.flag('keepdims')
    return f(args.tensor('x'), axis === undefined ? { keepDims } : { axis, keepDims })
  }

/** The extremum and where it is: its whole gradient goes to the first place. */
const extremum =
  (find: typeof core.argMax): Adapter =>
  (args) => {
    const axis = args.number('axis')
    const x = args.tensor('x')
    const index = find(x, { axis, keepDims: true })
    const y = core.takeAlongAxis(x, index, { axis })
    if (args.flag('keepdims')) return { y, index }
    return { y: core.squeeze(y, axis), index: core.squeeze(index, axis) }
  }

const orders: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity }

export const reductions: Adapters = {
  sum: reduced(core.sum),
  mean: reduced(core.mean),
  prod: reduced(core.prod),
  amax: reduced(core.max),
  amin: reduced(core.min),
  max: extremum(core.argMax),
  min: extremum(core.argMin),
  var: (args) =>
    core.variance(args.tensor('x'), { ...axes(args), correction: args.number('correction') }),
  std: (args) =>
    core.std(args.tensor('x'), { ...axes(args), correction: args.number('correction') }),
  logsumexp: reduced(core.logSumExp),
  argmax: position(core.argMax),
  argmin: position(core.argMin),
  cumsum: running(core.cumSum),
  cumprod: running(core.cumProd),
  cummax: running(core.cumMax),
  logcumsumexp: running(core.logCumSumExp),
  any: reduced(core.any),
  all: reduced(core.all),
  norm: (args) => {
    const given = args.raw('ord')
    const order = typeof given === 'string' ? orders[given] : args.number('ord')
    if (order === undefined) throw new Error(`there is no norm of order ${String(given)}`)
    return core.norm(args.tensor('x'), { ...axes(args), order })
  },
  count_nonzero: reduced(core.countNonzero),
}
