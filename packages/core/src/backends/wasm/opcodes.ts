/**
 * Instructions by their names in the WebAssembly specification. Its opcodes come in runs, and so do they here: a number
 * and the names from there on, with `_` for what is not used.
 */
import { either, type Instruction, instruction, type Names, unsigned } from './encode.ts'

type Run<S extends string> = { readonly [_ in Names<S>]: Instruction }

const runsOf =
  (prefix: readonly number[]) =>
  <S extends string>(first: number, names: S): Run<S> => {
    const encoded = (i: number): readonly number[] =>
      prefix.length === 0 ? [first + i] : [...prefix, ...unsigned(first + i)]
    const entries = names.split(' ').map((name, i) => [name, instruction(...encoded(i))])
    return Object.fromEntries(entries) as Run<S>
  }

const plain = runsOf([])
const saturating = runsOf([0xfc])
const simd = runsOf([0xfd])

const floatOps = 'abs neg ceil floor trunc nearest sqrt add sub mul div min max'

export const i32 = {
  ...plain(0x28, 'load'),
  ...plain(0x2d, 'load8U'),
  ...plain(0x36, 'store'),
  ...plain(0x3a, 'store8'),
  ...plain(0x45, 'eqz eq ne ltS ltU gtS gtU leS leU geS geU'),
  ...plain(0x6a, 'add sub mul divS divU remS remU and or xor shl shrS shrU'),
  ...plain(0xa7, 'wrapI64'),
  ...plain(0xbc, 'reinterpretF32'),
  ...saturating(0x00, 'truncSatF32S _ truncSatF64S'),
}

export const i64 = {
  ...plain(0x29, 'load'),
  ...plain(0x42, 'const'),
  ...plain(0x50, 'eqz eq _ _ ltU'),
  ...plain(0x7c, 'add _ mul'),
  ...plain(0x83, 'and or xor shl shrS shrU'),
  ...plain(0xac, 'extendI32S'),
  ...plain(0xbd, 'reinterpretF64'),
}

/** Instructions on addresses and distances. */
export const address = {
  load: either(i32.load, i64.load),
  eqz: either(i32.eqz, i64.eqz),
  eq: either(i32.eq, i64.eq),
  ltU: either(i32.ltU, i64.ltU),
  add: either(i32.add, i64.add),
  mul: either(i32.mul, i64.mul),
  /** Makes an address of a signed i32. */
  extend: either(instruction(), i64.extendI32S),
}

export const f32 = {
  ...plain(0x2a, 'load'),
  ...plain(0x38, 'store'),
  ...plain(0x43, 'const'),
  ...plain(0x5b, 'eq ne lt gt le ge'),
  ...plain(0x8b, floatOps),
  ...plain(0xb2, 'convertI32S _ _ _ demoteF64'),
  ...plain(0xbe, 'reinterpretI32'),
}

export const f64 = {
  ...plain(0x2b, 'load'),
  ...plain(0x39, 'store'),
  ...plain(0x44, 'const'),
  ...plain(0x61, 'eq ne lt gt le ge'),
  ...plain(0x99, floatOps),
  ...plain(0xb7, 'convertI32S _ _ _ promoteF32'),
  ...plain(0xbf, 'reinterpretI64'),
}

export const v128 = {
  ...simd(0x00, 'load'),
  ...simd(0x09, 'load32Splat load64Splat store const shuffle'),
  ...simd(0x4d, 'not and andnot or xor bitselect anyTrue'),
  ...simd(0x54, 'load8Lane load16Lane load32Lane load64Lane'),
  ...simd(0x58, 'store8Lane store16Lane store32Lane store64Lane load32Zero load64Zero'),
}

export const i8x16 = { ...simd(0x60, 'abs') }

export const i16x8 = { ...simd(0x89, 'extendLowI8x16U') }

export const i32x4 = {
  ...simd(0x11, 'splat'),
  ...simd(0x1b, 'extractLane replaceLane'),
  ...simd(0x37, 'eq ne ltS ltU gtS gtU leS'),
  ...simd(0xa0, 'abs neg'),
  ...simd(0xa9, 'extendLowI16x8U _ shl shrS shrU add _ _ sub _ _ _ mul minS minU maxS'),
  ...simd(0xf8, 'truncSatF32x4S _ _ _ truncSatF64x2SZero'),
}

export const i64x2 = {
  ...simd(0xc7, 'extendLowI32x4S extendHighI32x4S _ _ shl shrS'),
  ...simd(0xd1, 'sub'),
}

export const f32x4 = {
  ...simd(0x13, 'splat'),
  ...simd(0x1f, 'extractLane replaceLane'),
  ...simd(0x41, 'eq ne lt gt le ge'),
  ...simd(0x5e, 'demoteF64x2Zero'),
  ...simd(0x67, 'ceil floor trunc nearest'),
  ...simd(0xe0, 'abs neg _ sqrt add sub mul div min max pmin pmax'),
  ...simd(0xfa, 'convertI32x4S'),
}

export const f64x2 = {
  ...simd(0x14, 'splat'),
  ...simd(0x21, 'extractLane replaceLane'),
  ...simd(0x47, 'eq ne lt gt le ge'),
  ...simd(0x5f, 'promoteLowF32x4'),
  ...simd(0x74, 'ceil floor _ _ _ _ trunc'),
  ...simd(0x94, 'nearest'),
  ...simd(0xec, 'abs neg _ sqrt add sub mul div min max pmin pmax'),
  ...simd(0xfe, 'convertLowI32x4S'),
}
