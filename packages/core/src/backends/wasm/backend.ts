/**
 * The WASM backend, the default: programs become WebAssembly modules whose bytes are written here, one call runs a whole
 * program, and results are the same to the bit on every machine.
 */
import type { DType } from '../../dtype.ts'
import type { Program } from '../../loop/loop.ts'
import type { Backend, Executable, MemoryReport } from '../backend.ts'
import { hostStorage, readStorage, type Storage } from '../storage.ts'
import type { Sharing } from './context.ts'
import { mostThreads } from './control.ts'
import { mostRounding } from './heap.ts'
import { byteLength, lineBytes, type Slot } from './layout.ts'
import { LinearMemory } from './memory.ts'
import { Modules } from './modules.ts'
import { renderProgram } from './program.ts'
import { expectAddressable, type Region, Residents } from './residents.ts'
import { canShareMemory, threadsHere } from './threads.ts'

/** Limits of a backend. */
interface WasmOptions {
  /** Threads that share each program that is worth it; by default as many as run at once here, or one while that is faster. */
  readonly threads?: number
  /** Share all programs, however short, and wait until the threads have them: for tests. */
  readonly always?: boolean
  /** Bytes of tensors that may stay resident between runs. */
  readonly budget?: number
  /** Pages of 64 KiB that the memory may have in all. */
  readonly pages?: number
  /** Bits of all addresses; by default 32, and 64 in programs that need them, where the host has such memories. */
  readonly addresses?: 32 | 64
}

/** The parts of a backend around one memory. */
interface Machine {
  readonly sharing: Sharing
  readonly memory: LinearMemory
  readonly residents: Residents
  readonly modules: Modules
}

const dtypeOfConstant = (program: Program, position: number): DType =>
  program.buffers.find(({ place }) => place.kind === 'constant' && place.position === position)!
    .dtype

const executable = (program: Program, machine: Machine): Executable => {
  const { sharing, memory, residents, modules } = machine
  expectAddressable(program.buffers, memory)
  const rendered = renderProgram(program, sharing)
  const runModule = modules.load(rendered)
  const types = program.outputs.map((buffer) => program.buffers[buffer]!)
  const constants = program.constants.map((array, i) =>
    hostStorage(dtypeOfConstant(program, i), array),
  )

  const passIn = (cells: readonly Storage[], slots: readonly Slot[], start: number): void => {
    for (let i = 0; i < slots.length; i++) {
      const { small, offset } = slots[i]!
      if (small) memory.copyIn(readStorage(cells[i]!), start + offset)
      else memory.write(start + offset, residents.locate(cells[i]!))
    }
  }

  /** Appends a region for each output; null for the small ones. */
  const makeRoom = (regions: (Region | null)[], start: number): void => {
    for (let i = 0; i < types.length; i++) {
      const { small, offset } = rendered.outputs[i]!
      const region = small ? null : residents.create(types[i]!.dtype, types[i]!.length)
      regions.push(region)
      if (region !== null) memory.write(start + offset, region.block!.address)
    }
  }

  const passOut = (region: Region | null, i: number, start: number): Storage => {
    if (region !== null) return residents.cellOf(region)
    const { dtype, length } = types[i]!
    const from = start + rendered.outputs[i]!.offset
    return hostStorage(dtype, memory.copyOut(dtype, from, length))
  }

  const run = (cells: readonly Storage[], donated: readonly boolean[]): Storage[] => {
    const regions: (Region | null)[] = []
    residents.begin()
    try {
      const start = residents.arena(rendered.size)
      passIn(cells, rendered.inputs, start)
      passIn(constants, rendered.constants, start)
      makeRoom(regions, start)
      runModule(start / lineBytes)
      for (let i = 0; i < cells.length; i++) if (donated[i]) residents.release(cells[i]!)
      return regions.map((region, i) => passOut(region, i, start))
    } catch (error) {
      for (const region of regions) if (region !== null) residents.drop(region)
      throw error
    } finally {
      residents.end()
    }
  }
  return { run }
}

/** Bytes that may stay in a memory: what only fits wide addresses is too large to be copied to the host without need. */
const defaultBudget = (isWide: boolean): number => (isWide ? 2 ** 33 : 2 ** 28)

const createMachine = (options: WasmOptions, isWide: boolean): Machine => {
  const { threads = threadsHere(), always = false, pages } = options
  const memory = new LinearMemory({ isWide, isShared: threads > 1 && canShareMemory() }, pages)
  const team = memory.isShared ? Math.min(threads, mostThreads) : 1
  const sharing = { threads: team, memory, always }
  const residents = new Residents(memory, options.budget ?? defaultBudget(isWide))
  const modules = new Modules(memory, sharing, options.threads !== undefined)
  return { sharing, memory, residents, modules }
}

const sumOf = (a: MemoryReport, b: MemoryReport): MemoryReport => ({
  resident: a.resident + b.resident,
  arena: a.arena + b.arena,
  reserved: a.reserved + b.reserved,
})

/** Bytes that a program takes in memory, with what the heap may add by rounding. */
const bytesInMemory = ({ buffers, arenaBytes }: Program): number => {
  let bytes = arenaBytes
  for (const buffer of buffers) if ('position' in buffer.place) bytes += byteLength(buffer)
  return (1 + mostRounding) * bytes
}

/** A backend with memories and threads of its own. */
export const createWasmBackend = (options: WasmOptions = {}): Backend => {
  const { addresses, pages } = options
  const usual = createMachine(options, addresses === 64)
  let wide: Machine | null = null
  let canBeWide = addresses === undefined && pages === undefined
  const machineFor = (program: Program): Machine => {
    if (!canBeWide || bytesInMemory(program) <= usual.memory.limit) return usual
    try {
      wide ??= createMachine(options, true)
    } catch {
      canBeWide = false
    }
    return wide ?? usual
  }
  return {
    name: 'wasm',
    fused: false,
    compile: (program) => executable(program, machineFor(program)),
    memory: () =>
      wide === null ? usual.residents.report : sumOf(usual.residents.report, wide.residents.report),
  }
}

const shared = new Map<number | undefined, Backend>()

/**
 * The WASM backend. All callers share one memory, or one for each number of `threads` they ask for. Without it, programs
 * that are worth it run on as many threads as the machine runs at once, or on one while that is faster, as on a busy machine;
 * in a browser, several threads need a cross-origin isolated page. The results have the same bits in any case. Programs that
 * do not fit into 4 GiB take up to 16 GiB where the host has memories with 64-bit addresses: Node from 24 on, Chromium.
 *
 * @example
 * ```ts
 * import { setBackend, tensor, wasmBackend } from '@rootstock/core'
 *
 * setBackend(wasmBackend({ threads: 1 }))
 * console.log(tensor([1, 2]).add(1).toArray()) // [ 2, 3 ]
 * ```
 */
export const wasmBackend = (options: { readonly threads?: number } = {}): Backend => {
  const backend = shared.get(options.threads) ?? createWasmBackend(options)
  shared.set(options.threads, backend)
  return backend
}
