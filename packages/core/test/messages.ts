/** What the user reads. */

/** Messages of mistakes, one below the other. */
export const messages = (...mistakes: readonly (() => unknown)[]): string =>
  mistakes
    .map((mistake) => {
      try {
        mistake()
        return `no error: ${String(mistake)}`
      } catch (error) {
        return (error as Error).message
      }
    })
    .join('\n\n')
