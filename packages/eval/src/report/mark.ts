/** An arm's sign on paper: colour, shape and place in the order, the same in every plot. Shape serves whom colour does not. */
import type { Summary } from '../comparison/summary.ts'
import { html, type Markup, trusted } from './markup.ts'
import { palette } from './style.ts'

/** The class of an arm's colour. The reference is the grey one. */
export const armClass = (summary: Pick<Summary, 'arms' | 'reference'>, arm: string): string => {
  if (arm === summary.reference) return 'arm0'
  const others = summary.arms.filter((name) => name !== summary.reference)
  return `arm${1 + (Math.max(0, others.indexOf(arm)) % (palette - 1))}`
}

const shapes: readonly ((x: number, y: number) => string)[] = [
  (x, y) => `M${x - 4.5} ${y}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z`,
  (x, y) => `M${x - 4} ${y - 4}h8v8h-8z`,
  (x, y) => `M${x} ${y - 5.5}l5 9h-10z`,
  (x, y) => `M${x} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z`,
  (x, y) => `M${x} ${y + 5.5}l-5 -9h10z`,
]

/** The mark of an arm at a place, with a note that shows on hovering. */
export const armMark = (
  summary: Pick<Summary, 'arms' | 'reference'>,
  arm: string,
  [x, y]: readonly [number, number],
  note: string,
): Markup => {
  const index = Math.max(0, summary.arms.indexOf(arm))
  const round = (value: number) => Math.round(value * 100) / 100
  const path = trusted(shapes[index % shapes.length]!(round(x), round(y)))
  return html`<path class="mark" d="${path}"><title>${note}</title></path>`
}
