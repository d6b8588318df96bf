/** Why the native backend cannot be had. All of it is a value: its absence is ordinary, and WASM is there instead. */

/** Reasons for which there is no native backend on this machine. */
export type BackendUnavailable =
  /** None of the compilers tried answers. */
  | { readonly _tag: 'CompilerMissing'; readonly tried: readonly string[] }
  /** A compiler answers, but does not compile what it should. */
  | { readonly _tag: 'CompilerFailed'; readonly compiler: string; readonly output: string }
  /** The library that loads shared objects is not installed or does not run here. */
  | { readonly _tag: 'LoaderMissing'; readonly reason: string }
  /** No private folder can be made for compiled code. */
  | { readonly _tag: 'CacheUnusable'; readonly folder: string; readonly reason: string }

/**
 * The reason in words.
 * @example
 * ```ts
 * import { explainUnavailable } from '@rootstock/native'
 * console.log(explainUnavailable({ _tag: 'CompilerMissing', tried: ['cc'] }))
 * // no native backend: none of these C compilers was found: cc
 * ```
 */
export const explainUnavailable = (error: BackendUnavailable): string => {
  const start = 'no native backend:'
  switch (error._tag) {
    case 'CompilerMissing':
      return `${start} none of these C compilers was found: ${error.tried.join(', ')}`
    case 'CompilerFailed':
      return `${start} ${error.compiler} could not compile the runtime:\n${error.output.trim()}`
    case 'LoaderMissing':
      return `${start} koffi could not be loaded: ${error.reason}`
    case 'CacheUnusable':
      return `${start} ${error.folder} cannot hold compiled code: ${error.reason}`
  }
}

/** What went wrong, in the words of whoever threw. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)
