/** Lines on paper. */

/** A place on paper. */
export type Place = readonly [x: number, y: number]

/** Whether a place can be drawn. */
export const isFinitePlace = ([x, y]: Place): boolean => Number.isFinite(x) && Number.isFinite(y)

/** A number of a path: far outside at most, but not so far that a renderer overflows. */
export const paper = (coordinate: number): string =>
  Math.max(-1e4, Math.min(1e4, coordinate)).toFixed(1)

/** A path through places, broken where one is not finite; nothing for none. */
export const pathThrough = (places: readonly Place[]): string => {
  let path = ''
  let pen = 'M'
  for (const place of places) {
    if (!isFinitePlace(place)) {
      pen = 'M'
      continue
    }
    path += `${pen}${paper(place[0])} ${paper(place[1])}`
    pen = 'L'
  }
  return path
}
