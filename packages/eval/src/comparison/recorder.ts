/** Listens to one training: how many steps it made, and its loss curves, thinned so that a report stays small. */
import type { FitEvent } from '@rootstock/heads'
import type { LossCurve } from '../report/run.ts'
import type { Place } from './comparison.ts'

const mostPoints = 60

/** Every so-manieth point, the first and the last among them. */
const thinned = <T>(points: readonly T[]): readonly T[] => {
  const stride = Math.max(1, (points.length - 1) / (mostPoints - 1))
  return Array.from(
    { length: Math.min(points.length, mostPoints) },
    (_, i) => points[Math.round(i * stride)]!,
  )
}

/** Starts listening. */
export const startRecorder = (place: Place) => {
  const curves = new Map<string, (readonly [step: number, loss: number])[]>()
  let steps = 0
  return {
    hear: (event: FitEvent<string>): void => {
      if (event._tag === 'Stepped') steps++
      if (event._tag !== 'EpochEnded') return
      for (const [task, loss] of Object.entries(event.losses)) {
        if (loss === null) continue
        const points = curves.get(task) ?? []
        curves.set(task, points)
        points.push([steps, loss])
      }
    },
    steps: () => steps,
    curves: (): readonly LossCurve[] =>
      [...curves].map(([task, points]) => ({
        phase: 'training',
        task,
        ...place,
        points: thinned(points),
      })),
  }
}
