/** Values of options of a command line. Each throws an `Error` that says what is wrong. */

/** One of the words that are known. */
export const oneOf = <T extends string>(name: string, known: readonly T[], text: string): T => {
  const found = known.find((one) => one === text)
  if (found !== undefined) return found
  throw new Error(`--${name} must be one of ${known.join(', ')}, not ${text}`)
}

/** A whole number of at least 1, or a multiple of the step. */
export const wholeNumber = (name: string, text: string, step = 1): number => {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= step && value % step === 0) return value
  const what = step === 1 ? 'a whole number of at least 1' : `multiples of ${step}`
  throw new Error(`--${name} must be ${what}, not ${text}`)
}
