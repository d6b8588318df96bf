/** Which backend runs programs. There is one at a time; results can be read wherever they were computed. */
import type { Backend, MemoryReport } from '../backends/backend.ts'
import { wasmBackend } from '../backends/wasm/backend.ts'

let current: Backend | null = null

/** The backend in force; the WASM backend unless another was set. */
export const currentBackend = (): Backend => {
  current ??= wasmBackend()
  return current
}

/**
 * Sets the backend for all that follows.
 * @example
 * ```ts
 * import { referenceBackend, setBackend, tensor } from '@rootstock/core'
 * setBackend(referenceBackend())
 * console.log(tensor([1, 2]).add(1).toArray()) // [ 2, 3 ]
 * ```
 */
export const setBackend = (backend: Backend): void => {
  current = backend
}

/** Runs `f` with another backend in force. `f` must not be asynchronous. */
export const withBackend = <T>(backend: Backend, f: () => T): T => {
  const saved = currentBackend()
  current = backend
  try {
    return f()
  } finally {
    current = saved
  }
}

/** Live bytes of the backend in force. */
export const memory = (): MemoryReport => currentBackend().memory()
