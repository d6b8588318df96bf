/** Scalar expressions of the loop IR as C: one table entry for each operation. */
import type { DType } from '@rootstock/core'
import type { Address, BinaryOp, Scalar, UnaryOp } from '@rootstock/core/backend'
import { fitsInt32 } from './bounds.ts'
import { literal, scalarType, suffix } from './literal.ts'

type Unary = (x: string, from: DType, to: DType) => string
type Binary = (a: string, b: string, of: DType) => string

const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64'
const mark = (dtype: DType): string => (dtype === 'float32' ? 'f' : '')

/** Rounding functions, which leave integers alone. */
const rounded =
  (name: string): Unary =>
  (x, from) =>
    isFloat(from) ? `__builtin_${name}${mark(from)}(${x})` : x

const helper =
  (name: string): Unary =>
  (x, from) =>
    `${name}_${suffix[from]}(${x})`

const unary: { readonly [Op in UnaryOp]: Unary } = {
  neg: (x) => `(-${x})`,
  abs: (x, from) => (isFloat(from) ? `__builtin_fabs${mark(from)}(${x})` : `abs_i(${x})`),
  floor: rounded('floor'),
  ceil: rounded('ceil'),
  nearest: rounded('rint'),
  trunc: rounded('trunc'),
  sqrt: rounded('sqrt'),
  not: (x) => `(${x} ^ 1)`,
  convert: (x, from, to) =>
    to === 'bool'
      ? `(${x} != 0)`
      : to === 'int32' && isFloat(from)
        ? `int_of_${suffix[from]}(${x})`
        : `((${scalarType[to]})${x})`,
  significand: helper('significand'),
  exponent: helper('exponent'),
  pow2: helper('pow2'),
}

const infix =
  (symbol: string): Binary =>
  (a, b) =>
    `(${a} ${symbol} ${b})`

const call =
  (name: string): Binary =>
  (a, b, of) =>
    `${name}_${suffix[of]}(${a}, ${b})`

/** Truths as masks of all bits: of sums and unions of comparisons GCC makes no vectors where a float is chosen by them. */
const masked =
  (symbol: string): Binary =>
  (a, b, of) =>
    of === 'bool' ? `((-(${a}) ${symbol} -(${b})) & 1)` : `(${a} ${symbol} ${b})`

const binary: { readonly [Op in BinaryOp]: Binary } = {
  add: infix('+'),
  sub: infix('-'),
  mul: infix('*'),
  div: (a, b, of) => (isFloat(of) ? `(${a} / ${b})` : `div_i(${a}, ${b})`),
  rem: call('rem'),
  min: call('min'),
  max: call('max'),
  and: masked('&'),
  or: masked('|'),
  xor: infix('^'),
  shl: call('shl'),
  shr: call('shr'),
  eq: infix('=='),
  lt: infix('<'),
  le: infix('<='),
}

/** Two scalars combined, as text. */
export const combine = (op: BinaryOp, dtype: DType, a: string, b: string): string =>
  binary[op](a, b, dtype)

const isOrdinary = (x: Scalar): x is Extract<Scalar, { op: 'const' }> =>
  x.op === 'const' && isFloat(x.dtype) && x.value !== 0 && !Number.isNaN(x.value)

/** Shorter forms of the same value where operands are known well enough. */
const specialised = (
  { op, dtype, args }: Extract<Scalar, { args: unknown }>,
  [a, b]: readonly [string, string],
): string | null => {
  const [first, second] = args
  if ((op === 'min' || op === 'max') && second !== undefined) {
    // beside a constant that is neither zero nor NaN, one comparison keeps NaN and equal values right
    const [x, bound] = isOrdinary(second) ? [a, b] : [b, a]
    if (isOrdinary(second) || isOrdinary(first)) return `${op}_to_${suffix[dtype]}(${x}, ${bound})`
  }
  if (op === 'convert' && dtype === 'int32' && isFloat(first.dtype) && fitsInt32(first)) {
    return `near_int_of_${suffix[first.dtype]}(${a})`
  }
  return null
}

