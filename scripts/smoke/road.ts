/**
 * The road in small, as a user of the published packages walks it: a table with few labels, a trunk pretrained without them,
 * a head grafted on, a score. It runs from the packed tarballs under every Node that is promised.
 */
import { adam, random, tensor } from '@rootstock/core'
import { inputWidth, parseCsv, prepare, select } from '@rootstock/data'
import { scoreClassification } from '@rootstock/eval'
import { classification, evaluation, fit, mlp, multitask } from '@rootstock/heads'
import { denoise, masking } from '@rootstock/pretrain'
import { chain, getOrElseW } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

const right = getOrElseW((left: unknown) => {
  throw new Error(JSON.stringify(left))
})

// two noisy copies of a hidden number; every third row says whether it is above zero
const lines = Array.from({ length: 240 }, (_, i) => {
  const hidden = Math.sin(i * 12.9898)
  const label = hidden > 0 ? 'above' : 'below'
  return `${hidden + 0.1 * Math.sin(i * 7)},${-hidden + 0.1 * Math.cos(i * 5)},${i % 3 === 0 || i >= 160 ? label : ''}`
})
const { preprocessing, train, test } = right(
  pipe(
    parseCsv(`a,b,side\n${lines.join('\n')}\n`),
    chain(select({ inputs: ['a', 'b'], targets: { side: 'side' } })),
    chain((selected) => prepare(selected, { by: 'rows', train: [0, 160], test: [160, 240] })),
  ),
)

const optimizer = adam({ learningRate: 0.01 })
const trunk = mlp({ in: inputWidth(preprocessing), hidden: [16] })
const pretrained = right(
  await denoise({
    trunk,
    columns: train.columns,
    data: train,
    corruption: masking({ probability: 0.3 }),
    optimizer,
    epochs: 5,
    batchSize: 32,
    seed: 7,
  })(),
)

const model = multitask(trunk, { side: classification({ classes: ['above', 'below'] }) })
const fitted = right(
  await fit({
    model,
    data: train,
    params: { ...model.init(random.key(0)), trunk: pretrained.trunk },
    optimizer,
    epochs: 20,
    batchSize: 32,
    seed: 7,
  })(),
)

const x = tensor(test.inputs, { shape: [test.rows, test.width] })
const { probabilities } = model.apply(fitted.params, x, evaluation).side
const { accuracy } = scoreClassification(test.targets.side.values, probabilities.data(), {
  classes: 2,
})
if (!(accuracy > 0.9)) throw new Error(`accuracy ${accuracy}: training did not work`)
console.log(`accuracy ${accuracy}`)
