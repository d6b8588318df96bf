/** Activations over an axis. */
import * as core from '@rootstock/core'
import type { Adapters } from '../arguments.ts'

export const activations: Adapters = {
  softmax: (args) => core.softmax(args.tensor('x'), { axis: args.number('axis') }),
  log_softmax: (args) => core.logSoftmax(args.tensor('x'), { axis: args.number('axis') }),
}
