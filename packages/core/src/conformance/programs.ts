/** Hand-written programs: buffers by role, and the elements that matter most. */
import { type ArrayOf, allocate, bytesOf, type DType, dtypeOf, type TypedArray } from '../dtype.ts'
import type { Address, Buffer, Program, Scalar, Statement, Step } from '../loop/loop.ts'
import { generator } from './generator.ts'

/** A buffer without elements. */
export interface Size {
  readonly dtype: DType
  readonly length: number
}

/** What a program is made of; buffers are numbered in this order. */
export interface Parts {
  readonly inputs: readonly TypedArray[]
  readonly outputs: readonly Size[]
  readonly scratch?: readonly Size[]
  readonly slices?: readonly Size[]
  readonly constants?: readonly TypedArray[]
  readonly steps: readonly Step[]
}

const sizeOf = (array: TypedArray): Size => ({ dtype: dtypeOf(array)!, length: array.length })

/** The program of its parts, with every intermediate in a place of its own. */
export const programOf = (parts: Parts): Program => {
  const { inputs, outputs, scratch = [], slices = [], constants = [], steps } = parts
  let arenaBytes = 0
  const inArena = (size: Size): Buffer => {
    const offset = arenaBytes
    arenaBytes += Math.ceil((bytesOf(size.dtype) * size.length) / 64) * 64
    return { ...size, place: { kind: 'arena', offset } }
  }
  const placed = (kind: 'input' | 'output' | 'constant') => (size: Size, position: number) => ({
    ...size,
    place: { kind, position },
  })
  return {
    buffers: [
      ...inputs.map(sizeOf).map(placed('input')),
      ...outputs.map(placed('output')),
      ...scratch.map(inArena),
      ...slices.map((size): Buffer => ({ ...size, place: { kind: 'slice' } })),
      ...constants.map(sizeOf).map(placed('constant')),
    ],
    inputs: inputs.length,
    outputs: outputs.map((_, i) => inputs.length + i),
    constants,
    arenaBytes,
    steps,
  }
}

/** A step of statements. */
export const kernel = (...body: readonly Statement[]): Step => ({
  kind: 'kernel',
  kernel: { name: 'conformance', body },
})

/** `base + stride index` */
export const along = (index: number, stride = 1, base = 0): Address => ({
  base,
  terms: [{ index, stride }],
})

/** A loop. */
export const loop = (
  index: number,
  extent: number,
  body: readonly Statement[],
  parallel = true,
): Statement => ({ kind: 'for', index, extent, parallel, body })

/** A store. */
export const store = (buffer: number, at: Address, value: Scalar): Statement => ({
  kind: 'store',
  buffer,
  at,
  value,
})

const ends = [0, -0, 1, -1, 0.5, -2.5, 3, 7.75, 1e-40, -1e-40, 1e30, -1e30]
const floatEdges = [...ends, 2 ** 31, -(2 ** 31) - 1, 16777217, Infinity, -Infinity, NaN]
const intEdges = [0, 1, -1, 2, 7, -3, 31, 32, 33, 255, 65536, 2 ** 31 - 1, -(2 ** 31)]

/** Elements at which an operation may go wrong. */
export const edges: Readonly<Record<DType, readonly number[]>> = {
  bool: [0, 1],
  int32: intEdges,
  float32: floatEdges,
  float64: [...floatEdges, 1e-310, 1e300, 2 ** 53 + 2],
}

/** An array of a dtype. */
export const arrayOf = <D extends DType>(dtype: D, elements: readonly number[]): ArrayOf[D] => {
  const array = allocate(dtype, elements.length)
  array.set(elements)
  return array as ArrayOf[D]
}

const inTurn = (dtype: DType, length: number, list: readonly number[]): TypedArray =>
  arrayOf(
    dtype,
    Array.from({ length }, (_, i) => list[(7 * i) % list.length]!),
  )

/** `length` elements that take edges in turn. */
export const edgesOf = (dtype: DType, length: number): TypedArray =>
  inTurn(dtype, length, edges[dtype])

/** `length` elements that take small finite edges in turn, where nothing hides behind NaN or infinity. */
export const smallEdgesOf = (dtype: DType, length: number): TypedArray => {
  const small = edges[dtype].filter((x) => Math.abs(x) < 10)
  return inTurn(dtype, length, small)
}

/** `length` reproducible elements of moderate size. */
export const spreadOf = (dtype: DType, length: number, seed: number): TypedArray => {
  const next = generator(seed)
  const scale = dtype === 'int32' ? 100 : 2
  return arrayOf(
    dtype,
    Array.from({ length }, () => (dtype === 'bool' ? Number(next() > 0) : scale * next())),
  )
}
