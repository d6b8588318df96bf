import { adam, random, sgd } from '@rootstock/core'
import type { Dataset } from '@rootstock/data'
import {
  type Arm,
  type ArmContext,
  type CompareEvent,
  type CompareOptions,
  compare,
  evaluate,
  explainComparison,
  fineTuned,
  probe,
  renderText,
  reportHtml,
  scratch,
  summarise,
} from '@rootstock/eval'
import { headsOf, mlp, multitask } from '@rootstock/heads'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'
import { menu } from '../menu.ts'

const { train, test: unseen } = menu()
const heads = headsOf(train.targets)
const model = multitask(mlp({ in: train.width, hidden: [8] }), heads)
const { trunk } = model.init(random.key(5))
type Params = ReturnType<typeof model.init>
type Options = CompareOptions<Params['trunk'], typeof heads, string>

const training = {
  model,
  optimizer: adam({ learningRate: 0.02 }),
  epochs: 2,
  batchSize: 16,
  minSteps: 30,
}

const options: Options = {
  name: 'menu',
  model,
  train,
  test: unseen,
  arms: {
    scratch: scratch(training),
    probe: probe({ model, trunk }),
    tuned: fineTuned({ ...training, trunk }),
  },
  labels: [12, 'all'],
  seeds: [1, 2],
}

const right = <L, R>(either: E.Either<L, R>): R => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}

const run = async (changes: Partial<Options> = {}) =>
  right(await compare({ ...options, ...changes })())

/** An arm that gives untrained parameters and remembers what it was given. */
const spy =
  (seen: ArmContext[]): Arm<Params, never> =>
  (context) => {
    seen.push(context)
    return TE.right(model.init(random.key(context.seed)))
  }

