/**
 * Tensors in linear memory. Residence there is a cache: results stay while there is room; under pressure those that were
 * not used for longest are spilled, that is, copied to the host and let go. The pool knows regions, never the cells that
 * point to them, so a spilled region is ordinary garbage together with its cell. Finalisers free memory earlier where the
 * host runs them (in asynchronous programs); nothing depends on it.
 */
import { bytesOf, type DType, type TypedArray } from '../../dtype.ts'
import { OutOfMemory } from '../../errors.ts'
import type { Buffer } from '../../loop/loop.ts'
import type { MemoryReport } from '../backend.ts'
import { type Residence, readStorage, type Storage } from '../storage.ts'
import type { Block } from './heap.ts'
import type { LinearMemory } from './memory.ts'

/** The elements of one cell: in linear memory, on the host, or both. */
export class Region implements Residence {
  readonly backend = 'wasm'
  readonly owner: Residents
  readonly dtype: DType
  readonly length: number
  readonly bytes: number
  /** Where it is in linear memory; null when it is not. */
  block: Block | null = null
  /** A copy on the host; null when there is none. */
  host: TypedArray | null
  /** The run that used it last. */
  lastUse = 0
  /** Where it stands in the list of residents while it has a block. */
  position = -1

  constructor(owner: Residents, dtype: DType, length: number, host: TypedArray | null) {
    this.owner = owner
    this.dtype = dtype
    this.length = length
    this.bytes = bytesOf(dtype) * length
    this.host = host
  }

  read(): TypedArray {
    this.host ??= this.owner.memory.copyOut(this.dtype, this.block!.address, this.length)
    return this.host
  }
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`

/** Positions and distances within an array are counted in int32. */
const mostElements = 2 ** 31 - 1

/** Fails if a program has an array that such a memory cannot hold, before anything is allocated for it. */
export const expectAddressable = (
  buffers: readonly Buffer[],
  { limit, isWide }: LinearMemory,
): void => {
  for (const { dtype, length } of buffers) {
    const bytes = bytesOf(dtype) * length
    if (bytes <= limit && (!isWide || length <= mostElements)) continue
    throw new OutOfMemory({
      operation: 'the wasm backend',
      inputs: {
        array: { dtype, shape: [length] },
        bytes: mebibytes(bytes),
        limit: mebibytes(limit),
      },
      rule: isWide
        ? `each array of a program must fit into memory and have at most ${mostElements} elements`
        : 'each array of a program must fit into the memory that 32 bits can address',
      hint: isWide
        ? 'use smaller batches, or the native backend'
        : 'use smaller batches, the native backend, or a host that has memories with 64-bit addresses',
    })
  }
}

/** The tensors in a linear memory, and the arena beside them. */
export class Residents {
  readonly memory: LinearMemory
  readonly #budget: number
  readonly #list: Region[] = []
  #bytes = 0
  #run = 0
  /** The run in which spilling found nothing more to spill. */
  #exhausted = -1
  /** Blocks of inputs that are not kept. */
  readonly #passing: Block[] = []
  #arena: Block | null = null
  #arenaBytes = 0
  readonly #registry = new FinalizationRegistry<Region>((region) => this.drop(region))

  /** Tensors together stay below `budget` bytes, except where one run needs more. */
  constructor(memory: LinearMemory, budget: number) {
    this.memory = memory
    this.#budget = budget
  }

  get report(): MemoryReport {
    return { resident: this.#bytes, arena: this.#arenaBytes, reserved: this.memory.reserved }
  }

  /** Starts a run: what is used from here on stays until the next one. */
  begin(): void {
    this.#run++
  }

  /** Ends a run: the memory of inputs that are not kept is free again. */
  end(): void {
    for (const block of this.#passing) this.memory.give(block)
    this.#passing.length = 0
  }

  /** The address of scratch memory, whose contents do not outlive the run. */
  arena(bytes: number): number {
    if (this.#arena !== null && this.#arenaBytes >= bytes) return this.#arena.address
    if (this.#arena !== null) this.memory.give(this.#arena)
    this.#arena = null
    this.#arenaBytes = 0
    this.#arena = this.#take(bytes)
    this.#arenaBytes = bytes
    return this.#arena.address
  }

  /**
   * The address of an input's elements. A host array that is seen for the first time passes through; from the second time
   * on it stays, so that batches leave nothing behind while constants are copied only twice.
   */
  locate(cell: Storage): number {
    const known = this.#regionOf(cell)
    if (known === null) {
      cell.resident = new Region(this, cell.dtype, cell.length, readStorage(cell))
      const block = this.#take(cell.length * bytesOf(cell.dtype))
      this.#passing.push(block)
      this.memory.copyIn(cell.host!, block.address)
      return block.address
    }
    if (known.block === null) {
      this.memory.copyIn(known.host!, this.#settle(known))
      this.#registry.register(cell, known, known)
    }
    known.lastUse = this.#run
    return known.block!.address
  }

  /** A region for an output, not yet filled. */
  create(dtype: DType, length: number): Region {
    const region = new Region(this, dtype, length, null)
    this.#settle(region)
    return region
  }

  /** The cell of a filled region. */
  cellOf(region: Region): Storage {
    const { dtype, length } = region
    const cell: Storage = { dtype, length, host: null, resident: region, donated: false }
    this.#registry.register(cell, region, region)
    return cell
  }

  /** Frees the memory of a donated cell. */
  release(cell: Storage): void {
    const region = this.#regionOf(cell)
    if (region === null) return
    this.#registry.unregister(region)
    this.drop(region)
    cell.resident = null
  }

  /** Frees the memory of a region. */
  drop(region: Region): void {
    if (region.block === null) return
    this.memory.give(region.block)
    region.block = null
    this.#bytes -= region.bytes
    const moved = this.#list.pop()!
    if (moved === region) return
    this.#list[region.position] = moved
    moved.position = region.position
  }

  #regionOf({ resident }: Storage): Region | null {
    return resident instanceof Region && resident.owner === this ? resident : null
  }

  /** Gives a region memory of its own. */
  #settle(region: Region): number {
    region.block = this.#take(region.bytes)
    region.lastUse = this.#run
    region.position = this.#list.push(region) - 1
    this.#bytes += region.bytes
    return region.block.address
  }

  #take(bytes: number): Block {
    if (this.#bytes + bytes > this.#budget) this.#spillTo(this.#budget / 2 - bytes)
    const block = this.memory.take(bytes)
    if (block !== null) return block
    this.#spillTo(0)
    return this.memory.take(bytes) ?? this.#fail(bytes)
  }

  /** Spills the least recently used, but nothing of this run, until at most `goal` bytes are resident. */
  #spillTo(goal: number): void {
    if (this.#exhausted === this.#run) return
    const candidates = this.#list.filter(({ lastUse }) => lastUse !== this.#run)
    candidates.sort((a, b) => a.lastUse - b.lastUse)
    for (const region of candidates) {
      if (this.#bytes <= goal) return
      region.read()
      // the registry must not keep the host copy of a cell that is garbage
      this.#registry.unregister(region)
      this.drop(region)
    }
    this.#exhausted = this.#run
  }

  #fail(bytes: number): never {
    throw new OutOfMemory({
      operation: 'the wasm backend',
      inputs: {
        asked: mebibytes(bytes),
        tensors: mebibytes(this.#bytes),
        arena: mebibytes(this.#arenaBytes),
        reserved: mebibytes(this.memory.reserved),
        limit: mebibytes(this.memory.limit),
      },
      rule: 'the tensors of one program and its intermediates must fit into memory',
      hint: 'use smaller batches, or donate the state of a training step to jit',
    })
  }
}
