/** Scalar expressions as code for four iterations of the vectorised loop at once. */
import { bytesOf, type DType } from '../../dtype.ts'
import type { Address, BinaryOp, Scalar, Statement, UnaryOp } from '../../loop/loop.ts'
import type { Code, Local } from './encode.ts'
import { after, set, sub, tee } from './instructions.ts'
import { i32x4, v128 } from './opcodes.ts'
import { argumentsOf, missing, type Shared, scalarCode, scalarPlace, sharedIn } from './scalar.ts'
import {
  atOffsets,
  everyBytes,
  gather,
  loadNeighbours,
  type Places,
  scatter,
  storeNeighbours,
} from './vectorMemory.ts'
import {
  againstConstant,
  fromHalves,
  type Half,
  joined,
  lanesTable,
  maskOfHalf,
  toHalf,
  type VectorRule,
  vectorBinary,
  vectorConversions,
  vectorShifts,
  vectorUnary,
} from './vectorTable.ts'
import {
  depthOf,
  indexCode,
  placeOf,
  strideOf,
  type VectorLoop,
  vectorConstant,
  type Writer,
} from './writer.ts'

type Operation = Extract<Scalar, { readonly args: readonly Scalar[] }>
type Of<K extends Scalar['op']> = Extract<Scalar, { readonly op: K }>

const vectorOf = (w: Writer): VectorLoop => {
  if (w.vector === null) throw new Error('not inside a vectorised loop')
  return w.vector
}

/** True when a node differs between the iterations of the vectorised loop. */
export const varies = (w: Writer, shared: Shared, node: Scalar): boolean => {
  const known = shared.varies.get(node)
  if (known !== undefined) return known
  const own =
    node.op === 'local'
      ? w.bindings.get(node.id)!.varies
      : (node.op === 'load' || node.op === 'index') &&
        strideOf(node.at, vectorOf(w).loop.index) !== 0
  const result = own || argumentsOf(node).some((x) => varies(w, shared, x))
  shared.varies.set(node, result)
  return result
}

/** Depth of the innermost loop a uniform node depends on; infinite when the vectorised loop might change it. */
const depthOfNode = (w: Writer, shared: Shared, node: Scalar): number => {
  const known = shared.depths.get(node)
  if (known !== undefined) return known
  const inner = argumentsOf(node).map((x) => depthOfNode(w, shared, x))
  let own = 0
  if (node.op === 'local') own = w.bindings.get(node.id)!.depth
  else if (node.op === 'load' && vectorOf(w).stored.has(node.buffer)) own = Infinity
  else if (node.op === 'load' || node.op === 'index') own = depthOf(w, node.at)
  const depth = Math.max(own, ...inner)
  shared.depths.set(node, depth)
  return depth
}

const splatted = (dtype: DType, value: Code): Code =>
  dtype === 'bool' ? [sub(0, value), i32x4.splat] : [value, lanesTable[dtype].splat]

/** A constant in every lane. */
export const constantVector = (w: Writer, dtype: DType, value: number): Code =>
  vectorConstant(
    w,
    dtype === 'bool'
      ? lanesTable.int32.repeat(value === 0 ? 0 : -1)
      : lanesTable[dtype].repeat(value),
  )

/** A uniform node in every lane, computed before the vectorised loop where that is possible. */
const splat = (w: Writer, shared: Shared, node: Scalar): Code => {
  if (node.op === 'const') return constantVector(w, node.dtype, node.value)
  const { loop } = vectorOf(w)
  if (depthOfNode(w, shared, node) >= loop.depth) {
    return splatted(node.dtype, scalarCode(w, shared, node))
  }
  const key = node.op === 'local' ? node.id : node
  const known = loop.hoisted.get(key)
  if (known !== undefined) return known
  const local = w.f.local('v128')
  loop.hoisted.set(key, local)
  loop.prologue.push(set(local, splatted(node.dtype, scalarCode(w, sharedIn([node]), node))))
  return local
}

const indexVector = (w: Writer, shared: Shared, at: Address): Code => {
  const stride = strideOf(at, vectorOf(w).loop.index)
  const steps = vectorConstant(w, Int32Array.of(0, stride, 2 * stride, 3 * stride))
  const affine = [indexCode(w, at), i32x4.splat, steps, i32x4.add]
  return at.offset === undefined ? affine : [affine, vectorCode(w, shared, at.offset), i32x4.add]
}

