/** Vectors from and to memory: in one access where elements are neighbours, lane by lane where they are not. */
import { bytesOf, type DType } from '../../dtype.ts'
import type { Code, Local } from './encode.ts'
import {
  after,
  at,
  distance,
  extractLane,
  load,
  loadLane,
  type Place,
  set,
  shuffle,
  store,
  storeLane,
  times,
  zeros,
} from './instructions.ts'
import { i8x16, i16x8, i32x4, v128 } from './opcodes.ts'
import type { Half } from './vectorTable.ts'
import type { Writer } from './writer.ts'

/** The first byte of each 32-bit lane, in the lowest four bytes. */
const lowestBytes = [0, 4, 8, 12, ...new Array<number>(12).fill(16)]

const halfway = ({ address, offset }: Place, half: Half): Place => at(address, offset + 16 * half)

/** The elements from a place on, one per lane. */
export const loadNeighbours = (dtype: DType, half: Half, place: Place): Code =>
  dtype === 'bool'
    ? [load(v128.load32Zero, place), i16x8.extendLowI8x16U, i32x4.extendLowI16x8U, i32x4.neg]
    : load(v128.load, halfway(place, half))

/** Stores lanes to neighbouring elements. */
export const storeNeighbours = (dtype: DType, half: Half, place: Place, value: Code): Code =>
  dtype === 'bool'
    ? storeLane(v128.store32Lane, place, [shuffle(value, zeros, lowestBytes), i8x16.abs], 0)
    : store(v128.store, halfway(place, half), value)

/** Instructions for one lane, how many there are, and the distance of their numbers. */
const lanesOf = {
  bool: { load: v128.load8Lane, store: v128.store8Lane, count: 4, step: 4 },
  int32: { load: v128.load32Lane, store: v128.store32Lane, count: 4, step: 1 },
  float32: { load: v128.load32Lane, store: v128.store32Lane, count: 4, step: 1 },
  float64: { load: v128.load64Lane, store: v128.store64Lane, count: 2, step: 1 },
} as const

/** Where the element of each iteration is. */
export type Places = (iteration: number) => Place

/** One element per lane from places that are each their own. */
export const gather = (w: Writer, dtype: DType, half: Half, places: Places): Code => {
  const result = w.f.local('v128')
  const lanes = lanesOf[dtype]
  const steps = times(lanes.count, (i) => {
    const before = i === 0 ? zeros : result
    return set(result, loadLane(lanes.load, places(2 * half + i), before, i * lanes.step))
  })
  return [steps, result, dtype === 'bool' ? i32x4.neg : []]
}

/** Stores each lane to a place of its own. */
export const scatter = (w: Writer, dtype: DType, half: Half, places: Places, value: Code): Code => {
  const vector = w.f.local('v128')
  const lanes = lanesOf[dtype]
  const steps = times(lanes.count, (i) =>
    storeLane(lanes.store, places(2 * half + i), vector, i * lanes.step),
  )
  return [set(vector, dtype === 'bool' ? [value, i8x16.abs] : value), steps]
}

/** Places `bytes` apart, the first of which is computed once into a local. */
export const everyBytes =
  (address: Local, bytes: number, offset: number): Places =>
  (iteration) =>
    bytes >= 0
      ? at(address, offset + iteration * bytes)
      : at(after(address, iteration * bytes), offset)

/** Places at an address plus an int32 lane of `offsets` in elements plus `bytes` per iteration. */
export const atOffsets =
  (address: Local, offsets: Local, dtype: DType, bytes: number): Places =>
  (iteration) => {
    const offset = extractLane(i32x4.extractLane, offsets, iteration)
    return at(after(address, after(distance(offset, bytesOf(dtype)), iteration * bytes)))
  }
