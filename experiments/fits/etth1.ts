/** Forecasts of the series by a trained trunk: a day ahead from the four days before, all channels by the same parameters. */
import { gelu, tensor } from '@rootstock/core'
import { mae, mse } from '@rootstock/eval'
import { mlp, type ParamsOf, type Rows } from '@rootstock/heads'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { errorsOfLeastSquares } from './etth1Linear.ts'
import { type Part, readSeries, type Series, windowsOf } from './etth1Series.ts'
import { type Fit, type FitContext, type Reached, unusable } from './fit.ts'
import { forecaster } from './forecaster.ts'
import { train } from './training.ts'

const span = { back: 96, ahead: 24 }

// Residual stages behind a glance at linear maps, which are hard to beat here.
const trunk = mlp({
  in: span.back,
  hidden: [96, 96],
  out: 96,
  activation: (x) => gelu(x),
  residual: true,
  dropout: 0.3,
})

const model = forecaster(trunk, span.ahead)

/** All windows of a part, channel after channel, and what follows each. */
const rowsOf = (series: Series, part: Part, context: FitContext): Rows<'ahead'> => {
  const { back, ahead } = span
  const windows = series.flatMap((hours) => windowsOf(hours, part, span, context))
  const rows = windows.length
  const inputs = new Float32Array(rows * back)
  const values = new Float32Array(rows * ahead)
  windows.forEach(({ before, after }, row) => {
    inputs.set(before, row * back)
    values.set(after, row * ahead)
  })
  const mask = new Uint8Array(rows).fill(1)
  return { rows, width: back, inputs, targets: { ahead: { values, mask, width: ahead } } }
}

/** Errors on the standardised scale, over all windows, hours and channels. */
const scored = (
  params: ParamsOf<typeof model>,
  { rows, width, inputs, targets }: Rows<'ahead'>,
): readonly Reached[] => {
  const predictions = model.forecast(params, tensor(inputs, { shape: [rows, width] })).data()
  const { values } = targets.ahead
  return [
    { what: 'MSE', value: mse(values, predictions), atMost: 0.31 },
    { what: 'MAE', value: mae(values, predictions) },
  ]
}

/** What least squares make of the same hours. */
const leastSquares = (series: Series, context: FitContext): readonly Reached[] => {
  const { squared, absolute } = errorsOfLeastSquares(series, span, context, false)
  return [
    { what: 'MSE of least squares', value: squared },
    { what: 'MAE of least squares', value: absolute },
  ]
}

/** A small residual trunk, trained. */
export const etth1: Fit = {
  description: 'ETTh1, 96 hours to 24, by a residual trunk, MSE at most 0.31',
  run: (context) =>
    pipe(
      readSeries(context),
      TE.mapLeft(unusable),
      TE.bindTo('series'),
      TE.bind('fitted', ({ series }) => {
        const data = rowsOf(series, 'train', context)
        return train(
          { model, data, epochs: 6, batchSize: 256, seed: 1, rate: 2e-3, decay: 0.01 },
          context,
        )
      }),
      TE.map(({ series, fitted }) => {
        const part = context.validate ? 'validation' : 'test'
        return [
          ...scored(fitted.params, rowsOf(series, part, context)),
          ...leastSquares(series, context),
        ]
      }),
    ),
}
