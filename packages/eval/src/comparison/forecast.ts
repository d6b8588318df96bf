/** How long a comparison will still take: each coming training as long as those like it took. */
import { mean } from '../statistics/moments.ts'
import type { Place } from './comparison.ts'

const isLike: readonly ((a: Place, b: Place) => boolean)[] = [
  (a, b) => a.arm === b.arm && a.labels === b.labels,
  (a, b) => a.arm === b.arm,
  () => true,
]

/** Starts without knowing anything: the forecast is 0 until a training has ended. */
export const startForecast = () => {
  const ended: { readonly place: Place; readonly seconds: number }[] = []
  const expected = (place: Place): number => {
    for (const alike of isLike) {
      const times = ended.filter((trial) => alike(trial.place, place)).map(({ seconds }) => seconds)
      if (times.length > 0) return mean(times)
    }
    return 0
  }
  return {
    end: (place: Place, seconds: number): void => {
      ended.push({ place, seconds })
    },
    /** Seconds that trainings at these places will take. */
    secondsOf: (places: readonly Place[]): number =>
      places.reduce((sum, place) => sum + expected(place), 0),
  }
}