describe('compare', () => {
  test('scores every arm with every number of labels and every seed on all tasks', async () => {
    const compared = await run()
    expect(compared).toMatchObject({
      name: 'menu',
      arms: ['scratch', 'probe', 'tuned'],
      reference: 'scratch',
      labelCounts: [12, 159],
      seeds: [1, 2],
      tasks: [
        { name: 'kind', kind: 'classification', metric: 'accuracy' },
        { name: 'price', kind: 'regression', metric: 'rmse' },
      ],
    })
    expect(compared.scores).toHaveLength(3 * 2 * 2 * 2)
    expect(compared.trials).toHaveLength(3 * 2 * 2)
    expect(Object.keys(compared.scores[0]!.metrics)).toEqual([
      'accuracy',
      'balancedAccuracy',
      'f1',
      'logLoss',
      'rocAuc',
    ])
    const summary = summarise(compared)
    expect(summary.tasks[0]!.arms.map(({ arm }) => arm)).toEqual(['scratch', 'probe', 'tuned'])
    expect(summary.tasks[1]!.arms[2]!.gain!.pairs).toBe(2)
  })

  test('gives every arm the same labelled rows for a seed and a number of labels', async () => {
    const [first, second]: [ArmContext[], ArmContext[]] = [[], []]
    await run({ arms: { first: spy(first), second: spy(second) }, labels: [12, 0.5, 'all'] })
    const masks = (data: Dataset) => Object.values(data.targets).map(({ mask }) => mask.join(''))
    expect(first.map(({ labels, seed }) => [labels, seed])).toEqual([
      [12, 1],
      [80, 1],
      [159, 1],
      [12, 2],
      [80, 2],
      [159, 2],
    ])
    expect(first.map(({ data }) => masks(data))).toEqual(second.map(({ data }) => masks(data)))
    expect(masks(first[0]!.data)).not.toEqual(masks(first[3]!.data))
    expect(first[2]!.data).toBe(train)
  })

  test('records what evaluate says of the parameters', async () => {
    const { scores } = await run({ arms: { fresh: spy([]) }, labels: ['all'], seeds: [9] })
    const found = evaluate(model, model.init(random.key(9)), unseen)
    expect(scores.map(({ task, metrics }) => [task, metrics])).toEqual(Object.entries(found))
  })

  test('is the same again, but for the time it takes', async () => {
    const timeless = ({ phases, trials, ...rest }: Awaited<ReturnType<typeof run>>) => ({
      ...rest,
      phases: phases.map(({ name }) => name),
      trials: trials.map(({ seconds, ...trial }) => [trial, seconds > 0]),
    })
    expect(timeless(await run())).toEqual(timeless(await run()))
  })

  test('counts the steps of every training, and draws its losses in few points', async () => {
    const { trials, curves, phases } = await run({ labels: [12], seeds: [1] })
    const steps = Object.fromEntries(trials.map((trial) => [trial.arm, trial.steps]))
    expect(steps.scratch).toBe(30)
    expect(steps.tuned).toBe(steps.probe! + 30)
    const curve = curves.find(({ arm, task }) => arm === 'tuned' && task === 'price')!
    expect(curve).toMatchObject({ phase: 'training', labels: 12, seed: 1 })
    expect(curve.points.length).toBeLessThanOrEqual(60)
    expect(curve.points.at(-1)![0]).toBe(steps.tuned)
    expect(phases.map(({ name }) => name)).toEqual(['scratch', 'probe', 'tuned'])
  })

  test('judges tasks by the metric and names the unit it is told', async () => {
    const { tasks } = await run({
      labels: ['all'],
      seeds: [1],
      metrics: { kind: 'logLoss', price: 'r2' },
      units: { price: 'US dollars' },
    })
    expect(tasks).toEqual([
      { name: 'kind', kind: 'classification', metric: 'logLoss' },
      { name: 'price', kind: 'regression', metric: 'r2', unit: 'US dollars' },
    ])
  })

  test('takes parameters of a trunk for each seed', async () => {
    const asked: number[] = []
    const own = (seed: number) => {
      asked.push(seed)
      return model.init(random.key(seed)).trunk
    }
    await run({ arms: { probe: probe({ model, trunk: own }) }, labels: ['all'] })
    expect(asked).toEqual([1, 2])
  })

  test('records a training that diverges, says so in every report, and goes on', async () => {
    const wild = { ...training, optimizer: sgd({ learningRate: 1e12 }) }
    const compared = await run({
      arms: { scratch: scratch(training), wild: scratch(wild) },
      labels: ['all'],
      seeds: [1],
    })
    const failed = compared.trials.find(({ arm }) => arm === 'wild')!
    expect(failed.failure).toMatchInlineSnapshot(
      `"training stopped at step 2 (epoch 1): the loss of task "price" is not finite; the parameters before this step are kept; a smaller learning rate or clipByGlobalNorm usually helps"`,
    )
    expect(
      compared.scores.filter(({ arm }) => arm === 'wild').map(({ metrics }) => metrics),
    ).toEqual([{ accuracy: null }, { rmse: null }])
    const full = { ...compared, backend: 'wasm', config: {} }
    const summary = summarise(compared)
    expect(renderText(summary, full)).toContain('1 of 2 trainings failed')
    expect(reportHtml(summary, full)).toContain('1 of 2 trainings failed')
  })

  test("records failures of arms of one's own by their tag, or in the words of explain", async () => {
    const arms = {
      tired: (): TE.TaskEither<{ _tag: 'Tired' }, Params> => TE.left({ _tag: 'Tired' }),
    }
    const failureOf = async (explain?: (error: { _tag: 'Tired' }) => string) => {
      const own = {
        name: 'tired',
        model,
        train,
        test: unseen,
        arms,
        labels: ['all'] as const,
        seeds: [1],
      }
      const compared = right(await compare(explain === undefined ? own : { ...own, explain })())
      return compared.trials[0]!.failure
    }
    expect(await failureOf()).toBe('Tired')
    expect(await failureOf(({ _tag }) => `too ${_tag.toLowerCase()} to train`)).toBe(
      'too tired to train',
    )
  })

  test('tells how far it is, with the time left', async () => {
    const events: CompareEvent[] = []
    await run({ onEvent: (event) => events.push(event) })
    expect(events[0]).toEqual({ _tag: 'ComparisonStarted', trials: 12, labelCounts: [12, 159] })
    const ended = events.filter((event) => event._tag === 'TrialEnded')
    expect(ended.map(({ number }) => number)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
    expect(ended.slice(0, -1).every(({ secondsLeft }) => secondsLeft > 0)).toBe(true)
    expect(ended.at(-1)!.secondsLeft).toBe(0)
    expect(ended[0]).toMatchObject({ trial: { arm: 'scratch', steps: 30, failure: null } })
    expect(events.at(-1)!._tag).toBe('ComparisonEnded')
  })

  test('ends when the signal says so, with the trainings that were finished', async () => {
    const controller = new AbortController()
    const result = await compare({
      ...options,
      signal: controller.signal,
      onEvent: (event) => {
        if (event._tag === 'TrialStepped' && event.number === 3) controller.abort()
      },
    })()
    if (E.isRight(result)) throw new Error('must be aborted')
    expect(result.left._tag).toBe('ComparisonAborted')
    expect(result.left.compared.trials.map(({ arm }) => arm)).toEqual(['scratch', 'probe'])
    expect(explainComparison(result.left)).toMatchInlineSnapshot(
      `"the comparison "menu" was aborted after 2 of 12 trainings; what was finished is kept"`,
    )
    expect(() => summarise(result.left.compared)).not.toThrow()
  })

  test('keeps labelled rows back to stop early, when asked', async () => {
    const events: CompareEvent[] = []
    const early = { ...training, validation: 0.25, patience: 1, epochs: 40 }
    await run({
      arms: { early: scratch(early) },
      labels: [80],
      seeds: [1],
      onEvent: (event) => events.push(event),
    })
    const heard = events.flatMap((event) => (event._tag === 'TrialStepped' ? [event.event] : []))
    expect(heard[0]).toMatchObject({ _tag: 'Started', rows: 60 })
    const epochs = heard.filter((event) => event._tag === 'EpochEnded')
    expect(epochs.every(({ validation }) => validation !== null)).toBe(true)
    expect(epochs.length).toBeLessThan(40)
  })

  test('refuses to compare nothing', () => {
    expect(() => compare({ ...options, seeds: [] })()).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in compare
        seeds  []
        rule   there must be at least one of seeds]
    `)
    expect(() =>
      compare<Params['trunk'], typeof heads, string>({ ...options, arms: {} })(),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in compare
        arms  []
        rule  there must be at least one of arms]
    `)
  })
})
