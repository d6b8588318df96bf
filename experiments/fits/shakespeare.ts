/** Shakespeare, character by character. */
import { jit } from '@rootstock/core'
import { alphabetOf, readText } from '@rootstock/data'
import { type Batch, evaluation, gather, type Objective, type Rows } from '@rootstock/heads'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CharacterParams, characterModel } from './characterModel.ts'
import { type Fit, type FitContext, unusable } from './fit.ts'
import { train } from './training.ts'

/** Characters that are held out at the end of the text. */
const heldOut = 111_540
/** Characters of a row to train on, and to be scored on, which gives the state less often nothing to go by. */
const steps = { train: 128, test: 1430 }

/** Rows of `width` characters each of `codes[from, to)`, each told from those before it in its row; the rest at the end is left out. */
const rowsOf = (
  codes: Int32Array,
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
  { limit }: FitContext,
): Rows<'next'> => {
  const rows = Math.min(Math.floor((to - from) / width), limit?.rows ?? Number.POSITIVE_INFINITY)
  const size = rows * width
  const inputs = Float32Array.from(codes.subarray(from - 1, from - 1 + size))
  const values = codes.slice(from, from + size)
  const mask = new Uint8Array(rows).fill(1)
  return { rows, width, inputs, targets: { next: { values, mask, width } } }
}

const atOnce = 13

/** The mean loss over rows, nats for each character. */
const lossOver = (
  model: Objective<CharacterParams, 'next'>,
  params: CharacterParams,
  data: Rows<'next'>,
): number => {
  const losses = jit(
    (now: CharacterParams, batch: Batch<'next'>) => model.losses(now, batch, evaluation).next,
  )
  let total = 0
  for (let row = 0; row < data.rows; row += atOnce) {
    const count = Math.min(atOnce, data.rows - row)
    const { batch } = gather(
      data,
      model.labels,
      Int32Array.from({ length: count }, (_, i) => row + i),
    )
    total += losses(params, batch).item() * count
  }
  return total / data.rows
}

const prepared = (text: string, context: FitContext) => {
  const end = context.validate ? text.length - heldOut : text.length
  const start = end - heldOut
  const alphabet = alphabetOf(text.slice(0, start))
  const codes = alphabet.encode(text)
  return {
    model: characterModel({ count: alphabet.size, embedding: 64, width: 512, dropout: 0.2 }),
    data: rowsOf(codes, { from: 1, to: start, width: steps.train }, context),
    test: rowsOf(codes, { from: start, to: end, width: steps.test }, context),
  }
}

/** A gated recurrence of 512 units over tinyshakespeare. */
export const shakespeare: Fit = {
  description: 'tinyshakespeare by a gated recurrence, at most 1.60 nats per character',
  run: (context) =>
    pipe(
      readText(`${context.folder}/text/tinyshakespeare.txt`),
      TE.mapLeft(unusable),
      TE.map((text) => prepared(text, context)),
      TE.bindTo('given'),
      TE.bind('fitted', ({ given: { model, data } }) =>
        train(
          { model, data, epochs: 5, batchSize: 64, seed: 1, rate: 4e-3, decay: 0.01, clip: 1 },
          context,
        ),
      ),
      TE.map(({ given: { model, test }, fitted }) => [
        { what: 'nats per character', value: lossOver(model, fitted.params, test), atMost: 1.6 },
      ]),
    ),
}