const areNeighbours = (w: Writer, shared: Shared, at: Address): boolean =>
  strideOf(at, vectorOf(w).loop.index) === 1 &&
  (at.offset === undefined || !varies(w, shared, at.offset))

interface Access {
  readonly dtype: DType
  readonly buffer: number
  readonly at: Address
}

/** Places of the elements of an access whose lanes are not neighbours, and code that has to run before they are used. */
const placesOf = (
  w: Writer,
  shared: Shared,
  access: Access,
): { readonly before: Code; readonly places: Places } => {
  const { dtype, buffer, at } = access
  const bytes = strideOf(at, vectorOf(w).loop.index) * bytesOf(dtype)
  const address = w.f.local('address')
  if (at.offset === undefined || !varies(w, shared, at.offset)) {
    const place = scalarPlace(w, shared, access)
    return { before: set(address, place.address), places: everyBytes(address, bytes, place.offset) }
  }
  const place = placeOf(w, dtype, buffer, at, null)
  const offsets = w.f.local('v128')
  return {
    before: [
      set(address, after(place.address, place.offset)),
      set(offsets, wholeVector(w, shared, at.offset)),
    ],
    places: atOffsets(address, offsets, dtype, bytes),
  }
}

const loadVector = (w: Writer, shared: Shared, node: Of<'load'>, half: Half): Code => {
  if (areNeighbours(w, shared, node.at)) {
    return loadNeighbours(node.dtype, half, scalarPlace(w, shared, node))
  }
  const { before, places } = placesOf(w, shared, node)
  return [before, gather(w, node.dtype, half, places)]
}

/** `min` or `max` of a varying float and a constant, in either order; null for other nodes. */
const bounded = (w: Writer, shared: Shared, node: Operation, half: Half): Code | null => {
  const { op, dtype, args } = node
  if ((op !== 'min' && op !== 'max') || (dtype !== 'float32' && dtype !== 'float64')) return null
  const [x, bound] = args[0].op === 'const' ? args.toReversed() : args
  if (bound?.op !== 'const') return null
  const value = dtype === 'float32' ? Math.fround(bound.value) : bound.value
  const code = againstConstant(op, dtype, value)
  if (code === null) return null
  return [vectorCode(w, shared, x, half), constantVector(w, dtype, value), code]
}

const ruleFor = ({ op, args }: Operation): VectorRule => {
  const { dtype } = args[0]
  const rules =
    args.length === 1
      ? vectorUnary[op as Exclude<UnaryOp, 'convert'>]
      : vectorBinary[op as BinaryOp]
  return rules[dtype] ?? missing(op, dtype)
}

/** One vector from the halves of float64 arguments. */
const narrowing = (
  w: Writer,
  shared: Shared,
  { op, dtype, args }: Operation,
  rule: VectorRule | null,
): Code => {
  const half = (which: Half): Code => {
    const values = args.map((arg) => vectorCode(w, shared, arg, which))
    return rule === null ? values : rule(w, values[0]!, values[1] ?? [])
  }
  const [low, high] = [half(0), half(1)]
  return op === 'convert' && dtype !== 'float64' ? fromHalves[dtype](low, high) : joined(low, high)
}

const operationVector = (w: Writer, shared: Shared, node: Operation, half: Half): Code => {
  const special = bounded(w, shared, node, half)
  if (special !== null) return special
  const { op, dtype, args } = node
  const from = args[0].dtype
  if (from === 'float64' && dtype !== 'float64') {
    return narrowing(w, shared, node, op === 'convert' ? null : ruleFor(node))
  }
  if (from !== 'float64' && dtype === 'float64') {
    return toHalf[from](w, half, wholeVector(w, shared, args[0]))
  }
  const a = vectorCode(w, shared, args[0], half)
  if (op === 'convert') {
    return from === 'float64' || dtype === 'float64' ? a : vectorConversions[from][dtype](w, a, [])
  }
  const second = args[1]
  if (second === undefined) return ruleFor(node)(w, a, [])
  if ((op === 'shl' || op === 'shr') && !varies(w, shared, second)) {
    return [a, scalarCode(w, shared, second), vectorShifts[op]]
  }
  return ruleFor(node)(w, a, vectorCode(w, shared, second, half))
}

