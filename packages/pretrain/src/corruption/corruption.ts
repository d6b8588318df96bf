/**
 * What a corruption is: a pure function of a key and a batch that says which features it touched. Units (a number with its
 * mask, a categorical group, a pixel) are corrupted as a whole.
 */
import { ArgumentError, type Key, random, type Tensor, take, tensor } from '@rootstock/core'
import type { Column, Feature, Layout } from '../column.ts'

/** A corrupted batch. */
export interface Corrupted {
  /** `[rows, width]`. */
  readonly corrupted: Tensor
  /** bool `[rows, width]`: true at features of units that were drawn for corruption. */
  readonly mask: Tensor
}

/** Perturbs inputs `[rows, width]` whose features the columns describe. */
export type Corruption = (key: Key, inputs: Tensor, columns: readonly Column[]) => Corrupted

/** Options of corruptions that touch each unit with one probability. */
export interface Rate {
  /** Probability that a unit is corrupted, between 0 and 1. */
  readonly probability: number
}

/** Throws unless the probability is one. */
export const expectProbability = (operation: string, probability: number): void => {
  if (probability >= 0 && probability <= 1) return
  throw new ArgumentError({
    operation,
    inputs: { probability },
    rule: 'probability must be between 0 and 1',
  })
}

/** A row of numbers, one for each feature. */
export const perFeature = (layout: Layout, f: (feature: Feature) => number): Tensor =>
  tensor(Float32Array.from(layout.features, f))

/** A row of truth values, one for each feature. */
export const whichFeatures = (layout: Layout, f: (feature: Feature) => boolean): Tensor =>
  tensor(Uint8Array.from(layout.features, (feature) => Number(f(feature))))

/** `[rows, units]` repeated for the features of each unit, `[rows, width]`. */
export const toFeatures = (layout: Layout, x: Tensor): Tensor =>
  layout.units === layout.features.length
    ? x
    : take(x, tensor(Int32Array.from(layout.features, ({ unit }) => unit)), { axis: 1 })

/** Draws units with a probability; bool `[rows, width]`, equal within a unit. */
export const drawUnits = (key: Key, rows: number, layout: Layout, probability: number): Tensor =>
  toFeatures(layout, random.bernoulli(key, [rows, layout.units], { probability }))
