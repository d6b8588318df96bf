/** One training of a comparison: an arm run in its context, listened to, and scored. */
import type { Dataset } from '@rootstock/data'
import { type Diverged, explainFit, type FitEvent } from '@rootstock/heads'
import * as E from 'fp-ts/lib/Either.js'
import { evaluate } from '../evaluate.ts'
import type { Failure } from './arm.ts'
import type { Compared } from './compared.ts'
import type { AnyOptions } from './compareOptions.ts'
import type { ComparedTask, Place, Score, Trial } from './comparison.ts'
import { startRecorder } from './recorder.ts'

const explainArm = (error: Failure): string =>
  error._tag === 'Diverged' || error._tag === 'Aborted'
    ? explainFit(error as Diverged<unknown>)
    : error._tag

/** JSON has no numbers that are none. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** What all trainings of a comparison share. */
export interface Trials extends Pick<AnyOptions, 'model' | 'test' | 'arms' | 'signal' | 'explain'> {
  readonly tasks: readonly ComparedTask[]
  readonly dataFor: (place: Place) => Dataset
}

const scoresOf = ({ model, test, tasks }: Trials, place: Place, params: unknown): Score[] => {
  const found: Readonly<Record<string, object>> | null =
    params === null ? null : evaluate(model, params as never, test)
  return tasks.map(({ name, metric }) => ({
    ...place,
    task: name,
    metrics:
      found === null
        ? { [metric]: null }
        : Object.fromEntries(
            Object.entries(found[name]!).map(([key, value]) => [key, finite(value as number)]),
          ),
  }))
}

/** One training: its scores and cost, or null when the signal ended it. */
export const runTrial = async (
  trials: Trials,
  place: Place,
  hear: (event: FitEvent<string>) => void,
): Promise<(Pick<Compared, 'scores' | 'curves'> & { readonly trial: Trial }) | null> => {
  const { arms, signal, explain = explainArm } = trials
  const recorder = startRecorder(place)
  const began = performance.now()
  const result: E.Either<Failure, unknown> = await arms[place.arm]!({
    data: trials.dataFor(place),
    labels: place.labels,
    seed: place.seed,
    signal,
    onEvent: (event) => {
      recorder.hear(event)
      hear(event)
    },
  })()
  if (E.isLeft(result) && signal?.aborted === true) return null
  const seconds = (performance.now() - began) / 1000
  const failure = E.isLeft(result) ? explain(result.left) : null
  return {
    trial: { ...place, steps: recorder.steps(), seconds, failure },
    scores: scoresOf(trials, place, E.isRight(result) ? result.right : null),
    curves: recorder.curves(),
  }
}
