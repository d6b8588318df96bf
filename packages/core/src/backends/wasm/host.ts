/** The part of the WebAssembly JavaScript API used here; TypeScript knows it only together with a browser's DOM. */

/** A linear memory; `buffer` is replaced when it grows. */
export interface HostMemory {
  readonly buffer: ArrayBuffer
  readonly grow: (pages: number) => number
}

/** An instantiated module. */
export interface HostInstance {
  readonly exports: Readonly<Record<string, unknown>>
}

interface Api {
  readonly Memory: new (limits: { initial: number; maximum: number }) => HostMemory
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => HostInstance
}

const { WebAssembly: api } = globalThis as unknown as { readonly WebAssembly: Api }

/** A growable memory. */
export const createHostMemory = (initial: number, maximum: number): HostMemory =>
  new api.Memory({ initial, maximum })

/** Compiles and instantiates a module, synchronously; `rootstock` are its imports. */
export const instantiate = (
  bytes: Uint8Array<ArrayBuffer>,
  rootstock: Readonly<Record<string, unknown>>,
): HostInstance => new api.Instance(new api.Module(bytes), { rootstock })
