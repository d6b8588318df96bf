/** The part of the WebAssembly JavaScript API used here; TypeScript knows it only together with a browser's DOM. */

/** A linear memory; `buffer` is replaced when it grows. */
export interface HostMemory {
  readonly buffer: ArrayBufferLike
  readonly grow: (pages: number) => number
}

declare const compiled: unique symbol

/** A compiled module. */
export interface HostModule {
  readonly [compiled]: true
}

/** What an instance exports. */
export type HostExports = Readonly<Record<string, unknown>>

interface Limits {
  readonly initial: number
  readonly maximum: number
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

/** A growable memory; one that threads can share where the host has room for that. */
export const createHostMemory = (limits: Limits): HostMemory => {
  if (!limits.shared) return new api.Memory(limits)
  try {
    return new api.Memory(limits)
  } catch {
    return new api.Memory({ ...limits, shared: false })
  }
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
