/**
 * The backend: programs become C, C becomes shared objects, tensors stay in ordinary arrays that the compiled code works on
 * in place.
 */
import { availableParallelism } from 'node:os'
import type { TypedArray } from '@rootstock/core'
import {
  adaptiveSize,
  type Backend,
  type Executable,
  fixedSize,
  hostStorage,
  type Program,
  readStorage,
  type Storage,
  type Takeovers,
  type TeamSize,
} from '@rootstock/core/backend'
import { type Arrays, alignedFrom, arraysOf } from './arrays.ts'
import type { Entry, Library } from './library.ts'
import { type ProgramText, writeProgram } from './program.ts'

/** Scratch memory that all programs share, one at a time. */
interface Arena {
  bytes: TypedArray
  address: bigint
}

/** What all programs share. */
interface Shared {
  readonly arrays: Arrays
  readonly arena: Arena
  /** Where the elements of an array are. */
  readonly address: Library['address']
  readonly threads: number | null
}

/** Bytes of an array that a program may keep alive: beyond, asking for its address costs nothing beside working on it. */
const largestHeld = 16_384

const grow = ({ arrays, arena, address }: Shared, wanted: number): void => {
  if (arena.bytes.length >= wanted) return
  arena.bytes = arrays.allocate('bool', Math.max(wanted, alignedFrom))
  arena.address = address(arena.bytes)
}

/** For each output the donated input whose array it takes, or -1. Each array is taken once. */
const takers = (candidates: Takeovers, donated: readonly boolean[]): number[] => {
  const taken = new Set<number>()
  return candidates.map((inputs) => {
    const found = inputs.find((input) => donated[input] === true && !taken.has(input)) ?? -1
    if (found >= 0) taken.add(found)
    return found
  })
}

/** `threads` is a wish; without one the team follows the machine. */
const teamOf = (threads: number | null, worthThreads: boolean): TeamSize => {
  if (!worthThreads) return fixedSize(1)
  if (threads !== null) return fixedSize(threads)
  const most = availableParallelism()
  return most === 1 ? fixedSize(1) : adaptiveSize(most)
}

const executableOf = (
  shared: Shared,
  program: Program,
  text: ProgramText,
  entry: Entry,
): Executable => {
  const { arrays, arena, address, threads } = shared
  const team = teamOf(threads, text.worthThreads)
  const table = new BigUint64Array(text.external.length + 1)
  // small arrays whose addresses stand in the table: the same one needs no new address, and none that is large is kept alive
  const held: (TypedArray | null)[] = text.external.map(() => null)
  const put = (position: number, array: TypedArray): void => {
    if (held[position] === array) return
    held[position] = array.byteLength <= largestHeld ? array : null
    table[position + 1] = address(array)
  }
  const places = text.external.map((buffer) => program.buffers[buffer]!)
  const enter = (count: number): void => {
    entry(table, count)
  }
  let flags: readonly boolean[] | null = null
  let sources: readonly number[] = []
  // compiled code knows addresses only, which keep nothing from the collector
  let running: readonly Storage[] = []
  return {
    run: (inputs, donated) => {
      running = inputs
      for (const cell of running) arrays.settle(cell)
      if (flags === null || donated.some((flag, i) => flag !== flags![i])) {
        flags = donated.slice()
        sources = takers(text.takeovers, donated)
      }
      grow(shared, text.arenaBytes)
      table[0] = arena.address
      const outputs: Storage[] = []
      for (let i = 0; i < places.length; i++) {
        const { dtype, length, place } = places[i]!
        if (place.kind === 'input') put(i, readStorage(inputs[place.position]!))
        else if (place.kind === 'constant') put(i, program.constants[place.position]!)
        else if (place.kind === 'output') {
          const source = sources[place.position]!
          const given = source < 0 ? null : readStorage(inputs[source]!)
          const array =
            given !== null && arrays.isPlaced(given) ? given : arrays.allocate(dtype, length)
          put(i, array)
          outputs[place.position] = hostStorage(dtype, array)
        }
      }
      team(enter)
      running = []
      return outputs
    },
  }
}

/** Runs on another backend until there is compiled code. */
const warmed = (meanwhile: Executable, ready: () => Executable | null): Executable => {
  let own: Executable | null = null
  return {
    run: (inputs, donated) => {
      own ??= ready()
      return (own ?? meanwhile).run(inputs, donated)
    },
  }
}

/** How the backend runs programs. */
export interface Running {
  /** Null lets each program have as many as make it fast at the time. */
  readonly threads: number | null
  /** Where programs run while the compiler works on them; null waits for the compiler. */
  readonly meanwhile: Backend | null
  /** True to share whatever threads can share, even where it does not pay. */
  readonly always: boolean
}

/** The native backend over loaded code. `headers` is text that stands before every program. */
export const backendOver = (
  library: Library,
  headers: string,
  { threads, meanwhile, always }: Running,
): Backend => {
  const arrays = arraysOf(library)
  const arena: Arena = { bytes: new Uint8Array(0), address: 0n }
  const shared = { arrays, arena, address: library.address, threads }
  const compile = (program: Program): Executable => {
    const text = writeProgram(program, headers, always)
    const finish = (entry: Entry) => executableOf(shared, program, text, entry)
    if (meanwhile === null) return finish(library.load(text.source))
    const pending = library.loadLater(text.source)
    const ready = (): Executable | null => {
      const entry = pending()
      return entry === null ? null : finish(entry)
    }
    return ready() ?? warmed(meanwhile.compile(program), ready)
  }
  return {
    name: 'native',
    fused: library.fused,
    compile,
    memory: () => ({ resident: 0, arena: arena.bytes.length, reserved: arena.bytes.length }),
  }
}
