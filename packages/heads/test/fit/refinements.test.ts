import {
  accumulate,
  add,
  full,
  leaves,
  mean,
  mul,
  random,
  sgd,
  square,
  sub,
  type Tensor,
  zeros,
} from '@rootstock/core'
import {
  batchNorm,
  dense,
  type FitOptions,
  fit,
  multitask,
  type Objective,
  type Rows,
  regression,
  sequence,
  trunkOf,
} from '@rootstock/heads'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

interface Line {
  readonly slope: Tensor
  readonly height: Tensor
}

/** y = slope x + height by least squares: small enough to be followed in plain numbers. */
const line: Objective<Line, 'y'> = {
  tasks: ['y'],
  labels: ['y'],
  init: () => ({ slope: zeros([]), height: zeros([]) }),
  losses: ({ slope, height }, { inputs, targets }) => {
    const x = inputs.reshape([-1])
    return { y: mean(square(sub(add(mul(x, slope), height), targets.y.values))) }
  },
}

const rowsOf = (inputs: readonly number[], values: readonly number[]): Rows<'y'> => ({
  rows: inputs.length,
  width: 1,
  inputs: Float32Array.from(inputs),
  targets: {
    y: { values: Float32Array.from(values), mask: new Uint8Array(inputs.length).fill(1) },
  },
})

const inputs = [-1, 0, 1, 2]
const data = rowsOf(inputs, [3, 2, -1, 0.5])

/** Slope and height of the loss at a place, in plain numbers. */
const gradient = ([slope, height]: readonly [number, number]): [number, number] => {
  const errors = inputs.map((x, i) => slope * x + height - data.targets.y.values[i]!)
  const total = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / 2
  return [total(errors.map((e, i) => e * inputs[i]!)), total(errors)]
}

const rate = 0.1
const options: FitOptions<Line, 'y'> = {
  model: line,
  data,
  optimizer: sgd({ learningRate: rate }),
  epochs: 6,
  batchSize: 4,
  seed: 1,
}

const run = async (changes: Partial<FitOptions<Line, 'y'>> = {}) => {
  const result = await fit({ ...options, ...changes })()
  if (!isRight(result)) throw new Error('training failed')
  return result.right
}

const numbers = ({ slope, height }: Line) => [slope.item(), height.item()]
const bits = (tree: unknown) => leaves(tree).map((leaf) => [...(leaf as Tensor).data()])

const expectPlace = (found: Line, wanted: readonly number[]): void => {
  numbers(found).forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i]!, 5)
  })
}

/** Places of steps whose size and gradient may depend on the step, counted from 1. */
const path = (
  sizeAt: (step: number) => number,
  gradientAt: (place: readonly [number, number]) => readonly [number, number] = gradient,
) => {
  let place: [number, number] = [0, 0]
  return Array.from({ length: 6 }, (_, i) => {
    const g = gradientAt(place)
    place = [place[0] - sizeAt(i + 1) * g[0], place[1] - sizeAt(i + 1) * g[1]]
    return place
  })
}

describe('sharpness', () => {
  it('takes each gradient at the worst neighbour', async () => {
    const radius = 0.3
    const wanted = path(
      () => rate,
      (place) => {
        const [a, b] = gradient(place)
        const length = Math.hypot(a, b)
        return gradient([place[0] + (radius * a) / length, place[1] + (radius * b) / length])
      },
    )
    const { params, history } = await run({ sharpness: { radius } })
    expectPlace(params, wanted.at(-1)!)
    // the loss that is told is the one at the parameters
    expect(history[0]!.losses.y).toBeCloseTo((9 + 4 + 1 + 0.25) / 4, 5)
  })
})

