/** The part of the WebAssembly JavaScript API used here; TypeScript knows it only together with a browser's DOM. */
import type { MemoryType } from './encode.ts'

/** A linear memory; `buffer` is replaced when it grows. */
export interface HostMemory {
  readonly buffer: ArrayBufferLike
  readonly grow: (pages: number | bigint) => unknown
}

declare const compiled: unique symbol

/** A compiled module. */
export interface HostModule {
  readonly [compiled]: true
}

/** What an instance exports. */
export type HostExports = Readonly<Record<string, unknown>>

interface Limits {
  readonly address: 'i32' | 'i64'
  readonly initial: number | bigint
  readonly maximum: number | bigint
  readonly shared: boolean
}

interface Api {
  readonly Memory: new (limits: Limits) => HostMemory
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => HostModule
  readonly Instance: new (
    module: HostModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: HostExports }
}

const { WebAssembly: api } = globalThis as unknown as { readonly WebAssembly: Api }

/** A number of pages as the API wants it. Hosts that do not know wide addresses throw at a bigint. */
const pagesFor = (isWide: boolean, pages: number): number | bigint =>
  isWide ? BigInt(pages) : pages

/**
 * A memory that can grow from `initial` to `maximum` pages; one that threads can share where the host has room for that. Throws
 * where addresses are to be wide and cannot.
 */
export const createHostMemory = (
  { isShared, isWide }: MemoryType,
  initial: number,
  maximum: number,
): HostMemory => {
  const create = (shared: boolean): HostMemory =>
    new api.Memory({
      address: isWide ? 'i64' : 'i32',
      initial: pagesFor(isWide, initial),
      maximum: pagesFor(isWide, maximum),
      shared,
    })
  if (!isShared) return create(false)
  try {
    return create(true)
  } catch {
    return create(false)
  }
}

/** Adds pages to a memory; throws when there are none. */
export const growHostMemory = (memory: HostMemory, isWide: boolean, pages: number): void => {
  memory.grow(pagesFor(isWide, pages))
}

/** Compiles a module, synchronously. */
export const compileModule = (bytes: Uint8Array<ArrayBuffer>): HostModule => new api.Module(bytes)

/** A function that a module imports: the library it belongs to, and its name there. */
export interface HostImport {
  readonly from: string
  readonly name: string
}

/** Instantiates a module, whose imports are all called `rootstock`: the memory and functions of libraries. */
export const instantiate = (
  module: HostModule,
  memory: HostMemory,
  functions: readonly HostImport[] = [],
  exportsOf: (library: string) => HostExports = () => ({}),
): HostExports => {
  const rootstock: Record<string, unknown> = { memory }
  for (const { from, name } of functions) rootstock[name] = exportsOf(from)[name]
  return new api.Instance(module, { rootstock }).exports
}
