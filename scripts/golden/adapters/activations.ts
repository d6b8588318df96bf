/** Activations over an axis. */
import * as core from '@rootstock/core'
import * as heads from '@rootstock/heads'
import type { Adapters, Arguments } from '../arguments.ts'

const along = (args: Arguments): { readonly axis: number } => ({ axis: args.number('axis') })

export const activations: Adapters = {
  softmax: (args) => core.softmax(args.tensor('x'), along(args)),
  log_softmax: (args) => core.logSoftmax(args.tensor('x'), along(args)),
  softmin: (args) => core.softmax(core.neg(args.tensor('x')), along(args)),
  softmax_temperature: (args) =>
    core.softmax(core.div(args.tensor('x'), args.number('temperature')), along(args)),
  masked_softmax: (args) => heads.maskedSoftmax(args.tensor('x'), args.tensor('mask'), along(args)),
  glu: (args) => heads.glu(args.tensor('x'), along(args)),
  prelu: (args) => heads.parametricRelu(args.tensor('x'), args.tensor('slope'), { axis: 1 }),
  maxout: (args) =>
    heads.maxout(args.tensor('x'), { ...along(args), pieces: args.number('pieces') }),
  entropy: (args) => heads.entropy(args.tensor('x'), along(args)),
}
