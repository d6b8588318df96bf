/** What and where: one convolutional trunk, a head for the class and one for the box of a digit somewhere in a larger image. */
import type { Dataset } from '@rootstock/data'
import { evaluate } from '@rootstock/eval'
import { boxes, classification, convnet, fixed, multitask, type Rows } from '@rootstock/heads'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Fit, unusable } from './fit.ts'
import { idxClasses, idxImages } from './idxImages.ts'
import { train } from './training.ts'

const side = 64
const digit = 28
/** Places that a digit can have along an axis. */
const places = side - digit + 1

/** Left, top, right, bottom of the pixels that are not 0, from the corner of the digit. */
const tightBox = (pixels: Float32Array): readonly [number, number, number, number] => {
  let [left, top, right, bottom] = [digit, digit, 0, 0]
  for (let y = 0; y < digit; y++) {
    for (let x = 0; x < digit; x++) {
      if (pixels[y * digit + x] === 0) continue
      left = Math.min(left, x)
      top = Math.min(top, y)
      right = Math.max(right, x + 1)
      bottom = Math.max(bottom, y + 1)
    }
  }
  return [left, top, right, bottom]
}

/** Each digit copied to a place that its number in the file decides; `first` is that of the first row. */
export const placed = (
  { rows, inputs, targets }: Dataset<'class'>,
  first: number,
): Rows<'class' | 'box'> => {
  const canvas = new Float32Array(rows * side * side)
  const corners = new Float32Array(rows * 4)
  for (let row = 0; row < rows; row++) {
    const pixels = inputs.subarray(row * digit * digit, (row + 1) * digit * digit)
    const left = (first + row) % places
    const top = Math.floor((first + row) / places) % places
    for (let y = 0; y < digit; y++) {
      const line = pixels.subarray(y * digit, (y + 1) * digit)
      canvas.set(line, row * side * side + (top + y) * side + left)
    }
    const box = tightBox(pixels).map((edge, i) => (edge + (i % 2 === 0 ? left : top)) / side)
    corners.set(box, row * 4)
  }
  const box = { values: corners, mask: new Uint8Array(rows).fill(1), width: 4 }
  return { rows, width: side * side, inputs: canvas, targets: { class: targets.class, box } }
}

const trunk = convnet({
  in: [side, side, 1],
  channels: [8, 16, 32, 64, 64],
  hidden: [128],
  dropout: 0.1,
})
const model = multitask(trunk, { class: classification({ classes: idxClasses }), box: boxes() })
const recipe = {
  model,
  // early on boxes are far off and would drown the classes
  weighting: fixed({ class: 1, box: 0.5 }),
  epochs: 12,
  batchSize: 64,
  seed: 1,
  rate: 5e-3,
  decay: 0.01,
}
const sizes = { train: 10_000, heldOut: 2000, test: 2000 }

/** The first 10,000 digits for training, the first 2,000 test digits for testing. */
export const placedDigits: Fit = {
  description:
    'class and place of digits in 64 x 64 pixels, accuracy at least .95, IoU at least .80',
  run: (context) =>
    pipe(
      idxImages('mnist', context, sizes),
      TE.mapLeft(unusable),
      TE.map((images) => ({
        train: placed(images.train, 0),
        test: placed(images.test, images.firstTest),
      })),
      TE.bindTo('data'),
      TE.bind('fitted', ({ data }) => train({ ...recipe, data: data.train }, context)),
      TE.map(({ data, fitted }) => {
        const scores = evaluate(model, fitted.params, data.test)
        return [
          { what: 'accuracy', value: scores.class.accuracy, atLeast: 0.95 },
          { what: 'mean IoU', value: scores.box.iou, atLeast: 0.8 },
        ]
      }),
    ),
}
