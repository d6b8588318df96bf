/**
 * An experiment as a script: what three tasks of a table gain from a trunk that was pretrained on all its rows.
 * `npx tsx experiments/penguins.ts [folder of penguins.csv]`
 */
import { adam } from '@rootstock/core'
import { dropMissing, explain, prepare, readTable, select } from '@rootstock/data'
import { compare, fineTuned, probe, renderText, scratch, summarise } from '@rootstock/eval'
import { explainFit, headsOf, mlp, multitask } from '@rootstock/heads'
import { denoise, swap } from '@rootstock/pretrain'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

const [folder = '../shared/data/penguins'] = process.argv.slice(2)
const measured = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm']
const targets = { species: 'species', sex: 'sex', mass: 'body_mass_g' }
const training = { optimizer: adam(), epochs: 60, batchSize: 32 }
const corruption = swap({ probability: 0.3 })

const program = pipe(
  readTable(`${folder}/penguins.csv`),
  TE.flatMapEither((table) => dropMissing(table, measured)),
  TE.flatMapEither(select({ inputs: [...measured, 'island'], targets })),
  TE.flatMapEither((selected) => prepare(selected, { by: 'modulo', divisor: 5, test: 4 })),
  TE.mapLeft(explain),
  TE.bindTo('data'),
  TE.let('trunk', ({ data }) => mlp({ in: data.train.width, hidden: [64], out: 16 })),
  TE.bind('pretrained', ({ data: { train }, trunk }) =>
    pipe(
      denoise({ ...training, data: train, columns: train.columns, trunk, corruption, seed: 0 }),
      TE.mapLeft(explainFit),
    ),
  ),
  TE.flatMap(({ data, trunk, pretrained }) => {
    const model = multitask(trunk, headsOf(data.train.targets))
    const tuning = { ...training, model, trunk: pretrained.trunk }
    const arms = { scratch: scratch(tuning), probe: probe(tuning), tuned: fineTuned(tuning) }
    const places = { labels: [10, 40, 'all'], seeds: [1, 2, 3, 4, 5] } as const
    return TE.mapLeft(() => 'stopped')(
      compare({ name: 'penguins', model, ...data, arms, ...places }),
    )
  }),
)

const result = await program()
console.log(result._tag === 'Left' ? result.left : renderText(summarise(result.right)))
