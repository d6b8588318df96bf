/** Putting the native backend together: compiler, cache, loader, runtime. */
import { type Backend, wasmBackend } from '@rootstock/core'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { backendOver } from './backend.ts'
import { openCache } from './cache.ts'
import { findCompiler } from './compiler.ts'
import { headers, loadKoffi, openLibrary } from './library.ts'
import type { BackendUnavailable } from './unavailable.ts'

/** Options of `nativeBackend`. */
export interface NativeOptions {
  /**
   * Threads that share a program. By default one, or as many as the machine runs at once, whichever is faster at the time.
   * Results do not depend on it.
   */
  readonly threads?: number
  /** Commands to try; what `CC` names, then cc, gcc and clang by default. */
  readonly compilers?: readonly string[]
  /** Flags that name the processor, `['-march=x86-64-v3']`; this machine's by default. */
  readonly target?: readonly string[]
  /** Where compiled code is kept, a folder of this user alone; `~/.cache/rootstock/native` by default. */
  readonly cacheFolder?: string
  /**
   * Run programs on WASM while the compiler works on them, instead of waiting. Off by default: where the processor fuses
   * products with sums, results before and after differ in their last bits.
   */
  readonly warmStart?: boolean
  /** Bytes the cache may take, 256 MiB by default. */
  readonly cacheLimit?: number
}

/** What tests may ask for besides. */
export interface Sharing {
  /** Threads share whatever can be shared, worth it or not. */
  readonly always?: boolean
}

/** The backend, with options for tests. */
export const createNativeBackend =
  ({
    threads,
    compilers,
    target,
    cacheFolder,
    cacheLimit,
    warmStart = false,
    always = false,
  }: NativeOptions & Sharing): TE.TaskEither<BackendUnavailable, Backend> =>
  async () => {
    const compiler = findCompiler({
      ...(compilers === undefined ? {} : { compilers }),
      ...(target === undefined ? {} : { target }),
    })
    if (E.isLeft(compiler)) return compiler
    const cache = openCache({
      ...(cacheFolder === undefined ? {} : { folder: cacheFolder }),
      ...(cacheLimit === undefined ? {} : { limit: cacheLimit }),
    })
    if (E.isLeft(cache)) return cache
    const koffi = await loadKoffi()
    if (E.isLeft(koffi)) return koffi
    const library = openLibrary(koffi.right, cache.right, compiler.right)
    if (E.isLeft(library)) return library
    const meanwhile = warmStart ? wasmBackend(threads === undefined ? {} : { threads }) : null
    return E.right(
      backendOver(library.right, headers(), { threads: threads ?? null, meanwhile, always }),
    )
  }

/**
 * A backend that renders programs to C and runs them with vectors and threads.
 * @example
 * ```ts
 * import { explainUnavailable, nativeBackend } from '@rootstock/native'
 * const found = await nativeBackend({ compilers: ['no-such-compiler'] })()
 * if (found._tag === 'Left') console.log(explainUnavailable(found.left))
 * // no native backend: none of these C compilers was found: no-such-compiler
 * ```
 */
export const nativeBackend = (
  options: NativeOptions = {},
): TE.TaskEither<BackendUnavailable, Backend> => createNativeBackend(options)
