/**
 * Whether a picture is the one that a page shows. The last bits of a number may change with the engine and move a curve by a fraction of
 * a pixel; that is no reason to draw all pages anew.
 */

const number = /-?\d+(?:\.\d+)?/g

/** Pixels by which two pictures may differ on average. */
const tolerance = 1

/** Whether two SVG documents say the same but for numbers, and these are less than a pixel apart on average. */
export const resembles = (shown: string, drawn: string): boolean => {
  if (shown.replace(number, '0') !== drawn.replace(number, '0')) return false
  const [before, after] = [shown, drawn].map((picture) => (picture.match(number) ?? []).map(Number))
  const apart = before!.reduce((sum, value, i) => sum + Math.abs(value - after![i]!), 0)
  return apart <= tolerance * before!.length
}
