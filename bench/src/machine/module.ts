/** The few bytes of WebAssembly that the probes of a machine's limits need, written by hand. */

/** Instructions, or parts of them. */
export type Code = readonly (number | Code)[]

/** A function of int32 arguments that returns a float32. */
export interface ProbeFunction {
  readonly name: string
  readonly params: number
  /** Locals of 128 bits, numbered after the parameters. */
  readonly vectors: number
  readonly body: Code
}

const unsigned = (value: number): number[] => {
  const low = value & 0x7f
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(Math.floor(value / 0x80))]
}

const signed = (value: number): number[] => {
  const low = value & 0x7f
  const rest = value >> 7
  const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
  return isLast ? [low] : [low | 0x80, ...signed(rest)]
}

const flat = (code: Code): number[] =>
  (code as unknown[]).flat(Number.POSITIVE_INFINITY) as number[]
const vector = (parts: readonly Code[]): number[] => [...unsigned(parts.length), ...flat(parts)]
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
]
const text = (name: string): number[] => [...unsigned(name.length), ...Buffer.from(name)]

const types = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const
const simd = (code: number, ...operands: readonly number[]): Code => [
  0xfd,
  ...unsigned(code),
  ...operands,
]

export const get = (local: number): Code => [0x20, ...unsigned(local)]
export const set = (local: number, value: Code): Code => [value, 0x21, ...unsigned(local)]
export const integer = (value: number): Code => [0x41, ...signed(value)]
export const addInt = (a: Code, b: Code): Code => [a, b, 0x6a]
export const load = (address: Code, offset: number): Code => [
  address,
  simd(0x00, 4, ...unsigned(offset)),
]
export const store = (address: Code, offset: number, value: Code): Code => [
  address,
  value,
  simd(0x0b, 4, ...unsigned(offset)),
]
export const add = (a: Code, b: Code): Code => [a, b, simd(0xe4)]
export const mul = (a: Code, b: Code): Code => [a, b, simd(0xe6)]
export const firstLane = (x: Code): Code => [x, simd(0x1f, 0)]

/** The same float32 in all lanes. */
export const constant = (value: number): Code => {
  const bytes = new Uint8Array(new Float32Array(4).fill(value).buffer)
  return simd(0x0c, ...bytes)
}

/** Runs the body as often as the local says, counting it down. */
export const repeat = (counter: number, body: Code): Code => [
  [0x03, 0x40, body],
  [get(counter), integer(1), 0x6b, 0x22, ...unsigned(counter), 0x0d, 0x00, 0x0b],
]

const functionBody = ({ vectors, body }: ProbeFunction): number[] => {
  const code = [
    ...vector(vectors === 0 ? [] : [[...unsigned(vectors), types.v128]]),
    ...flat(body),
    0x0b,
  ]
  return [...unsigned(code.length), ...code]
}

// "\0asm", version 1
const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const

/** A module with a memory of that many pages, exported as `memory`, and the functions under their names. */
export const encodeModule = (
  functions: readonly ProbeFunction[],
  pages: number,
): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    ...magic,
    ...section(
      1,
      vector(
        functions.map(({ params }) => [
          0x60,
          ...vector(Array.from({ length: params }, () => [types.i32])),
          ...vector([[types.f32]]),
        ]),
      ),
    ),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(5, vector([[0x00, ...unsigned(pages)]])),
    ...section(
      7,
      vector([
        [...text('memory'), 0x02, 0x00],
        ...functions.map(({ name }, i) => [...text(name), 0x00, ...unsigned(i)]),
      ]),
    ),
    ...section(10, vector(functions.map(functionBody))),
  ])

/** The part of the WebAssembly JavaScript API used here; TypeScript knows it only together with a browser's DOM. */
interface Api {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (module: object) => { readonly exports: object }
}

const { WebAssembly: api } = globalThis as unknown as { readonly WebAssembly: Api }

/** The exports of a module. */
export const instantiate = (bytes: Uint8Array<ArrayBuffer>): object =>
  new api.Instance(new api.Module(bytes)).exports
