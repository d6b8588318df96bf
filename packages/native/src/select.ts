/** Choosing a backend by name. */
import { type Backend, referenceBackend, wasmBackend } from '@rootstock/core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type NativeOptions, nativeBackend } from './native.ts'
import type { BackendUnavailable } from './unavailable.ts'

/** `auto` is native where a compiler works, WASM elsewhere. */
export type BackendChoice = 'auto' | 'native' | 'wasm' | 'reference'

/**
 * The backend of that name. Only `native` can be unavailable.
 * @example
 * ```ts
 * import { selectBackend } from '@rootstock/native'
 * const found = await selectBackend('wasm')()
 * if (found._tag === 'Right') console.log(found.right.name) // wasm
 * ```
 */
export const selectBackend = (
  choice: BackendChoice,
  options: NativeOptions = {},
): TE.TaskEither<BackendUnavailable, Backend> => {
  const { threads } = options
  const wasm = (): Backend => wasmBackend(threads === undefined ? {} : { threads })
  if (choice === 'wasm') return TE.of(wasm())
  if (choice === 'reference') return TE.of(referenceBackend())
  const native = nativeBackend(options)
  return choice === 'native'
    ? native
    : async () => {
        const found = await native()
        return E.isRight(found) ? found : E.right(wasm())
      }
}
