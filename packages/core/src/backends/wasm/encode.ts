/**
 * The WebAssembly binary format, as much of it as a compiler of loops needs. Code is a tree that renderers compose from
 * small arrays: in it a number is a constant and a local its value, so that `[x, 4, i32.add]` reads as it runs. Locals and
 * functions get their numbers when the function or module is complete; code can ask for a new local at any moment.
 */

import type { DType } from '../../dtype.ts'

/** The words of a text. */
export type Names<S extends string> = S extends `${infer First} ${infer Rest}`
  ? First | Names<Rest>
  : S

/** What code has to know about the memory it works on. */
export interface MemoryType {
  /** True when threads can share it. */
  readonly isShared: boolean
  /** True when its addresses are wide: 64 bits instead of 32. */
  readonly isWide: boolean
}

/** Types of locals, parameters and results. Addresses, and distances in bytes, are i32 or, where they are wide, i64. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'address'

/** Something that is known by a number in the finished module. */
export interface Numbered {
  index: number
}

/** A parameter or local variable of a function. */
export interface Local extends Numbered {
  readonly type: ValueType
}

/** An instruction with its immediate operands. */
export interface Instruction {
  readonly bytes: readonly (number | Numbered)[]
  /** What stands in its place where addresses are wide. */
  readonly wide?: Instruction['bytes']
}

/** What pushes values and runs, in order; a number is an i32 constant, a local its value. */
export type Code = number | Local | Instruction | readonly Code[]

/** An instruction of these bytes and references. */
export const instruction = (...bytes: readonly (number | Numbered)[]): Instruction => ({ bytes })

/** One instruction, or where addresses are wide another. */
export const either = ({ bytes }: Instruction, { bytes: wide }: Instruction): Instruction => ({
  bytes,
  wide,
})

/** A function: its parameters come first in the numbering of locals. */
export interface Func {
  readonly name: string
  readonly params: readonly Local[]
  readonly locals: readonly Local[]
  readonly body: Code
}

/** A function that the module imports; it has no results. */
export interface FuncImport {
  /** The library it belongs to. */
  readonly from: Exclude<DType, 'bool'>
  readonly name: string
  readonly params: readonly ValueType[]
}

const typeBytes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const

const typeByte = (type: ValueType, isWide: boolean): number =>
  typeBytes[type === 'address' ? (isWide ? 'i64' : 'i32') : type]

/** An unsigned integer below 2^53 in LEB128. */
export const unsigned = (value: number): number[] => {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return bytes
}

/** A whole number of at most 53 bits in signed LEB128. */
export const signed = (value: number): number[] => {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const byte = rest & 0x7f
    rest = Math.floor(rest / 128)
    const isLast = (rest === 0 && byte < 64) || (rest === -1 && byte >= 64)
    bytes.push(isLast ? byte : byte | 0x80)
    if (isLast) return bytes
  }
}

const utf8 = new TextEncoder()

/** Nested bytes of the module's structure. */
type Bytes = readonly (number | Bytes)[]

/** A length followed by that many entries. */
const vector = (entries: Bytes): Bytes => [unsigned(entries.length), entries]
const text = (value: string): Bytes => vector([...utf8.encode(value)])

const flatten = (bytes: Bytes): number[] => (bytes as readonly unknown[]).flat(Infinity) as number[]

const assembleInto = (code: Code, bytes: number[], isWide: boolean): void => {
  if (typeof code === 'number') bytes.push(0x41, ...signed(code | 0))
  else if ('type' in code) bytes.push(0x20, ...unsigned(code.index))
  else if ('bytes' in code) {
    for (const byte of (isWide ? code.wide : undefined) ?? code.bytes) {
      if (typeof byte === 'number') bytes.push(byte)
      else bytes.push(...unsigned(byte.index))
    }
  } else for (const part of code) assembleInto(part, bytes, isWide)
}

