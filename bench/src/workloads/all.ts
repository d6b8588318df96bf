/** Every workload, in the order of the tables. */
import type { Workload } from '../workload.ts'
import { autoencoder } from './autoencoder.ts'
import { convolution } from './convolution.ts'
import { dispatch } from './dispatch.ts'
import { chainForward, chainGradient, total } from './elementwise.ts'
import { inference } from './inference.ts'
import { lstm } from './lstm.ts'
import { matmuls } from './matmul.ts'
import { mlpLarge, mlpSmall } from './mlp.ts'
import { multitask, multitaskProjected } from './multitask.ts'
import { layerNormRows, softmaxRows } from './rowwise.ts'
import { tiny } from './tiny.ts'
import { transformer } from './transformer.ts'

/** W0 to W11. */
export const workloads: readonly Workload[] = [
  dispatch,
  ...matmuls,
  mlpSmall,
  mlpLarge,
  tiny,
  autoencoder,
  convolution,
  transformer,
  lstm,
  chainForward,
  chainGradient,
  total,
  softmaxRows,
  layerNormRows,
  multitask,
  multitaskProjected,
  inference,
]
