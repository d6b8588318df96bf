/** Which class a row of probabilities points at. */
import type { Numbers } from './rows.ts'

/** The class of the highest of the `classes` numbers of a row; the first among equals. */
export const mostLikely = (probabilities: Numbers, row: number, classes: number): number => {
  let best = 0
  for (let k = 1; k < classes; k++)
    if (probabilities[row * classes + k]! > probabilities[row * classes + best]!) best = k
  return best
}
