/**
 * Linear forecasts of the series by least squares, solved and not trained: what every trained forecaster has to beat, without a
 * seed. All channels share one map from the hours looked at to the hours ahead.
 */
import { add, eye, matmul, mul, solve, type Tensor, tensor, transpose } from '@rootstock/core'
import { streaming } from '@rootstock/eval'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type Part,
  readSeries,
  type Series,
  type Span,
  type Window,
  windowsOf,
} from './etth1Series.ts'
import { type Fit, type FitContext, type Reached, unusable } from './fit.ts'

// As small as keeps the system solvable; a hundred would change the fourth digit.
const ridge = 1e-6

/** Hours looked at and a one, and hours ahead, of windows of one channel: `[windows, back + 1]` and `[windows, ahead]`. */
interface System {
  readonly given: Tensor
  readonly wanted: Tensor
}

const systemOf = (
  windows: readonly Window[],
  { back, ahead }: Span,
  isRelative: boolean,
): System => {
  const count = windows.length
  const given = new Float64Array(count * (back + 1)).fill(1)
  const wanted = new Float64Array(count * ahead)
  windows.forEach(({ before, after }, i) => {
    const level = isRelative ? before[back - 1]! : 0
    for (let j = 0; j < back; j++) given[i * (back + 1) + j] = before[j]! - level
    for (let j = 0; j < ahead; j++) wanted[i * ahead + j] = after[j]! - level
  })
  return {
    given: tensor(given, { shape: [count, back + 1] }),
    wanted: tensor(wanted, { shape: [count, ahead] }),
  }
}

const added = (total: Tensor | undefined, x: Tensor): Tensor =>
  total === undefined ? x : add(total, x)

/** The map `[back + 1, ahead]` of least squared error over all windows of all channels: (X'X + ridge I) W = X'Y. */
const solveMap = (systems: Iterable<System>): Tensor => {
  let gram: Tensor | undefined
  let cross: Tensor | undefined
  for (const { given, wanted } of systems) {
    const turned = transpose(given)
    gram = added(gram, matmul(turned, given))
    cross = added(cross, matmul(turned, wanted))
  }
  const columns = gram!.shape[0]!
  return solve(add(gram!, mul(eye(columns, columns, { dtype: 'float64' }), ridge)), cross!)
}

/** Errors on the standardised scale, over all windows and channels. */
export const errorsOfLeastSquares = (
  series: Series,
  span: Span,
  context: FitContext,
  isRelative: boolean,
): { readonly squared: number; readonly absolute: number } => {
  // one channel at a time, since all of them together are large
  function* systems(part: Part): Generator<System> {
    for (const values of series)
      yield systemOf(windowsOf(values, part, span, context), span, isRelative)
  }
  const map = solveMap(systems('train'))
  const [squares, distances] = [streaming.mse(), streaming.mae()]
  let [squared, absolute] = [squares.init(), distances.init()]
  for (const { given, wanted } of systems(context.validate ? 'validation' : 'test')) {
    const batch = { predictions: matmul(given, map).data(), targets: wanted.data() }
    squared = squares.add(squared, batch)
    absolute = distances.add(absolute, batch)
  }
  return { squared: squares.result(squared), absolute: distances.result(absolute) }
}

const back = 336

// Measured once by an independent least-squares solver: mean squared and mean absolute error by hours ahead, in ten
// thousandths.
const known = {
  direct: {
    96: [3702, 3915],
    192: [4042, 4127],
    336: [4334, 4342],
    720: [4714, 4878],
  },
  relative: {
    96: [3702, 3915],
    192: [4034, 4112],
    336: [4277, 4262],
    720: [4344, 4505],
  },
} as const
const tolerance = 1e-3

const round = (value: number): number => Number(value.toFixed(4))

const near = (what: string, value: number, tenThousandths: number): Reached => ({
  what,
  value,
  atLeast: round(tenThousandths / 1e4 - tolerance),
  atMost: round(tenThousandths / 1e4 + tolerance),
})

const reach = (series: Series, context: FitContext): readonly Reached[] =>
  (['direct', 'relative'] as const).flatMap((kind) =>
    ([96, 192, 336, 720] as const).flatMap((ahead) => {
      const { squared, absolute } = errorsOfLeastSquares(
        series,
        { back, ahead },
        context,
        kind === 'relative',
      )
      const names = ['MSE', 'MAE'].map((error) => `${kind}, ${ahead} hours: ${error}`)
      const values = [squared, absolute]
      // what is known is known of the whole test part
      const isComparable = !context.validate && context.limit === undefined
      return names.map((what, i) =>
        isComparable ? near(what, values[i]!, known[kind][ahead][i]!) : { what, value: values[i]! },
      )
    }),
  )

/** Least squares at the four horizons of the literature, on the values and on what they differ by from the last one known. */
export const etth1Linear: Fit = {
  description: 'ETTh1 by least squares, 336 hours to 96, 192, 336 and 720, as known to 1e-3',
  run: (context) =>
    pipe(
      readSeries(context),
      TE.mapLeft(unusable),
      TE.map((series) => reach(series, context)),
    ),
}
