/** Threads for tests. */
import type { Backend } from '../backends/backend.ts'
import { createWasmBackend } from '../backends/wasm/backend.ts'

/**
 * A WASM backend with that many threads, which share all that can be shared, however little, from the first run on: for tests
 * that the number of threads changes no bit. Programs of everyday use belong on `wasmBackend`, which shares what is worth it.
 * @example
 * ```ts
 * import { tensor, withBackend } from '@rootstock/core'
 * import { team } from '@rootstock/core/conformance'
 * console.log(withBackend(team(2), () => tensor([1, 2, 3]).sum().item())) // 6
 * ```
 */
export const team = (threads: number): Backend => createWasmBackend({ threads, always: true })
