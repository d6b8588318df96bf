/** Every primitive. The law suite demands samples for each name in this list. */
import { broadcastPrimitive, reduceSumPrimitive } from './broadcast.ts'
import { checkpointPrimitive } from './checkpoint.ts'
import { condPrimitive } from './cond.ts'
import { contractPrimitive } from './contract.ts'
import { convolvePrimitive } from './convolve.ts'
import { customLinearPrimitive, customPrimitive } from './custom.ts'
import * as elementwise from './elementwise.ts'
import { gatherPrimitive, scatterAddPrimitive } from './index.ts'
import * as linalg from './linalg.ts'
import * as logic from './logic.ts'
import * as movement from './movement.ts'
import { threefryPrimitive } from './random.ts'
import * as reduction from './reduction.ts'
import { scanPrimitive } from './scan/scan.ts'
import { sortPrimitive } from './sort.ts'

/** All primitives by name. */
export const primitives = {
  neg: elementwise.negPrimitive,
  abs: elementwise.absPrimitive,
  exp: elementwise.expPrimitive,
  expm1: elementwise.expm1Primitive,
  log: elementwise.logPrimitive,
  log1p: elementwise.log1pPrimitive,
  sqrt: elementwise.sqrtPrimitive,
  sine: elementwise.sinePrimitive,
  tanh: elementwise.tanhPrimitive,
  sigmoid: elementwise.sigmoidPrimitive,
  erf: elementwise.erfPrimitive,
  round: elementwise.roundPrimitive,
  convert: elementwise.convertPrimitive,
  stopGradient: elementwise.stopGradientPrimitive,
  add: elementwise.addPrimitive,
  sub: elementwise.subPrimitive,
  mul: elementwise.mulPrimitive,
  div: elementwise.divPrimitive,
  pow: elementwise.powPrimitive,
  extremum: elementwise.extremumPrimitive,
  atan2: elementwise.atan2Primitive,
  compare: logic.comparePrimitive,
  bitwise: logic.bitwisePrimitive,
  select: logic.selectPrimitive,
  broadcast: broadcastPrimitive,
  reduceSum: reduceSumPrimitive,
  reshape: movement.reshapePrimitive,
  transpose: movement.transposePrimitive,
  slice: movement.slicePrimitive,
  pad: movement.padPrimitive,
  concatenate: movement.concatenatePrimitive,
  iota: movement.iotaPrimitive,
  reduce: reduction.reducePrimitive,
  argReduce: reduction.argReducePrimitive,
  cumulativeSum: reduction.cumulativeSumPrimitive,
  gather: gatherPrimitive,
  scatterAdd: scatterAddPrimitive,
  sort: sortPrimitive,
  contract: contractPrimitive,
  convolve: convolvePrimitive,
  threefry: threefryPrimitive,
  cholesky: linalg.choleskyPrimitive,
  triangularSolve: linalg.triangularSolvePrimitive,
  lu: linalg.luPrimitive,
  eigh: linalg.eighPrimitive,
  scan: scanPrimitive,
  cond: condPrimitive,
  checkpoint: checkpointPrimitive,
  custom: customPrimitive,
  customLinear: customLinearPrimitive,
} as const

/** The name of a primitive. */
export type PrimitiveName = keyof typeof primitives
