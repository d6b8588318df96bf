/** The vocabulary in which renderers write functions: variables, constants, memory access and control. */
import type { DType } from '../../dtype.ts'
import {
  type Code,
  either,
  type Func,
  instruction,
  type Local,
  type Names,
  type Numbered,
  signed,
  unsigned,
  type ValueType,
} from './encode.ts'
import { address, f32, f64, i32, i64, v128 } from './opcodes.ts'

/** A function being written. */
export interface FunctionBuilder {
  readonly param: (type: ValueType) => Local
  readonly local: (type: ValueType) => Local
  /** The function with this body. */
  readonly finish: (name: string, body: Code) => Func
}

/** An empty function. */
export const createFunction = (): FunctionBuilder => {
  const params: Local[] = []
  const locals: Local[] = []
  const add = (list: Local[]) => (type: ValueType) => {
    const local = { type, index: -1 }
    list.push(local)
    return local
  }
  return {
    param: add(params),
    local: add(locals),
    finish: (name, body) => ({ name, params, locals, body }),
  }
}

/** Locals by name. */
type Named<S extends string> = { readonly [_ in Names<S>]: Local }

const named = <S extends string>(names: S, make: () => Local): Named<S> =>
  Object.fromEntries(names.split(' ').map((name) => [name, make()])) as Named<S>

/** Parameters of a function, in this order: addresses and distances, then i32s. */
export const params = <A extends string, S extends string>(
  f: FunctionBuilder,
  addresses: A,
  sizes: S,
): Named<A> & Named<S> => ({
  ...named(addresses, () => f.param('address')),
  ...named(sizes, () => f.param('i32')),
})

/** i32 variables of a function. */
export const variables = <S extends string>(f: FunctionBuilder, names: S): Named<S> =>
  named(names, () => f.local('i32'))

/** Variables of a function for addresses and distances. */
export const pointers = <S extends string>(f: FunctionBuilder, names: S): Named<S> =>
  named(names, () => f.local('address'))

export const times = <T>(n: number, f: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => f(i))

/** A constant distance in bytes. */
export const bytesApart = (bytes: number): Code =>
  either(instruction(0x41, ...signed(bytes | 0)), instruction(0x42, ...signed(bytes)))

/** Code for a distance, which a number may stand for. */
const apart = (bytes: Code): Code => (typeof bytes === 'number' ? bytesApart(bytes) : bytes)

export const set = (local: Local, value: Code): Code => [
  local.type === 'address' ? apart(value) : value,
  instruction(0x21, local),
]
/** Sets a local and leaves the value on the stack. */
export const tee = (local: Local, value: Code): Code => [value, instruction(0x22, local)]

export const call = (func: Numbered, ...args: readonly Code[]): Code => [
  args,
  instruction(0x10, func),
]

/** Numbers whose bytes become constants. */
export type LaneArray = Int32Array | Float32Array | Float64Array

const bytesFrom = (array: LaneArray): number[] => [...new Uint8Array(array.buffer)]

/** A constant of a dtype. */
export const constant = (dtype: DType, value: number): Code => {
  if (dtype === 'bool') return value === 0 ? 0 : 1
  if (dtype === 'int32') return value
  return dtype === 'float32'
    ? [f32.const, instruction(...bytesFrom(Float32Array.of(value)))]
    : [f64.const, instruction(...bytesFrom(Float64Array.of(value)))]
}

/** A small i64 constant. */
export const long = (value: number): Code => [i64.const, instruction(...signed(value))]

/** All lanes zero. */
export const zeros: Code = [v128.const, instruction(...new Array<number>(16).fill(0))]

/** A vector of the given lanes. */
export const lanes = (array: LaneArray): Code => [v128.const, instruction(...bytesFrom(array))]

/** Bytes of two vectors: 0..15 of the first, 16..31 of the second. */
export const shuffle = (a: Code, b: Code, bytes: readonly number[]): Code => [
  a,
  b,
  v128.shuffle,
  instruction(...bytes),
]

/** 32-bit lanes of two vectors: 0..3 of the first, 4..7 of the second. */
export const shuffle32 = (a: Code, b: Code, order: readonly number[]): Code =>
  shuffle(
    a,
    b,
    order.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]),
  )

/** Alignment (promised as none) and offset of a memory access. */
const memoryImmediate = (offset: number): Code => instruction(0, ...unsigned(offset))

/** A place in memory: an address on the stack plus a constant, below 2^32 unless addresses are wide. */
export interface Place {
  readonly address: Code
  readonly offset: number
}