const isZero = (x: Scalar): boolean => x.op === 'const' && Object.is(x.value, 0)

/** True for a float and its negative. */
const areOpposite = (x: Scalar, y: Scalar): boolean =>
  x.op === 'neg' && x.args[0] === y && x.dtype !== 'int32'

/** A choice by bits; zeros and opposite signs need less than the three instructions that processors have for it. */
const selectVector = (w: Writer, shared: Shared, node: Of<'select'>, half: Half): Code => {
  const { dtype } = node
  const [condition, then, otherwise] = node.args
  const side = (x: Scalar): Code => vectorCode(w, shared, x, half)
  const mask = (): Code =>
    dtype === 'float64'
      ? maskOfHalf(half, wholeVector(w, shared, condition))
      : vectorCode(w, shared, condition)
  if (isZero(otherwise)) return [side(then), mask(), v128.and]
  if (isZero(then)) return [side(otherwise), mask(), v128.andnot]
  if (areOpposite(then, otherwise)) {
    return [side(otherwise), [mask(), constantVector(w, dtype, -0), v128.and], v128.xor]
  }
  return [side(then), side(otherwise), mask(), v128.bitselect]
}

const evaluate = (w: Writer, shared: Shared, node: Scalar, half: Half): Code => {
  switch (node.op) {
    case 'local': {
      const { local, high } = w.bindings.get(node.id)!
      return half === 1 ? high! : local
    }
    case 'index':
      return indexVector(w, shared, node.at)
    case 'load':
      return loadVector(w, shared, node, half)
    case 'select':
      return selectVector(w, shared, node, half)
    case 'const':
      return constantVector(w, node.dtype, node.value)
    default:
      return operationVector(w, shared, node, half)
  }
}

/** Code of a node, kept in a local where it is wanted again. */
const evaluateOnce = (
  w: Writer,
  shared: Shared,
  node: Scalar,
  half: Half,
  again: boolean,
): Code => {
  if (!varies(w, shared, node)) return splat(w, shared, node)
  const known = shared.vectors[half].get(node)
  if (known !== undefined) return known
  const code = evaluate(w, shared, node, half)
  if (!again || node.op === 'local') return code
  const local = w.f.local('v128')
  shared.vectors[half].set(node, local)
  return tee(local, code)
}

/**
 * Code that leaves the values of a node on the stack, in the order in which it will run: all four, or of a float64 node
 * those of a half.
 */
export const vectorCode = (w: Writer, shared: Shared, node: Scalar, half: Half = 0): Code =>
  evaluateOnce(
    w,
    shared,
    node,
    node.dtype === 'float64' ? half : 0,
    (shared.uses.get(node) ?? 0) > 1,
  )

/** The same for a node that is not float64 and that both halves of another want. */
const wholeVector = (w: Writer, shared: Shared, node: Scalar): Code =>
  evaluateOnce(w, shared, node, 0, true)

/** The halves that a value of a dtype consists of. */
export const halvesOf = (dtype: DType): readonly Half[] => (dtype === 'float64' ? [0, 1] : [0])

/** A local for each half. */
export type VectorLocal = readonly Local[]

export const newVector = (w: Writer, dtype: DType): VectorLocal =>
  halvesOf(dtype).map(() => w.f.local('v128'))

/** Sets a local to a value, half by half: `next` makes the new value of a half from the given one. */
export const setVector = (
  w: Writer,
  target: VectorLocal,
  value: Scalar,
  next: (given: Code, half: Half) => Code = (given) => given,
  shared = sharedIn([value]),
): Code =>
  halvesOf(value.dtype).map((half) =>
    set(target[half]!, next(vectorCode(w, shared, value, half), half)),
  )

/** Stores one element per lane. */
export const storeVector = (
  w: Writer,
  { buffer, at, value }: Extract<Statement, { readonly kind: 'store' }>,
  shared = sharedIn([at.offset, value]),
): Code => {
  const { dtype } = value
  const access = { dtype, buffer, at }
  return halvesOf(dtype).map((half) => {
    if (areNeighbours(w, shared, at)) {
      const place = scalarPlace(w, shared, access)
      return storeNeighbours(dtype, half, place, vectorCode(w, shared, value, half))
    }
    const { before, places } = placesOf(w, shared, access)
    return [before, scatter(w, dtype, half, places, vectorCode(w, shared, value, half))]
  })
}
