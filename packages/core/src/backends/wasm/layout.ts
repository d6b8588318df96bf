/**
 * Where a program finds its data. Everything beside large inputs and outputs lies in one stretch of memory:
 *
 *     addresses of large inputs, outputs and constants | small inputs and outputs | arena | scratch
 */
import { bytesOf } from '../../dtype.ts'
import type { Buffer, Place, Program } from '../../loop/loop.ts'

/** Inputs and outputs of up to this many bytes are copied in and out by each run and are never resident. */
const smallBytes = 512

/** Bytes of a cache line, at which all stretches of memory start; a number of lines fits an i32 however wide addresses are. */
export const lineBytes = 64

/** Bytes rounded up to a cache line. */
export const align = (bytes: number): number => Math.ceil(bytes / lineBytes) * lineBytes

/** Bytes of an address in memory, whether it has 32 bits or 64. */
const addressBytes = 8

/** Where a run finds an input or output: elements at `offset` (small), or their address. */
export interface Slot {
  readonly small: boolean
  /** In bytes from the start of the program's stretch of memory. */
  readonly offset: number
}

/** The stretch of memory without what kernels need as scratch memory, which follows its end. */
export interface Layout {
  /** By buffer. */
  readonly slots: ReadonlyMap<number, Slot>
  readonly arena: number
  readonly end: number
}

export const byteLength = ({ dtype, length }: Buffer): number => bytesOf(dtype) * length

export const layOut = ({ buffers, arenaBytes }: Program): Layout => {
  const slots = new Map<number, Slot>()
  let end = 0
  const put = (buffer: number, small: boolean, bytes: number): void => {
    slots.set(buffer, { small, offset: end })
    end += bytes
  }
  const isSmall = (buffer: Buffer): boolean =>
    buffer.place.kind !== 'constant' && byteLength(buffer) <= smallBytes
  const placed = [...buffers.keys()].filter((i) => 'position' in buffers[i]!.place)
  for (const i of placed) if (!isSmall(buffers[i]!)) put(i, false, addressBytes)
  end = align(end)
  for (const i of placed) {
    if (isSmall(buffers[i]!)) put(i, true, Math.ceil(byteLength(buffers[i]!) / 16) * 16)
  }
  const arena = align(end)
  return { slots, arena, end: arena + align(arenaBytes) }
}

/** The slots of the buffers of one kind, by position. */
export const slotsOf = (
  { buffers }: Program,
  { slots }: Layout,
  kind: Place['kind'],
): readonly Slot[] => {
  const found: Slot[] = []
  buffers.forEach(({ place }, i) => {
    if (place.kind === kind && 'position' in place) found[place.position] = slots.get(i)!
  })
  return found
}