/** Numbers the locals of a function and gives its code-section entry. */
export const encodeFunction = ({ params, locals, body }: Func, isWide: boolean): number[] => {
  const byteOf = ({ type }: Local): number => typeByte(type, isWide)
  const grouped = locals.toSorted((a, b) => byteOf(b) - byteOf(a))
  ;[...params, ...grouped].forEach((local, index) => {
    local.index = index
  })
  const groups: { type: number; count: number }[] = []
  for (const local of grouped) {
    const type = byteOf(local)
    const last = groups.at(-1)
    if (last?.type === type) last.count++
    else groups.push({ type, count: 1 })
  }
  const declared = groups.map(({ type, count }) => [unsigned(count), type])
  const bytes = flatten(vector(declared))
  assembleInto(body, bytes, isWide)
  bytes.push(0x0b)
  return [...unsigned(bytes.length), ...bytes]
}

/** The most pages (of 64 KiB) that a memory can have: all that 32 bits address, or where those are wide, what hosts allow. */
export const mostPages = (isWide: boolean): number => (isWide ? 2 ** 18 : 2 ** 16)

/** What a module is made of; `exports` maps names to positions in `functions`. */
export interface ModuleParts {
  readonly memory: MemoryType
  readonly imports: readonly FuncImport[]
  readonly functions: readonly { readonly func: Func; readonly bytes: readonly number[] }[]
  readonly exports: Readonly<Record<string, number>>
}

const section = (id: number, content: Bytes): Bytes => {
  const bytes = flatten(content)
  return bytes.length === 0 ? [] : [id, unsigned(bytes.length), bytes]
}

/** Function types without repetition, and the number of each signature. */
const collectTypes = (signatures: readonly (readonly ValueType[])[], isWide: boolean) => {
  const keys = [...new Set(signatures.map((types) => types.join()))]
  const entries = keys.map((key) => {
    const types = key === '' ? [] : (key.split(',') as ValueType[])
    return [0x60, vector(types.map((type) => typeByte(type, isWide))), vector([])]
  })
  return { entries, numberOf: (types: readonly ValueType[]) => keys.indexOf(types.join()) }
}

/** The types of a function's parameters. */
export const typesOf = (func: Func): ValueType[] => func.params.map(({ type }) => type)

/** Names of functions for profilers and stack traces. */
const nameSection = (imports: readonly FuncImport[], functions: readonly Func[]): Bytes => {
  const names = [...imports, ...functions].map(({ name }, i) => [unsigned(i), text(name)])
  return section(0, [text('name'), section(1, vector(names))])
}

/** A module whose functions work on the imported memory `rootstock.memory`; functions are imported from there too. */
export const encodeModule = ({
  memory: { isShared, isWide },
  imports,
  functions,
  exports,
}: ModuleParts): Uint8Array<ArrayBuffer> => {
  const funcs = functions.map(({ func }) => func)
  const signatures = [...imports.map(({ params }) => params), ...funcs.map(typesOf)]
  const types = collectTypes(signatures, isWide)
  const flags = 0x01 + (isShared ? 0x02 : 0) + (isWide ? 0x04 : 0)
  const limits = [flags, 0x00, unsigned(mostPages(isWide))]
  const memory = [text('rootstock'), text('memory'), 0x02, limits]
  const imported = imports.map(({ name, params }) => [
    text('rootstock'),
    text(name),
    0x00,
    unsigned(types.numberOf(params)),
  ])
  const exported = Object.entries(exports).map(([name, position]) => [
    text(name),
    0x00,
    unsigned(imports.length + position),
  ])
  return Uint8Array.from(
    flatten([
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, vector(types.entries)),
      section(2, vector([memory, ...imported])),
      section(3, vector(funcs.map((func) => unsigned(types.numberOf(typesOf(func)))))),
      section(7, vector(exported)),
      section(10, vector(functions.map(({ bytes }) => bytes))),
      nameSection(imports, funcs),
    ]),
  )
}
