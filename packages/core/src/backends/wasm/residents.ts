/**
 * Tensors in linear memory. Residence there is a cache: results stay while there is room; under pressure those that were
 * not used for longest are spilled, that is, copied to the host and let go. The pool knows regions, never the cells that
 * point to them, so a spilled region is ordinary garbage together with its cell. Finalisers free memory earlier where the
 * host runs them (in asynchronous programs); nothing depends on it.
 */
import { bytesOf, type DType, type TypedArray } from '../../dtype.ts'
import { OutOfMemory } from '../../errors.ts'
import type { MemoryReport } from '../backend.ts'
import { type Residence, readStorage, type Storage } from '../storage.ts'
import type { Block } from './heap.ts'
import { copyIn, copyOut, type LinearMemory } from './memory.ts'

/** The elements of one cell: in linear memory, on the host, or both. */
export class Region implements Residence {
  readonly backend = 'wasm'
  readonly owner: Residents
  readonly dtype: DType
  readonly length: number
  readonly bytes: number
  block: Block | null
  host: TypedArray | null
  /** The run that used it last. */
  lastUse = 0
  /** Where it stands in the list of residents while it has a block. */
  position = -1

  constructor(
    owner: Residents,
    dtype: DType,
    length: number,
    from: { readonly block: Block | null; readonly host: TypedArray | null },
  ) {
    this.owner = owner
    this.dtype = dtype
    this.length = length
    this.bytes = bytesOf(dtype) * length
    this.block = from.block
    this.host = from.host
  }

  read(): TypedArray {
    this.host ??= this.owner.copyOut(this)
    return this.host
  }
}

/** The tensors in a linear memory, and the arena beside them. */
export interface Residents {
  /** Starts a run: what is used from here on stays until the next one. */
  readonly begin: () => void
  /** Ends it: memory of inputs that were only passing through is free again. */
  readonly end: () => void
  /**
   * The address of an input's elements. A host array that is seen for the first time passes through; from the second
   * time on it stays resident.
   */
  readonly locate: (cell: Storage) => number
  /** A region for an output; the caller fills it. */
  readonly create: (dtype: DType, length: number) => Region
  /** The cell of a filled region. */
  readonly cellOf: (region: Region) => Storage
  /** Frees the memory of a donated cell. */
  readonly release: (cell: Storage) => void
  /** Frees the memory of a region. */
  readonly drop: (region: Region) => void
  /** The address of at least that many bytes of scratch memory, whose contents do not outlive the run. */
  readonly arena: (bytes: number) => number
  readonly copyOut: (region: Region) => TypedArray
  readonly report: () => MemoryReport
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`

/** Resident tensors that together stay below `budget` bytes where one run does not need more. */
export const createResidents = (memory: LinearMemory, budget: number): Residents => {
  const list: Region[] = []
  let resident = 0
  let clock = 0
  /** The run in which spilling found nothing more to spill. */
  let exhausted = -1
  const passing: Block[] = []
  let arena: Block | null = null
  let arenaBytes = 0

  const enlist = (region: Region): void => {
    region.lastUse = clock
    region.position = list.length
    list.push(region)
    resident += region.bytes
  }

  const drop = (region: Region): void => {
    if (region.block === null) return
    memory.give(region.block)
    region.block = null
    resident -= region.bytes
    const moved = list.pop()!
    if (moved !== region) {
      list[region.position] = moved
      moved.position = region.position
    }
  }

  const registry = new FinalizationRegistry<Region>(drop)

  const spill = (region: Region): void => {
    region.read()
    // the registry must not keep the host copy of a cell that is garbage
    registry.unregister(region)
    drop(region)
  }

  /** Spills the least recently used until at most `goal` bytes are resident. */
  const spillTo = (goal: number): void => {
    if (exhausted === clock) return
    const candidates = list.filter(({ lastUse }) => lastUse !== clock)
    candidates.sort((a, b) => a.lastUse - b.lastUse)
    for (const region of candidates) {
      if (resident <= goal) return
      spill(region)
    }
    exhausted = clock
  }

  const take = (bytes: number): Block => {
    if (resident + bytes > budget) spillTo(budget / 2 - bytes)
    const block = memory.take(bytes)
    if (block !== null) return block
    spillTo(0)
    const afterwards = memory.take(bytes)
    if (afterwards !== null) return afterwards
    throw new OutOfMemory({
      operation: 'the wasm backend',
      inputs: {
        asked: mebibytes(bytes),
        tensors: mebibytes(resident),
        arena: mebibytes(arenaBytes),
        reserved: mebibytes(memory.reserved()),
      },
      rule: 'the tensors of one program and its intermediates must fit into 4 GiB of memory',
      hint: 'use smaller batches, or donate the state of a training step to jit',
    })
  }

  const pass = (host: TypedArray): number => {
    const block = take(host.byteLength)
    passing.push(block)
    copyIn(memory.views(), host, block.address)
    return block.address
  }

  /** Brings a region that is only on the host back into memory. */
  const restore = (cell: Storage, region: Region): number => {
    const host = region.host!
    region.block = take(region.bytes)
    copyIn(memory.views(), host, region.block.address)
    enlist(region)
    registry.register(cell, region, region)
    return region.block.address
  }

  const residents: Residents = {
    begin: () => {
      clock++
    },
    end: () => {
      for (const block of passing) memory.give(block)
      passing.length = 0
    },
    locate: (cell) => {
      const known = cell.resident
      if (known instanceof Region && known.owner === residents) {
        if (known.block === null) return restore(cell, known)
        known.lastUse = clock
        return known.block.address
      }
      const host = readStorage(cell)
      cell.resident = new Region(residents, cell.dtype, cell.length, { block: null, host })
      return pass(host)
    },
    create: (dtype, length) => {
      const block = take(bytesOf(dtype) * length)
      const region = new Region(residents, dtype, length, { block, host: null })
      enlist(region)
      return region
    },
    cellOf: (region) => {
      const { dtype, length } = region
      const cell: Storage = { dtype, length, host: null, resident: region, donated: false }
      registry.register(cell, region, region)
      return cell
    },
    release: (cell) => {
      const region = cell.resident
      if (!(region instanceof Region && region.owner === residents)) return
      drop(region)
      cell.resident = null
    },
    drop,
    arena: (bytes) => {
      if (arena !== null && arenaBytes >= bytes) return arena.address
      if (arena !== null) memory.give(arena)
      arena = null
      arenaBytes = 0
      arena = take(bytes)
      arenaBytes = bytes
      return arena.address
    },
    copyOut: ({ dtype, length, block }) => copyOut(memory.views(), dtype, block!.address, length),
    report: () => ({ resident, arena: arenaBytes, reserved: memory.reserved() }),
  }
  return residents
}
