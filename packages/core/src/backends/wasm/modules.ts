/** Compiled modules by content: the same bytes are compiled and instantiated once. */

import type { FuncImport } from './encode.ts'
import { type HostInstance, type HostMemory, instantiate } from './host.ts'
import { productModule } from './product.ts'
import type { Element } from './tile.ts'

/** What a module exports: runs the program whose memory starts at the address. */
export type Run = (start: number) => void

/** Modules over one memory. */
export interface Modules {
  /** The program of a module that imports the given functions. */
  readonly load: (bytes: Uint8Array<ArrayBuffer>, imports: readonly FuncImport[]) => Run
}

/** Modules kept for reuse; executables keep theirs in any case. */
const capacity = 1000

const equal = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** FNV-1a. */
const hash = (bytes: Uint8Array): number => {
  let h = 0x811c9dc5
  for (const byte of bytes) h = Math.imul(h ^ byte, 0x01000193)
  return h
}

/** A cache of modules that import `memory`. */
export const createModules = (memory: HostMemory): Modules => {
  const known = new Map<number, { readonly bytes: Uint8Array; readonly run: Run }>()
  const libraries = new Map<Element, HostInstance>()
  const library = (dtype: Element): HostInstance => {
    const found = libraries.get(dtype) ?? instantiate(productModule(dtype), { memory })
    libraries.set(dtype, found)
    return found
  }
  return {
    load: (bytes, imports) => {
      const key = hash(bytes)
      const found = known.get(key)
      if (found !== undefined && equal(found.bytes, bytes)) return found.run
      const run = instantiate(bytes, {
        memory,
        ...Object.fromEntries(imports.map(({ name, from }) => [name, library(from).exports[name]])),
      }).exports.run as Run
      known.delete(key)
      if (known.size >= capacity) known.delete(known.keys().next().value!)
      known.set(key, { bytes, run })
      return run
    },
  }
}
