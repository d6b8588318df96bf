/** What heads made of one dense layer share. */
import { type Initializer, within } from '@rootstock/core'
import { affine, type DenseParams, dense } from '../layers/dense.ts'
import type { Head } from './head.ts'

/** Parameters of heads made of one dense layer. */
export interface LinearHeadParams {
  readonly dense: DenseParams
}

/** Options of heads made of one dense layer. */
export interface LinearHeadOptions {
  /** Features the head expects; absent, as many as the trunk gives. */
  readonly features?: number
  /** Draws the weight. Default `glorotUniform`. */
  readonly init?: Initializer
}

const widthHint = (given: number, width: number): string =>
  `the trunk is declared with out: ${given}; this head was initialised for ${width} features`

/** Parameters and raw outputs, `[rows, out]`, of a head made of one dense layer. */
export const linearHead = (
  out: number,
  { features: expected, init }: LinearHeadOptions,
): Pick<Head<string, LinearHeadParams, unknown>, 'init' | 'outputs'> => ({
  init: (key, features) => ({
    dense: dense({
      in: expected ?? features,
      out,
      ...(init === undefined ? {} : { init }),
    }).init(key),
  }),
  outputs: (params, features) => within('dense', () => affine(params.dense, features, widthHint)),
})
