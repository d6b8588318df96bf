/** Elementwise operations. */

import type { Tensor } from '@rootstock/core'
import * as core from '@rootstock/core'
import type { Adapter, Adapters } from '../arguments.ts'

const unary =
  (f: (x: Tensor) => Tensor): Adapter =>
  (args) =>
    f(args.tensor('x'))

const binary =
  (f: (a: Tensor, b: Tensor) => Tensor): Adapter =>
  (args) =>
    f(args.tensor('a'), args.tensor('b'))

const dtypeNames = ['float32', 'int32', 'bool'] as const

export const elementwise: Adapters = {
  neg: unary(core.neg),
  abs: unary(core.abs),
  square: unary(core.square),
  reciprocal: unary(core.reciprocal),
  exp: unary(core.exp),
  log: unary(core.log),
  log2: unary(core.log2),
  log10: unary(core.log10),
  log1p: unary(core.log1p),
  expm1: unary(core.expm1),
  sqrt: unary(core.sqrt),
  rsqrt: unary(core.rsqrt),
  sin: unary(core.sin),
  cos: unary(core.cos),
  tan: unary(core.tan),
  asin: unary(core.asin),
  acos: unary(core.acos),
  atan: unary(core.atan),
  sinh: unary(core.sinh),
  cosh: unary(core.cosh),
  tanh: unary(core.tanh),
  sigmoid: unary(core.sigmoid),
  log_sigmoid: unary(core.logSigmoid),
  erf: unary(core.erf),
  erfc: unary(core.erfc),
  relu: unary(core.relu),
  relu6: unary(core.relu6),
  selu: unary(core.selu),
  silu: unary(core.silu),
  mish: unary(core.mish),
  softsign: unary(core.softsign),
  hardsigmoid: unary(core.hardSigmoid),
  hardswish: unary(core.hardSwish),
  floor: unary(core.floor),
  ceil: unary(core.ceil),
  round: unary(core.round),
  trunc: unary(core.trunc),
  sign: unary(core.sign),
  is_nan: unary(core.isNaN),
  is_finite: unary(core.isFinite),
  is_inf: unary(core.isInfinite),
  logical_not: unary(core.logicalNot),
  gelu: (args) =>
    core.gelu(args.tensor('x'), {
      approximate: args.text('approximate') === 'tanh' ? 'tanh' : 'none',
    }),
  leaky_relu: (args) => core.leakyRelu(args.tensor('x'), { slope: args.number('slope') }),
  elu: (args) => core.elu(args.tensor('x'), { alpha: args.number('alpha') }),
  softplus: (args) => core.softplus(args.tensor('x'), { beta: args.number('beta') }),
  hardtanh: (args) =>
    core.hardTanh(args.tensor('x'), { min: args.number('min'), max: args.number('max') }),
  clamp: (args) => {
    const [min, max] = [args.numberOrNull('min'), args.numberOrNull('max')]
    return core.clamp(args.tensor('x'), {
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    })
  },
  pow_scalar: (args) => core.pow(args.tensor('x'), args.number('exponent')),
  add: binary(core.add),
  sub: binary(core.sub),
  mul: binary(core.mul),
  div: binary(core.div),
  pow: binary(core.pow),
  atan2: binary(core.atan2),
  maximum: binary(core.maximum),
  minimum: binary(core.minimum),
  logaddexp: binary(core.logAddExp),
  hypot: binary(core.hypot),
  xlogy: binary(core.xlogy),
  squared_difference: binary(core.squaredDifference),
  mod: binary(core.mod),
  rem: binary(core.rem),
  floor_div: binary(core.floorDiv),
  trunc_div: binary(core.truncDiv),
  eq: binary(core.equal),
  ne: binary(core.notEqual),
  lt: binary(core.less),
  le: binary(core.lessEqual),
  gt: binary(core.greater),
  ge: binary(core.greaterEqual),
  logical_and: binary(core.logicalAnd),
  logical_or: binary(core.logicalOr),
  logical_xor: binary(core.logicalXor),
  where: (args) => core.where(args.tensor('cond'), args.tensor('a'), args.tensor('b')),
  lerp: (args) => core.lerp(args.tensor('a'), args.tensor('b'), args.tensor('t')),
  cast: (args) => {
    const to = dtypeNames.find((name) => name === args.text('to'))
    if (to === undefined) throw new Error(`there is no dtype ${args.text('to')}`)
    return core.cast(args.tensor('x'), to === 'float32' ? args.precision : to)
  },
}
