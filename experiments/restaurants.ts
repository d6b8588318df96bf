/**
 * The embedded experiment as a script, with the tasks in the types: a wrong name or metric does not compile.
 * `npx tsx experiments/restaurants.ts`
 */
import { adamW } from '@rootstock/core'
import { explain, prepare, select } from '@rootstock/data'
import { compare, fineTuned, probe, renderText, scratch, summarise } from '@rootstock/eval'
import { classification, explainFit, mlp, multitask, regression } from '@rootstock/heads'
import { denoise, masking } from '@rootstock/pretrain'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { restaurants } from './src/restaurants/restaurants.ts'

const walk = classification({ classes: ['hard', 'possible', 'easy'] })
const targets = { food: 'food', walk: { column: 'on foot', classes: walk.classes } } as const
const { train, test } = pipe(
  restaurants({ seed: 0 }),
  E.flatMap(select({ inputs: ['dish..year of opening'], targets })),
  E.flatMap((selected) => prepare(selected, { by: 'fraction', test: 0.4, seed: 1 })),
  E.getOrElseW((error) => {
    throw new Error(explain(error))
  }),
)

const { food } = train.targets
if (food.kind !== 'regression') throw new Error('food is a number of points')
const trunk = mlp({ in: train.width, hidden: [256], out: 32, dropout: 0.2 })
const model = multitask(trunk, { food: regression(food), walk })

const training = { optimizer: adamW({ weightDecay: 0.1 }), epochs: 40, batchSize: 128 }
const corruption = masking({ probability: 0.3 })
const task = { data: train, columns: train.columns, trunk, corruption, seed: 0 }
const pretrained = await denoise({ ...training, ...task, positions: 'corrupted' })()
if (pretrained._tag === 'Left') throw new Error(explainFit(pretrained.left))

const tuning = { ...training, model, trunk: pretrained.right.trunk, l2: 10 }
const arms = { scratch: scratch(tuning), probe: probe(tuning), tuned: fineTuned(tuning) }
const metrics = { food: 'r2', walk: 'accuracy' } as const
const places = { labels: [40, 160], seeds: [1, 2, 3, 4, 5] }
const names = { name: 'restaurants', model, train, test, arms, metrics }
const compared = await compare({ ...names, ...places })()
if (compared._tag === 'Right') console.log(renderText(summarise(compared.right)))