describe('an average', () => {
  const places = path(() => rate)
  const meanOf = (list: readonly (readonly [number, number])[]) =>
    [0, 1].map((i) => list.reduce((sum, place) => sum + place[i]!, 0) / list.length)

  it('of all steps from one on is what training returns, and does not disturb it', async () => {
    const { params, state } = await run({ average: { decay: 'equal', from: 2 } })
    expectPlace(params, meanOf(places.slice(2)))
    expect(bits(state.params)).toEqual(bits((await run()).state.params))
  })

  it('is exponential otherwise', async () => {
    let [slope, height] = [0, 0]
    places.forEach(([a, b], i) => {
      const kept = Math.min(0.5, (i + 2) / (i + 11))
      ;[slope, height] = [kept * slope + (1 - kept) * a, kept * height + (1 - kept) * b]
    })
    expectPlace((await run({ average: { decay: 0.5 } })).params, [slope, height])
  })

  it('is what is measured on validation, and chosen by it', async () => {
    const average = { decay: 'equal' } as const
    const { history, params } = await run({ average, validation: data, keep: 'best' })
    const lossAt = ([slope, height]: readonly number[]) =>
      inputs.reduce(
        (sum, x, i) => sum + (slope! * x + height! - data.targets.y.values[i]!) ** 2 / 4,
        0,
      )
    history.forEach(({ validation }, i) => {
      expect(validation!.y).toBeCloseTo(lossAt(meanOf(places.slice(0, i + 1))), 5)
    })
    expectPlace(params, meanOf(places))
  })

  it('goes on from a state to the same bits', async () => {
    const average = { decay: 'equal', from: 1, every: 2 } as const
    const half = await run({ average, epochs: 3 })
    const rest = await run({ average, state: half.state })
    expect(bits(rest.params)).toEqual(bits((await run({ average })).params))
    // a mean that is asked for later begins there
    const plain = await run({ epochs: 3 })
    const late = await run({ average: { decay: 'equal' }, state: plain.state })
    expectPlace(late.params, meanOf(places.slice(3)))
  })

  it('is taken of what layers learn by looking, too', async () => {
    const stage = {
      ...sequence({ linear: dense({ in: 1, out: 3 }), normal: batchNorm({ channels: 3 }) }),
      out: 3,
    }
    const model = multitask(trunkOf({ in: 1, layers: [stage] }), { y: regression() })
    const params = model.init(random.key(2))
    const at = async (epochs: number, average?: { readonly decay: 'equal' }) => {
      const result = await fit({
        ...options,
        model,
        params,
        epochs,
        ...(average === undefined ? {} : { average }),
      })()
      if (!isRight(result)) throw new Error('training failed')
      return result.right.params.trunk.layers[0]!.normal.statistics.mean.data()
    }
    const each = [await at(1), await at(2), await at(3)]
    const together = await at(3, { decay: 'equal' })
    together.forEach((value, i) => {
      expect(value).toBeCloseTo((each[0]![i]! + each[1]![i]! + each[2]![i]!) / 3, 5)
    })
  })

  it('leaves what is frozen as it is', async () => {
    const params = { slope: zeros([]), height: full([], 3) }
    const average = { decay: 'equal' } as const
    const found = (await run({ params, frozen: ['height'], average })).params
    const slopes = path(
      () => rate,
      ([slope]) => [gradient([slope, 3])[0], 0],
    ).map(([slope]) => slope)
    expectPlace(found, [slopes.reduce((sum, slope) => sum + slope, 0) / 6, 3])
  })

  it('is what an aborted training gives', async () => {
    const controller = new AbortController()
    const result = await fit({
      ...options,
      average: { decay: 'equal' },
      signal: controller.signal,
      onEvent: (event) => {
        if (event._tag === 'Stepped' && event.step === 3) controller.abort()
      },
    })()
    if (!isLeft(result)) throw new Error('must be aborted')
    expectPlace(result.left.params, meanOf(places.slice(0, 3)))
  })

  it('is kept when a step is refused', async () => {
    const average = { decay: 'equal' } as const
    const half = await run({ average, epochs: 3 })
    const broken = rowsOf([1, 2, 0, Number.NaN], [0, 1, 2, 3])
    const result = await fit({ ...options, data: broken, average, state: half.state })()
    expect(isLeft(result) && bits(result.left.params)).toEqual(bits(half.params))
  })
})

describe('a plateau', () => {
  // labels turned round: what trains well is ever worse there
  const validation = rowsOf(inputs, [-3, -2, 1, -0.5])
  const plateau = { factor: 0.5, patience: 1 }

  it('shortens steps once validation has not fallen for longer than the patience', async () => {
    // after epoch 1 the best, epoch 2 is forgiven, epochs 3 and 5 halve
    const sizes = [rate, rate, rate, rate / 2, rate / 2, rate / 4]
    const { params, state } = await run({ validation, plateau })
    expectPlace(params, path((step) => sizes[step - 1]!).at(-1)!)
    expect(state.plateau!.rate.item()).toBe(0.25)
  })

  it('changes nothing while validation falls', async () => {
    const { params } = await run({ validation: data, plateau })
    expect(bits(params)).toEqual(bits((await run()).params))
  })

  it('goes on from a state to the same bits', async () => {
    const half = await run({ validation, plateau, epochs: 4 })
    const rest = await run({ validation, plateau, state: half.state })
    expect(bits(rest.params)).toEqual(bits((await run({ validation, plateau })).params))
  })

  it('needs validation', () => {
    expect(fit({ ...options, plateau })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in fit
        keep      last
        patience  none
        plateau   given
        rule      keep: best, patience and plateau need validation rows]
    `)
  })
})

describe('accumulated gradients', () => {
  it('of several batches make the step of one large batch', async () => {
    const rows = 16
    const wave = (i: number) => Math.sin(3 * i + 1)
    const many = rowsOf(
      Array.from({ length: rows }, (_, i) => wave(i)),
      Array.from({ length: rows }, (_, i) => wave(i + rows)),
    )
    const optimizer = sgd({ learningRate: rate, momentum: 0.5 })
    const large = await run({ data: many, optimizer, batchSize: 8 })
    const small = await run({ data: many, optimizer: accumulate(2, optimizer), batchSize: 4 })
    expectPlace(small.params, numbers(large.params))
    expect(small.steps).toBe(2 * large.steps)
  })
})
