import { adam } from '@rootstock/core'
import { batchNorm, dense, explainFit, sequence, trunkOf } from '@rootstock/heads'
import { denoise, swap } from '@rootstock/pretrain'
import * as E from 'fp-ts/lib/Either.js'
import { expect, it } from 'vitest'
import { columns, planted, width } from './table.ts'

it('a trunk learns its batch statistics while it is pretrained', async () => {
  const stage = sequence({
    linear: dense({ in: width, out: 8 }),
    normal: batchNorm({ channels: 8 }),
  })
  const result = await denoise({
    trunk: trunkOf({ in: width, layers: [{ ...stage, out: 8 }] }),
    columns,
    data: planted(64),
    corruption: swap({ probability: 0.3 }),
    optimizer: adam(),
    epochs: 2,
    batchSize: 32,
    seed: 3,
  })()
  if (E.isLeft(result)) throw new Error(explainFit(result.left))
  const { variance } = result.right.trunk.layers[0]!.normal.statistics
  expect([...variance.data()].every((value) => value !== 1 && value > 0)).toBe(true)
})
