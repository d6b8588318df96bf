import { headsOf } from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

describe('headsOf', () => {
  it('makes classifiers with the classes and regressions in the units of the targets', () => {
    const heads = headsOf({
      species: { kind: 'classification', classes: ['setosa', 'virginica'] },
      width: { kind: 'regression', mean: 1.5, deviation: 0.5 },
    })
    expect(heads.species).toMatchObject({
      kind: 'classification',
      classes: ['setosa', 'virginica'],
    })
    expect(heads.width).toMatchObject({ kind: 'regression', mean: 1.5, deviation: 0.5 })
  })
})
