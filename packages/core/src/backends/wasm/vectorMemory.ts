/** Vectors from and to memory: in one access where elements are neighbours, lane by lane where they are not. */
import { bytesOf, type DType } from '../../dtype.ts'
import type { Code, Local } from './encode.ts'
import {
  add,
  extractLane,
  load,
  loadLane,
  mul,
  type Place,
  set,
  shuffle,
  store,
  storeLane,
  zeros,
} from './instructions.ts'
import { i8x16, i16x8, i32x4, i64x2, v128 } from './opcodes.ts'
import type { Lanes, Writer } from './writer.ts'

/** Bytes 0 or 1 in the lowest lanes as a mask, and back. */
const maskFromBytes = (lanes: Lanes, bytes: Code): Code => {
  const words = [bytes, i16x8.extendLowI8x16U, i32x4.extendLowI16x8U]
  return lanes === 4 ? [words, i32x4.neg] : [words, i64x2.extendLowI32x4U, i64x2.neg]
}
const bytesFromMask = (lanes: Lanes, mask: Code): Code => {
  const first = lanes === 4 ? [0, 4, 8, 12] : [0, 8, 16, 16]
  const order = [...first, ...new Array<number>(12).fill(16)]
  return [shuffle(mask, zeros, order), i8x16.abs]
}

/** The elements from a place on, one per lane. */
export const loadNeighbours = (dtype: DType, lanes: Lanes, place: Place): Code => {
  if (dtype === 'bool') {
    const bytes =
      lanes === 4 ? load(v128.load32Zero, place) : loadLane(v128.load16Lane, place, zeros, 0)
    return maskFromBytes(lanes, bytes)
  }
  return load(lanes * bytesOf(dtype) === 16 ? v128.load : v128.load64Zero, place)
}

/** Stores lanes to neighbouring elements. */
export const storeNeighbours = (dtype: DType, lanes: Lanes, place: Place, value: Code): Code => {
  if (dtype === 'bool') {
    const instruction = lanes === 4 ? v128.store32Lane : v128.store16Lane
    return storeLane(instruction, place, bytesFromMask(lanes, value), 0)
  }
  return lanes * bytesOf(dtype) === 16
    ? store(v128.store, place, value)
    : storeLane(v128.store64Lane, place, value, 0)
}

/** Instructions for one lane, and how many of its lanes make one of the loop's. */
const laneOf = (dtype: DType, lanes: Lanes) => {
  if (dtype === 'bool') {
    return { load: v128.load8Lane, store: v128.store8Lane, step: 16 / lanes }
  }
  return dtype === 'float64'
    ? { load: v128.load64Lane, store: v128.store64Lane, step: 1 }
    : { load: v128.load32Lane, store: v128.store32Lane, step: 1 }
}

/** One element per lane from places that are each their own. */
export const gather = (w: Writer, dtype: DType, lanes: Lanes, placeOf: Places): Code => {
  const result = w.f.local('v128')
  const lane = laneOf(dtype, lanes)
  const steps = Array.from({ length: lanes }, (_, i) =>
    set(result, loadLane(lane.load, placeOf(i), i === 0 ? zeros : result, i * lane.step)),
  )
  const negated = lanes === 4 ? i32x4.neg : i64x2.neg
  return [steps, result, dtype === 'bool' ? negated : []]
}

/** Stores each lane to a place of its own. */
export const scatter = (
  w: Writer,
  dtype: DType,
  lanes: Lanes,
  placeOf: Places,
  value: Code,
): Code => {
  const vector = w.f.local('v128')
  const lane = laneOf(dtype, lanes)
  const steps = Array.from({ length: lanes }, (_, i) =>
    storeLane(lane.store, placeOf(i), vector, i * lane.step),
  )
  return [set(vector, dtype === 'bool' ? [value, i8x16.abs] : value), steps]
}

/** Where the element of each lane is. */
export type Places = (lane: number) => Place

/** Places `bytes` apart, the first of which is computed once into a local. */
export const everyBytes = (address: Local, bytes: number, offset: number): Places => {
  return (lane) =>
    bytes >= 0
      ? { address: address, offset: offset + lane * bytes }
      : { address: add(address, lane * bytes), offset }
}

/** Places at an address plus an int32 lane of `offsets` in elements plus `bytes` per lane. */
export const atOffsets = (
  address: Local,
  offsets: Local,
  element: number,
  bytes: number,
): Places => {
  return (lane) => {
    const offset = extractLane(i32x4.extractLane, offsets, lane)
    return {
      address: add(address, add(mul(offset, element), lane * bytes)),
      offset: 0,
    }
  }
}
