/**
 * How well a reconstruction fits, in nats per cell, for each kind of column: the negative log-likelihood of a Gaussian, of a
 * choice between classes, of a coin. All are in one unit, so that no weights have to be balanced by hand.
 */
import {
  abs,
  add,
  cast,
  div,
  exp,
  log1p,
  logicalAnd,
  logicalNot,
  logSoftmax,
  maximum,
  mul,
  neg,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  take,
  tensor,
  where,
} from '@rootstock/core'
import type { Layout, Scored } from './column.ts'
import { whichFeatures } from './corruption/corruption.ts'

/** What a decoder gives for a batch. */
export interface Decoded {
  /** `[rows, width]`: means of numbers, logits of classes and coins. */
  readonly outputs: Tensor
  /** `[width]` or a scalar: log variance of numbers. */
  readonly logVariance: Tensor
}

/** Nats by kind of column; only kinds that occur. */
export type Nats = Readonly<Record<string, Tensor>>

/** The kinds of a layout, in a fixed order. */
export const kindsOf = (layout: Layout): readonly Scored[] =>
  (['numeric', 'categorical', 'binary'] as const).filter((kind) =>
    layout.features.some(({ scored }) => scored === kind),
  )

/** Cells of each kind in a row: a number, a group, a coin each count one. */
export const cellsOf = (layout: Layout, kind: Scored): number =>
  kind === 'categorical'
    ? layout.groups.length
    : layout.features.filter(({ scored }) => scored === kind).length

const halfLogTau = 0.5 * Math.log(2 * Math.PI)

/** `(x - mean)^2 / (2 variance) + log(2 pi variance) / 2` of a Gaussian. */
const gaussianNats = (x: Tensor, mean: Tensor, logVariance: Tensor): Tensor => {
  const quadratic = mul(square(sub(x, mean)), mul(exp(neg(logVariance)), 0.5))
  return add(add(quadratic, mul(logVariance, 0.5)), halfLogTau)
}

/** `max(l, 0) - l x + log(1 + exp(-|l|))`: the cross-entropy of a coin with logit l. */
const coinNats = (x: Tensor, logit: Tensor): Tensor =>
  add(sub(maximum(logit, 0), mul(logit, x)), log1p(exp(neg(abs(logit)))))

const meanWhere = (nats: Tensor, counts: Tensor): Tensor =>
  div(sum(where(counts, nats, 0)), maximum(sum(cast(counts, nats.dtype)), 1))

/** Groups brought to one size: features of each, the last repeated, and which are real. */
const padded = ({ groups }: Layout) => {
  const size = Math.max(...groups.map((group) => group.size))
  const at = groups.flatMap(({ from, size: own }) =>
    Array.from({ length: size }, (_, i) => from + Math.min(i, own - 1)),
  )
  const isReal = groups.flatMap(({ size: own }) => Array.from({ length: size }, (_, i) => i < own))
  return {
    pick: (x: Tensor): Tensor =>
      reshape(take(x, tensor(Int32Array.from(at)), { axis: 1 }), [-1, groups.length, size]),
    isReal: tensor(Uint8Array.from(isReal, Number), { shape: [groups.length, size] }),
  }
}

const categoricalNats = (
  layout: Layout,
  inputs: Tensor,
  outputs: Tensor,
  counts: Tensor,
): Tensor => {
  const { pick, isReal } = padded(layout)
  const logits = where(isReal, pick(outputs), -1e9)
  const target = where(isReal, pick(inputs), 0)
  const nats = neg(sum(mul(target, logSoftmax(logits, { axis: -1 })), { axis: -1 }))
  const first = tensor(Int32Array.from(layout.groups, ({ from }) => from))
  return meanWhere(nats, take(counts, first, { axis: 1 }))
}

/** Numbers that are missing have no true value to reconstruct. */
const isPresent = (layout: Layout, inputs: Tensor): Tensor => {
  if (layout.features.every(({ mask }) => mask < 0)) return tensor(true)
  const maskOf = Int32Array.from(layout.features, ({ mask }, i) => (mask < 0 ? i : mask))
  const hasMask = whichFeatures(layout, ({ mask }) => mask >= 0)
  return logicalNot(logicalAnd(hasMask, take(inputs, tensor(maskOf), { axis: 1 })))
}

/** Mean nats per cell of each kind, over the cells of `positions` (bool `[rows, width]`). */
export const reconstructionNats = (
  layout: Layout,
  inputs: Tensor,
  { outputs, logVariance }: Decoded,
  positions: Tensor,
): Nats => {
  const features = (kind: Scored) =>
    logicalAnd(
      positions,
      whichFeatures(layout, ({ scored }) => scored === kind),
    )
  const byKind: Readonly<Record<Scored, () => Tensor>> = {
    numeric: () =>
      meanWhere(
        gaussianNats(inputs, outputs, logVariance),
        logicalAnd(features('numeric'), isPresent(layout, inputs)),
      ),
    categorical: () => categoricalNats(layout, inputs, outputs, features('categorical')),
    binary: () =>
      meanWhere(
        coinNats(inputs, outputs),
        logicalAnd(features('binary'), isPresent(layout, inputs)),
      ),
  }
  return Object.fromEntries(kindsOf(layout).map((kind) => [kind, byKind[kind]()]))
}
