/** Handwritten digits by LeNet, a network of 1998 with the normalisation, dropout and schedule of later years. */
import { evaluate } from '@rootstock/eval'
import { classification, convnet, multitask } from '@rootstock/heads'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Fit, unusable } from './fit.ts'
import { idxClasses, idxImages } from './idxImages.ts'
import { train } from './training.ts'

const trunk = convnet({
  in: [28, 28, 1],
  channels: [6, 16],
  window: 5,
  hidden: [120, 84],
  dropout: 0.2,
})

const model = multitask(trunk, { class: classification({ classes: idxClasses }) })
const recipe = { model, epochs: 8, batchSize: 128, seed: 1, rate: 5e-3, decay: 0.01 }

/** LeNet on all 60,000 training images. */
export const lenet: Fit = {
  description: 'MNIST by LeNet, error at most 0.95 %',
  run: (context) =>
    pipe(
      idxImages('mnist', context),
      TE.mapLeft(unusable),
      TE.bindTo('data'),
      TE.bind('fitted', ({ data }) => train({ ...recipe, data: data.train }, context)),
      TE.map(({ data, fitted }) => {
        const { accuracy } = evaluate(model, fitted.params, data.test).class
        return [{ what: 'error', value: 1 - accuracy, atMost: 0.0095 }]
      }),
    ),
}
