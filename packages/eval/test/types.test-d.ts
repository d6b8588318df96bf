import { adam, random } from '@rootstock/core'
import type { Dataset } from '@rootstock/data'
import {
  type ArmError,
  type ClassificationScores,
  type Compared,
  type ComparisonAborted,
  compare,
  evaluate,
  fineTune,
  fineTuned,
  linearProbe,
  probe,
  type RegressionScores,
  scratch,
  type Trained,
  type TransferError,
} from '@rootstock/eval'
import {
  classification,
  equal,
  fixed,
  headsOf,
  type Multitask,
  mlp,
  multitask,
  type ParamsOf,
  regression,
} from '@rootstock/heads'
import type { Either } from 'fp-ts/lib/Either.js'
import { expectTypeOf, test } from 'vitest'

const heads = { species: classification({ classes: ['setosa', 'virginica'] }), width: regression() }
const model = multitask(mlp({ in: 4, hidden: [8] }), heads)
const params = model.init(random.key(0))
const { trunk } = params
declare const data: Dataset<'species' | 'width'>
declare const file: Dataset
const training = { model, optimizer: adam(), epochs: 1, batchSize: 8 }
const options = { ...training, trunk, data, seed: 0 }

test('scores are keyed by task and of the kind of its head', () => {
  const scores = evaluate(model, params, data)
  expectTypeOf(scores.species).toEqualTypeOf<ClassificationScores>()
  expectTypeOf(scores.width).toEqualTypeOf<RegressionScores>()
  // @ts-expect-error a regression has no accuracy
  scores.width.accuracy
  // @ts-expect-error there is no such task
  scores.length
})

test('scores of tasks from a file are of either kind', () => {
  const open = multitask(mlp({ in: 4, hidden: [8] }), headsOf(file.targets))
  const scores = evaluate(open, open.init(random.key(0)), file)
  expectTypeOf(scores.any!).toEqualTypeOf<ClassificationScores | RegressionScores>()
})

test('heads made from described targets keep task and class names', () => {
  const made = headsOf({
    species: { kind: 'classification', classes: ['setosa', 'virginica'] },
    width: { kind: 'regression', mean: 0, deviation: 1 },
  })
  expectTypeOf(made.species.classes).toEqualTypeOf<readonly ('setosa' | 'virginica')[]>()
  expectTypeOf(made.width.mean).toEqualTypeOf<number>()
  // @ts-expect-error there is no such task
  made.length
})

test('parameters and data must be those of the model', () => {
  // @ts-expect-error the parameters of the trunk alone are not those of the model
  evaluate(model, trunk, data)
  const { species } = data.targets
  // @ts-expect-error the labels of width are missing
  evaluate(model, params, { rows: 0, width: 4, inputs: data.inputs, targets: { species } })
})

test('probes and fine-tuning give parameters of the model, and say how they fail', () => {
  type Params = ParamsOf<typeof model>
  type Expected = Either<
    TransferError<Params, 'species' | 'width'>,
    Trained<Params, 'species' | 'width'>
  >
  const probed = linearProbe({ model, trunk, data })
  expectTypeOf<Awaited<ReturnType<typeof probed>>>().toEqualTypeOf<Expected>()
  const tuned = fineTune(options)
  expectTypeOf<Awaited<ReturnType<typeof tuned>>>().toEqualTypeOf<Expected>()
  // @ts-expect-error there is no such strategy
  fineTune({ ...options, strategy: 'melted' })
  // @ts-expect-error a trunk has layers
  linearProbe({ model, trunk: {}, data })
})

test('weights of arms name every task and no other', () => {
  scratch({ ...training, weighting: equal() })
  fineTuned({ ...training, trunk, weighting: fixed({ species: 1, width: 2 }) })
  // @ts-expect-error width is missing
  scratch({ ...training, weighting: fixed({ species: 1 }) })
  // @ts-expect-error there is no task named length
  scratch({ ...training, weighting: fixed({ species: 1, width: 1, length: 1 }) })
})

test('a comparison knows its arms, its tasks and their metrics', () => {
  const arms = { scratch: scratch(training), probe: probe({ model, trunk: () => trunk }) }
  const comparing = {
    name: '',
    model,
    train: data,
    test: data,
    arms,
    labels: ['all'],
    seeds: [1],
  } as const
  const compared = compare(comparing)
  expectTypeOf<Awaited<ReturnType<typeof compared>>>().toEqualTypeOf<
    Either<ComparisonAborted, Compared>
  >()
  compare({ ...comparing, reference: 'probe', metrics: { species: 'rocAuc', width: 'r2' } })
  // @ts-expect-error there is no such arm
  compare({ ...comparing, reference: 'tuned' })
  // @ts-expect-error a classification has no RMSE
  compare({ ...comparing, metrics: { species: 'rmse' } })
  // @ts-expect-error there is no such task
  compare({ ...comparing, metrics: { length: 'rmse' } })
  // @ts-expect-error there is no such task
  compare({ ...comparing, stratify: 'length' })
  expectTypeOf<ArmError['_tag']>().toEqualTypeOf<'Diverged' | 'Aborted'>()
})

test('an arm must give parameters of the model that is compared', () => {
  const other = multitask(mlp({ in: 4, hidden: [8] }), { width: regression() })
  expectTypeOf(other).not.toExtend<Multitask<unknown, typeof heads>>()
  const arms = { other: scratch({ ...training, model: other }) }
  // @ts-expect-error the head of species is missing
  compare({ name: '', model, train: data, test: data, arms, labels: ['all'], seeds: [1] })
})