const shiftOf = (
  x: Scalar,
  op: 'shl' | 'shr',
): { readonly of: Scalar; readonly by: number } | null =>
  x.op === op && x.dtype === 'int32' && x.args[1].op === 'const'
    ? { of: x.args[0], by: x.args[1].value }
    : null

/** What is turned left by how many bits, when x is the union of two shifts of one word, as in random draws. */
const rotationOf = (x: Scalar): { readonly of: Scalar; readonly by: number } | null => {
  if (x.op !== 'or') return null
  const [left, right] = [shiftOf(x.args[0], 'shl'), shiftOf(x.args[1], 'shr')]
  if (left === null || right === null || left.of !== right.of) return null
  return left.by > 0 && right.by > 0 && left.by + right.by === 32 ? left : null
}

/** Names of what a kernel has declared. */
export const localName = (id: number): string => `v${id}`
export const indexName = (index: number): string => `i${index}`

/** Writes one statement's expressions: shared nodes become constants declared before the statement. */
export interface ScalarWriter {
  /** The expression's text; may add declarations. */
  readonly write: (x: Scalar) => string
  /** An element's position as text. */
  readonly address: (at: Address) => string
  readonly declarations: readonly string[]
}

const countUses = (roots: readonly Scalar[]): Map<Scalar, number> => {
  const uses = new Map<Scalar, number>()
  const todo = [...roots]
  for (let x = todo.pop(); x !== undefined; x = todo.pop()) {
    const before = uses.get(x) ?? 0
    uses.set(x, before + 1)
    if (before > 0) continue
    if ('args' in x) todo.push(...x.args)
    else if ((x.op === 'load' || x.op === 'index') && x.at.offset !== undefined)
      todo.push(x.at.offset)
  }
  return uses
}

/** Names that a kernel gives out. */
export interface Names {
  /** A name that nothing has yet. */
  readonly fresh: () => string
  /** The pointer to a buffer's elements. */
  readonly buffer: (buffer: number) => string
}

/** A writer for one statement; `roots` are all expressions it will be asked for. */
export const scalarWriter = (roots: readonly Scalar[], { fresh, buffer }: Names): ScalarWriter => {
  const uses = countUses(roots)
  const names = new Map<Scalar, string>()
  const declarations: string[] = []

  const address = ({ base, terms, offset }: Address): string => {
    const parts = terms.map(({ index, stride }) =>
      stride === 1 ? indexName(index) : `${indexName(index)} * ${stride}`,
    )
    if (offset !== undefined) parts.push(write(offset))
    if (base !== 0 || parts.length === 0) parts.push(String(base))
    return parts.join(' + ')
  }
  const plain = (x: Scalar): string => {
    switch (x.op) {
      case 'const':
        return literal(x.dtype, x.value)
      case 'index':
        return `((int32_t)(${address(x.at)}))`
      case 'load':
        return `${buffer(x.buffer)}[${address(x.at)}]`
      case 'local':
        return localName(x.id)
      case 'select': {
        const [condition, then, otherwise] = x.args.map(write)
        return `pick_${suffix[x.dtype]}(${condition}, ${then}, ${otherwise})`
      }
      default: {
        const rotation = rotationOf(x)
        if (rotation !== null) return `rotate_i(${write(rotation.of)}, ${rotation.by})`
        const [a, b] = x.args.map(write)
        const from = x.args[0].dtype
        const special = specialised(x, [a!, b ?? ''])
        if (special !== null) return special
        return b === undefined
          ? unary[x.op as UnaryOp](a!, from, x.dtype)
          : binary[x.op as BinaryOp](a!, b, from)
      }
    }
  }
  const write = (x: Scalar): string => {
    const known = names.get(x)
    if (known !== undefined) return known
    const text = plain(x)
    if ((uses.get(x) ?? 0) < 2 || x.op === 'const' || x.op === 'local') return text
    const name = fresh()
    declarations.push(`const ${scalarType[x.dtype]} ${name} = ${text};`)
    names.set(x, name)
    return name
  }
  return { write, address, declarations }
}
