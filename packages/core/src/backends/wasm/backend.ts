/**
 * The WASM backend, the default: programs become WebAssembly modules whose bytes are written here, one call runs a whole
 * program, and results are the same to the bit on every machine.
 */
import type { Program } from '../../loop/loop.ts'
import type { Backend, Executable } from '../backend.ts'
import { hostStorage, readStorage, type Storage } from '../storage.ts'
import { copyIn, copyOut, createMemory, type LinearMemory } from './memory.ts'
import { createModules, type Modules } from './modules.ts'
import { renderProgram, type Slot } from './program.ts'
import { createResidents, type Region, type Residents } from './residents.ts'

/** Limits of a backend's memory. */
export interface WasmOptions {
  /** Bytes of tensors that may stay resident between runs. */
  readonly budget?: number
  /** Pages of 64 KiB that the memory may have in all. */
  readonly pages?: number
}

const defaultBudget = 256 * 2 ** 20

const executable = (
  program: Program,
  memory: LinearMemory,
  residents: Residents,
  modules: Modules,
): Executable => {
  const { bytes, imports, inputs, outputs, constants, size } = renderProgram(program)
  const runModule = modules.load(bytes, imports)
  const types = program.outputs.map((buffer) => program.buffers[buffer]!)
  const fixed = program.constants.map((array, i) =>
    hostStorage(
      program.buffers.find(({ place }) => place.kind === 'constant' && place.position === i)!.dtype,
      array,
    ),
  )

  const passIn = (cell: Storage, slot: Slot | undefined, start: number): void => {
    if (slot === undefined) return
    if (slot.small) copyIn(memory.views(), readStorage(cell), start + slot.offset)
    else {
      const address = residents.locate(cell)
      memory.views().int32[(start + slot.offset) / 4] = address
    }
  }

  const makeRoom = (start: number): (Region | null)[] =>
    outputs.map((slot, i) => {
      if (slot.small) return null
      const region = residents.create(types[i]!.dtype, types[i]!.length)
      memory.views().int32[(start + slot.offset) / 4] = region.block!.address
      return region
    })

  const passOut = (region: Region | null, i: number, start: number): Storage => {
    if (region !== null) return residents.cellOf(region)
    const { dtype, length } = types[i]!
    return hostStorage(dtype, copyOut(memory.views(), dtype, start + outputs[i]!.offset, length))
  }

  return {
    run: (cells, donated) => {
      residents.begin()
      try {
        const start = residents.arena(size)
        inputs.forEach((slot, i) => {
          passIn(cells[i]!, slot, start)
        })
        fixed.forEach((cell, i) => {
          passIn(cell, constants[i], start)
        })
        const regions = makeRoom(start)
        runModule(start)
        cells.forEach((cell, i) => {
          if (donated[i]) residents.release(cell)
        })
        return regions.map((region, i) => passOut(region, i, start))
      } finally {
        residents.end()
      }
    },
  }
}

/** A backend with a memory of its own. */
export const createWasmBackend = ({ budget = defaultBudget, pages }: WasmOptions = {}): Backend => {
  const memory = createMemory(pages)
  const residents = createResidents(memory, budget)
  const modules = createModules(memory.memory)
  return {
    name: 'wasm',
    fused: false,
    compile: (program) => executable(program, memory, residents, modules),
    memory: residents.report,
  }
}

let shared: Backend | null = null

/**
 * The WASM backend. All callers share one memory.
 *
 * @example
 * ```ts
 * import { setBackend, tensor, wasmBackend } from '@rootstock/core'
 *
 * setBackend(wasmBackend())
 * console.log(tensor([1, 2]).add(1).toArray()) // [ 2, 3 ]
 * ```
 */
export const wasmBackend = (): Backend => {
  shared ??= createWasmBackend()
  return shared
}
