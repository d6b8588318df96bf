/** Photos of clothes by three convolutional stages. */
import { evaluate } from '@rootstock/eval'
import { classification, convnet, multitask } from '@rootstock/heads'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Fit, unusable } from './fit.ts'
import { idxClasses, idxImages } from './idxImages.ts'
import { train } from './training.ts'

const trunk = convnet({ in: [28, 28, 1], channels: [16, 32, 64], hidden: [128], dropout: 0.3 })
const model = multitask(trunk, { class: classification({ classes: idxClasses }) })
const recipe = { model, epochs: 8, batchSize: 128, seed: 1, rate: 4e-3, decay: 0.02 }

/** A convolutional trunk on all 60,000 training images. */
export const fashionMnist: Fit = {
  description: 'Fashion-MNIST by a convolutional trunk, accuracy at least .915',
  run: (context) =>
    pipe(
      idxImages('fashion-mnist', context),
      TE.mapLeft(unusable),
      TE.bindTo('data'),
      TE.bind('fitted', ({ data }) => train({ ...recipe, data: data.train }, context)),
      TE.map(({ data, fitted }) => {
        const { accuracy } = evaluate(model, fitted.params, data.test).class
        return [{ what: 'accuracy', value: accuracy, atLeast: 0.915 }]
      }),
    ),
}
