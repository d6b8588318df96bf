/** Scalar expressions as code for several iterations of the vectorised loop at once. */
import { bytesOf, type DType } from '../../dtype.ts'
import type { Address, BinaryOp, Scalar, Statement, UnaryOp } from '../../loop/loop.ts'
import type { Code } from './encode.ts'
import { add, set, sub, tee } from './instructions.ts'
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
  isNotZero,
  lanesTable,
  narrow,
  ones,
  type VectorRule,
  vectorBinary,
  vectorConversions,
  vectorPowersOfTwo,
  vectorShifts,
  vectorUnary,
  widen,
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
type Store = Extract<Statement, { readonly kind: 'store' }>

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

/** Places of the elements of an access whose lanes are not neighbours, and code that has to run before they are used. */
const placesOf = (
  w: Writer,
  shared: Shared,
  dtype: DType,
  buffer: number,
  at: Address,
): { readonly before: Code; readonly places: Places } => {
  const bytes = strideOf(at, vectorOf(w).loop.index) * bytesOf(dtype)
  const address = w.f.local('i32')
  if (at.offset === undefined || !varies(w, shared, at.offset)) {
    const place = scalarPlace(w, shared, { dtype, buffer, at })
    return {
      before: set(address, place.address),
      places: everyBytes(address, bytes, place.offset),
    }
  }
  const place = placeOf(w, dtype, buffer, at, null)
  const offsets = w.f.local('v128')
  return {
    before: [
      set(address, add(place.address, place.offset)),
      set(offsets, vectorCode(w, shared, at.offset)),
    ],
    places: atOffsets(address, offsets, bytesOf(dtype), bytes),
  }
}

const areNeighbours = (w: Writer, shared: Shared, at: Address): boolean =>
  strideOf(at, vectorOf(w).loop.index) === 1 &&
  (at.offset === undefined || !varies(w, shared, at.offset))

const loadVector = (w: Writer, shared: Shared, node: Extract<Scalar, { op: 'load' }>): Code => {
  const { lanes } = vectorOf(w)
  const { dtype, buffer, at } = node
  if (areNeighbours(w, shared, at)) {
    return loadNeighbours(dtype, lanes, scalarPlace(w, shared, node))
  }
  const { before, places } = placesOf(w, shared, dtype, buffer, at)
  return [before, gather(w, dtype, lanes, places)]
}

/** Stores one element per lane. */
export const storeVector = (w: Writer, { buffer, at, value }: Store): Code => {
  const { lanes } = vectorOf(w)
  const { dtype } = value
  const shared = sharedIn([at.offset, value])
  if (areNeighbours(w, shared, at)) {
    const place = scalarPlace(w, shared, { dtype, buffer, at })
    return storeNeighbours(dtype, lanes, place, vectorCode(w, shared, value))
  }
  const { before, places } = placesOf(w, shared, dtype, buffer, at)
  return [before, scatter(w, dtype, lanes, places, vectorCode(w, shared, value))]
}

const convert = (w: Writer, from: DType, to: DType, x: Code): Code => {
  const { lanes } = vectorOf(w)
  if (from === to) return x
  if (from === 'bool' && to !== 'bool') {
    return [to === 'float64' ? x : narrow(lanes, x), ones(w, to), v128.and]
  }
  if (to === 'bool' && from !== 'bool') {
    const mask = [x, isNotZero[from]]
    return from === 'float64' ? mask : widen(lanes, mask)
  }
  return from === 'bool' || to === 'bool' ? x : [x, vectorConversions[from][to]]
}

const ruleFor = (node: Operation): VectorRule => {
  const { dtype } = node.args[0]
  const { op } = node
  if (op === 'pow2') {
    return node.dtype === 'float32' || node.dtype === 'float64'
      ? vectorPowersOfTwo[node.dtype]
      : missing(op, node.dtype)
  }
  const rules =
    node.args.length === 1
      ? vectorUnary[op as Exclude<UnaryOp, 'convert' | 'pow2'>]
      : vectorBinary[op as BinaryOp]
  return rules[dtype] ?? missing(op, dtype)
}

/** `min` or `max` of a varying float and a constant, in either order; null for other nodes. */
const bounded = (w: Writer, shared: Shared, node: Operation): Code | null => {
  const { op, dtype, args } = node
  if ((op !== 'min' && op !== 'max') || (dtype !== 'float32' && dtype !== 'float64')) return null
  const [x, bound] = args[0].op === 'const' ? args.toReversed() : args
  if (bound?.op !== 'const') return null
  const value = dtype === 'float32' ? Math.fround(bound.value) : bound.value
  const code = againstConstant(op, dtype, value)
  return code === null ? null : [vectorCode(w, shared, x), vectorCode(w, shared, bound), code]
}

const operationVector = (w: Writer, shared: Shared, node: Operation): Code => {
  const { lanes } = vectorOf(w)
  const { dtype } = node.args[0]
  const special = bounded(w, shared, node)
  if (special !== null) return special
  const a = vectorCode(w, shared, node.args[0])
  if (node.op === 'convert') return convert(w, dtype, node.dtype, a)
  const second = node.args[1]
  if (second === undefined) return ruleFor(node)(w, a, [])
  const shifts = node.op === 'shl' || node.op === 'shr'
  if (shifts && !varies(w, shared, second)) {
    return [a, scalarCode(w, shared, second), vectorShifts[node.op]]
  }
  const result = ruleFor(node)(w, a, vectorCode(w, shared, second))
  const isComparison = node.op === 'eq' || node.op === 'lt' || node.op === 'le'
  return isComparison && (dtype === 'float32' || dtype === 'int32') ? widen(lanes, result) : result
}

const selectVector = (w: Writer, shared: Shared, node: Extract<Scalar, { op: 'select' }>): Code => {
  const [condition, then, otherwise] = node.args
  const sides = [vectorCode(w, shared, then), vectorCode(w, shared, otherwise)]
  const mask = vectorCode(w, shared, condition)
  const is32 = node.dtype === 'float32' || node.dtype === 'int32'
  return [sides, is32 ? narrow(vectorOf(w).lanes, mask) : mask, v128.bitselect]
}

const evaluate = (w: Writer, shared: Shared, node: Scalar): Code => {
  switch (node.op) {
    case 'local':
      return w.bindings.get(node.id)!.local
    case 'index':
      return indexVector(w, shared, node.at)
    case 'load':
      return loadVector(w, shared, node)
    case 'select':
      return selectVector(w, shared, node)
    case 'const':
      return constantVector(w, node.dtype, node.value)
    default:
      return operationVector(w, shared, node)
  }
}

/** Code that leaves the values of a node on the stack, one per lane, in the order in which it will run. */
export const vectorCode = (w: Writer, shared: Shared, node: Scalar): Code => {
  if (!varies(w, shared, node)) return splat(w, shared, node)
  const known = shared.vectors.get(node)
  if (known !== undefined) return known
  const code = evaluate(w, shared, node)
  if ((shared.uses.get(node) ?? 0) < 2 || node.op === 'local') return code
  const local = w.f.local('v128')
  shared.vectors.set(node, local)
  return tee(local, code)
}