/** The place a number of bytes after an address. */
export const at = (start: Code, offset = 0): Place => ({ address: start, offset })

export const load = (memory: Code, place: Place): Code => [
  place.address,
  memory,
  memoryImmediate(place.offset),
]
export const store = (memory: Code, place: Place, value: Code): Code => [
  place.address,
  value,
  memory,
  memoryImmediate(place.offset),
]
export const loadLane = (memory: Code, place: Place, vector: Code, lane: number): Code => [
  store(memory, place, vector),
  instruction(lane),
]
export const storeLane = loadLane

export const extractLane = (extract: Code, vector: Code, lane: number): Code => [
  vector,
  extract,
  instruction(lane),
]
export const replaceLane = (replace: Code, vector: Code, lane: number, value: Code): Code => [
  vector,
  value,
  replace,
  instruction(lane),
]

/** Copies bytes between regions, which may overlap. */
export const copyMemory = (to: Code, from: Code, bytes: number): Code => [
  to,
  from,
  bytesApart(bytes),
  instruction(0xfc, 0x0a, 0, 0),
]

export const add = (a: Code, b: Code): Code => [a, b, i32.add]
export const sub = (a: Code, b: Code): Code => [a, b, i32.sub]
export const mul = (a: Code, b: Code): Code => [a, b, i32.mul]

/** The address some bytes after another one, or the sum of two distances. */
export const after = (start: Code, bytes: Code): Code => [start, apart(bytes), address.add]

/** A distance: so many times (an i32) so many bytes. */
export const distance = (count: Code, bytes: Code): Code => [
  [count, address.extend],
  apart(bytes),
  address.mul,
]

/** True for an address other than 0. */
export const isSome = (place: Code): Code => [place, address.eqz, i32.eqz]

/** Moves an address by a distance. */
export const advance = (pointer: Local, bytes: Code): Code => set(pointer, after(pointer, bytes))

/** `condition ? a : b` without a jump; both are evaluated. */
export const choose = (condition: Code, a: Code, b: Code): Code => [
  a,
  b,
  condition,
  instruction(0x1b),
]

const blockStart = instruction(0x02, 0x40)
const loopStart = instruction(0x03, 0x40)
const ifStart = instruction(0x04, 0x40)
const elseStart = instruction(0x05)
const end = instruction(0x0b)
const branchTo = (depth: number): Code => instruction(0x0c, depth)
const branchIf = (depth: number): Code => instruction(0x0d, depth)

/** Code for the smaller of two sizes. */
export const smaller = (f: FunctionBuilder, a: Code, b: Code): Code => {
  const [x, y] = [f.local('i32'), f.local('i32')]
  return [set(x, a), set(y, b), choose([x, y, i32.ltU], x, y)]
}

/** Code for both cases of a condition. */
export const when = (condition: Code, then: Code, otherwise?: Code): Code => [
  [condition, ifStart, then],
  otherwise === undefined ? [] : [elseStart, otherwise],
  end,
]

/** The body at least once, again while the condition holds at its end. */
export const repeat = (body: Code, condition: Code): Code => [
  loopStart,
  body,
  condition,
  branchIf(0),
  end,
]

/** The body as long as the condition holds before it. */
export const whileTrue = (condition: Code, body: Code): Code => [
  [blockStart, loopStart],
  [condition, i32.eqz, branchIf(1)],
  [body, branchTo(0)],
  [end, end],
]

/** The body for `counter` from its current value in steps of `by` while it is below `limit`; at least once. */
export const countTo = (counter: Local, limit: Code, by: Code, body: Code): Code =>
  repeat(body, [tee(counter, add(counter, by)), limit, i32.ltU])

/** The same from 0 on. */
export const every = (counter: Local, limit: Code, by: Code, body: Code): Code => [
  set(counter, 0),
  countTo(counter, limit, by, body),
]

/** `countTo` for an address. */
export const moveTo = (pointer: Local, limit: Code, by: number, body: Code): Code =>
  repeat(body, [tee(pointer, after(pointer, by)), limit, address.ltU])

/** Type of a local that holds one element. */
export const valueType: { readonly [D in DType]: ValueType } = {
  bool: 'i32',
  int32: 'i32',
  float32: 'f32',
  float64: 'f64',
}

/** Loads and stores of one element. */
export const scalarMemory: {
  readonly [D in DType]: { readonly load: Code; readonly store: Code }
} = {
  bool: { load: i32.load8U, store: i32.store8 },
  int32: { load: i32.load, store: i32.store },
  float32: { load: f32.load, store: f32.store },
  float64: { load: f64.load, store: f64.store },
}
