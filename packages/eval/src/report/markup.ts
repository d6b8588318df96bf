/**
 * Text that is already HTML, as a type of its own. The `html` tag escapes every value that is not, so a column called
 * `<script>` cannot become one: forgetting to escape does not compile into a hole, it shows as text.
 */

/** A piece of HTML or SVG. */
export interface Markup {
  readonly markup: string
}

/** What may stand in an `html` template: text and numbers are escaped, `false` and `null` vanish. */
export type Piece = Markup | string | number | false | null | readonly Piece[]

// Characters that steer a terminal or the direction of text; in a name they can only mislead.
const steering = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** Text with control and direction characters replaced by the replacement character. */
export const printable = (text: string): string => text.replace(steering, '\ufffd')

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as HTML, safe inside elements and quoted attributes. */
const escapeHtml = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (character) => entities[character]!)

const toMarkup = (piece: Piece): string => {
  if (piece === false || piece === null) return ''
  if (typeof piece === 'string') return escapeHtml(piece)
  if (typeof piece === 'number') return String(Math.round(piece * 100) / 100)
  return 'markup' in piece ? piece.markup : piece.map(toMarkup).join('')
}

/** A template of HTML whose values are escaped. Numbers are coordinates: two decimals. */
export const html = (parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup => ({
  markup: parts.map((part, i) => part + (i < pieces.length ? toMarkup(pieces[i]!) : '')).join(''),
})

/** Text that is HTML already and was written by us. */
export const trusted = (markup: string): Markup => ({ markup })

/** Text of many lines in a <pre>: line ends and tabs are kept. */
export const escapeLines = (text: string): Markup =>
  trusted(
    text
      .split('\n')
      .map((line) => escapeHtml(line.replaceAll('\t', '  ')))
      .join('\n'),
  )
