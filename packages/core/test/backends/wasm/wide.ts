/** Whether the host has memories with addresses of 64 bits: Node from 24 on, and browsers of that age. */
import { createWasmBackend } from '../../../src/backends/wasm/backend.ts'

const canCreate = (): boolean => {
  try {
    createWasmBackend({ threads: 1, addresses: 64 })
    return true
  } catch {
    return false
  }
}

export const hasWideMemory = canCreate()
