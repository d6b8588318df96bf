/** Loading compiled code: the runtime once, then programs, each with its entry as a JavaScript function. */
import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import type * as Koffi from 'koffi'
import { type Cache, objectLater, objectOf, type Source } from './cache.ts'
import type { Compiler } from './compiler.ts'
import { type BackendUnavailable, messageOf } from './unavailable.ts'

type KoffiModule = typeof Koffi.default

/** The loader, or why it is not there. */
export const loadKoffi = async (): Promise<E.Either<BackendUnavailable, KoffiModule>> => {
  try {
    return E.right((await import('koffi')).default)
  } catch (thrown) {
    return E.left({ _tag: 'LoaderMissing', reason: messageOf(thrown) })
  }
}

/** A C file of this package. */
const read = (name: string): string =>
  readFileSync(new URL(`../c/${name}`, import.meta.url), 'utf8')

/** Text that stands before every program. */
export const headers = (): string => `${read('scalar.h')}\n${read('runtime.h')}`

const runtimeSource = (): Source => ({
  role: 'runtime',
  files: Object.fromEntries(
    ['runtime.h', 'pool.h', 'pool.c', 'pages.c', 'pack.h', 'sparse.h', 'contract.c'].map((name) => [
      name,
      read(name),
    ]),
  ),
})

/** Characters from which on a program is large: some 15 ms of compilation for each kilobyte before it. */
const largest = 200_000

const programSource = (text: string): Source => ({
  role: text.length > largest ? 'large' : 'program',
  files: { 'program.c': text },
})

/** The entry of a program: a table of pointers (arena first) and how many threads. */
export type Entry = (table: BigUint64Array, threads: number) => void

/** Loaded code. */
export interface Library {
  /** Address of an array's elements. */
  readonly address: (array: ArrayBufferView) => bigint
  /** Asks for large pages for bytes from an address, before they are touched. */
  readonly useLargePages: (address: bigint, bytes: number) => void
  /** True when products in contractions are fused with their sums. */
  readonly fused: boolean
  /** Bytes of a vector, rows of a tile. */
  readonly tile: { readonly vectorBytes: number; readonly rows: number }
  /** Compiles and loads a program; throws what the compiler said, which is a defect of the renderer. */
  readonly load: (source: string) => Entry
  /** The same in the background: null until it is there. */
  readonly loadLater: (source: string) => () => Entry | null
}

/** Compiles and loads the runtime. */
export const openLibrary = (
  koffi: KoffiModule,
  cache: Cache,
  compiler: Compiler,
): E.Either<BackendUnavailable, Library> => {
  const failed = (output: string): E.Either<BackendUnavailable, never> =>
    E.left({ _tag: 'CompilerFailed', compiler: compiler.command, output })
  const object = objectOf(cache, compiler, runtimeSource())
  if (E.isLeft(object)) return failed(object.left)
  try {
    const runtime = koffi.load(object.right)
    const table: unknown = runtime.func('void *rs_runtime_table()')()
    const fact = (name: string): number => runtime.func(`int ${name}()`)() as number
    const open = (file: E.Either<string, string>): Entry => {
      if (E.isLeft(file)) throw new Error(`${compiler.command} refused a program:\n${file.left}`)
      const program = koffi.load(file.right)
      program.func('void rs_bind(void *table)')(table)
      return program.func('void rs_program(void *table, int threads)') as Entry
    }
    const useLargePages = runtime.func('void rs_use_large_pages(uint64_t, int64_t)')
    return E.right({
      useLargePages: (address, bytes) => {
        useLargePages(address, bytes)
      },
      address: (array) => koffi.address(array),
      fused: fact('rs_fused') !== 0,
      tile: { vectorBytes: fact('rs_vector_bytes'), rows: fact('rs_tile_rows') },
      load: (source) => open(objectOf(cache, compiler, programSource(source))),
      loadLater: (source) => {
        const pending = objectLater(cache, compiler, programSource(source))
        return () => {
          const found = pending()
          return found === null ? null : open(found)
        }
      },
    })
  } catch (thrown) {
    return failed(messageOf(thrown))
  }
}
