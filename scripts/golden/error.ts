/** What can go wrong before a single case has run. */

/** A folder or file that cannot be used. */
export type GoldenError =
  | { readonly _tag: 'Unreadable'; readonly path: string; readonly reason: string }
  | { readonly _tag: 'Empty'; readonly folder: string }
  | { readonly _tag: 'Syntax'; readonly file: string; readonly reason: string }
  | { readonly _tag: 'Invalid'; readonly file: string; readonly problems: readonly string[] }

const shown = 10

/** The message for a reader. */
export const explain = (error: GoldenError): string => {
  switch (error._tag) {
    case 'Unreadable':
      return `${error.path}: cannot be read: ${error.reason}`
    case 'Empty':
      return `${error.folder}: there is no .json file in it`
    case 'Syntax':
      return `${error.file}: is not JSON: ${error.reason}`
    case 'Invalid': {
      const more = error.problems.length - shown
      return [
        `${error.file}: is not a file of golden values`,
        ...error.problems.slice(0, shown).map((problem) => `  ${problem}`),
        ...(more > 0 ? [`  and ${more} more`] : []),
      ].join('\n')
    }
  }
}
