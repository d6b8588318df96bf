/** Checks of what a program passes. Its mistakes are thrown, unlike those of files, which are values. */
import { ArgumentError } from '@rootstock/core'

/** Throws unless a value is a whole number of at least `least`. */
export const expectWhole = (operation: string, name: string, value: number, least = 0): void => {
  if (Number.isSafeInteger(value) && value >= least) return
  const rule = `${name} must be a whole number of at least ${least}`
  throw new ArgumentError({ operation, inputs: { [name]: value }, rule })
}

/** Throws unless a text is one ASCII character that ends no line. */
export const expectCharacter = (operation: string, name: string, value: string): void => {
  if (/^[\t\x20-\x7e]$/.test(value)) return
  const rule = `${name} must be one ASCII character`
  throw new ArgumentError({ operation, inputs: { [name]: JSON.stringify(value) }, rule })
}

/** Throws unless a name is one of those there are. */
export const expectKnown = (operation: string, name: string, known: readonly string[]): void => {
  if (known.includes(name)) return
  const inputs = { task: JSON.stringify(name), tasks: known.map((k) => JSON.stringify(k)) }
  throw new ArgumentError({ operation, inputs, rule: 'the data set must have labels for the task' })
}
