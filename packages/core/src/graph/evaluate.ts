/**
 * Evaluating expressions inside loops. Values are bound to locals in the outermost loop in which they vary, so what is
 * constant along a row is computed once per row; values used twice are bound where they are computed.
 */
import type { Address, Scalar, Statement } from '../loop/loop.ts'
import { constant, indexValue, load, local } from '../loop/scalar.ts'
import type { Lowering } from '../primitives/define.ts'
import { type Emitter, fixed } from './emitter.ts'
import type { Expression, Leaf } from './expression.ts'
import { fold } from './fold.ts'
import type { View } from './view.ts'

/** A loop index that moves along an axis by `scale` per step; `level` is the depth of its loop, counted from 1. */
export interface Coordinate {
  readonly axis: number
  readonly index: number
  readonly scale: number
  readonly level: number
}

/** A place in nested loops: blocks by depth (0 is the kernel) and what moves each axis. */
export interface Position {
  readonly blocks: readonly Statement[][]
  readonly coordinates: readonly Coordinate[]
  /** Fixed coordinates along some axes, added to the moving ones. */
  readonly origin: readonly { readonly axis: number; readonly by: number }[]
}

/** A scalar and the depth of the innermost loop in which it varies. */
export interface Value {
  readonly scalar: Scalar
  readonly level: number
}

/** Address of the element a view shows at a position. */
export const addressAt = (view: View, { coordinates, origin }: Position): Address => {
  const base = origin.reduce((sum, { axis, by }) => sum + view.strides[axis]! * by, view.offset)
  const terms = coordinates.flatMap(({ axis, index, scale }) => {
    const stride = view.strides[axis]! * scale
    return stride === 0 ? [] : [{ index, stride }]
  })
  return { base, terms }
}

const levelOf = (view: View, { coordinates }: Position): number =>
  coordinates.reduce(
    (level, { axis, level: at }) => (view.strides[axis] === 0 ? level : Math.max(level, at)),
    0,
  )

/** A long chain of operations is cut by a local, so that no walk over scalars goes deep. */
const deepest = 12

interface Entry extends Value {
  readonly depth: number
}

/** Counts how often each node is an argument or a root. */
const countUses = (roots: readonly Expression[]): Map<Expression, number> => {
  const uses = new Map<Expression, number>()
  const visit = (x: Expression): void => {
    const before = uses.get(x) ?? 0
    uses.set(x, before + 1)
    if (before === 0 && x.kind === 'map') x.args.forEach(visit)
  }
  roots.forEach(visit)
  return uses
}

/** Evaluates expressions at one position. `stored` gives values that the same loops have already stored. */
export const createEvaluator = (
  emitter: Emitter,
  position: Position,
  roots: readonly Expression[],
  stored: (leaf: Leaf) => Value | null,
): ((x: Expression) => Value) => {
  const uses = countUses(roots)
  const done = new Map<Expression, Entry>()

  const leafScalar = (leaf: Leaf): Scalar => {
    const address = addressAt(leaf.view, position)
    if (leaf.kind === 'load') return load(leaf.dtype, emitter.number(leaf.cell), address)
    const { primitive, params, outputs } = leaf.equation
    const lower = primitive.lower as Extract<Lowering<never>, { kind: 'generate' }>
    return lower.scalar(
      indexValue(address),
      (input, at) => elementAt(emitter, leaf.elements[input]!, at),
      params as never,
      outputs[0]!,
    )
  }

  const compute = (x: Expression): Entry => {
    if (x.kind === 'constant') return { scalar: constant(x.dtype, x.value), level: 0, depth: 0 }
    if (x.kind === 'reduced') throw new Error('a reduction inside an expression')
    if (x.kind !== 'map') {
      const known = stored(x)
      if (known !== null) return { ...known, depth: 0 }
      return { scalar: leafScalar(x), level: levelOf(x.view, position), depth: 0 }
    }
    const args = x.args.map(visit)
    const level = Math.max(0, ...args.map((arg) => arg.level))
    const scalars = args.map((arg) => (arg.level < level ? bound(arg) : arg).scalar)
    const { primitive, params, outputs } = x.equation
    const lower = primitive.lower as Extract<Lowering<never>, { kind: 'map' }>
    const plain = lower.scalar(scalars, params as never, outputs[0]!)
    const scalar = scalars.some((arg) => arg.op === 'const') ? fold(plain) : plain
    return { scalar, level, depth: 1 + Math.max(0, ...args.map((arg) => arg.depth)) }
  }

  const bound = (value: Value): Entry => ({
    ...bind(emitter, position.blocks[value.level]!, value),
    depth: 0,
  })

  const visit = (x: Expression): Entry => {
    const known = done.get(x)
    if (known !== undefined) return known
    const fresh = compute(x)
    const keep = (uses.get(x) ?? 0) > 1 || fresh.depth > deepest
    const result = keep ? bound(fresh) : fresh
    done.set(x, result)
    return result
  }
  return visit
}

/** The value in a local of the given block, unless it is one already or a constant. */
export const bind = (emitter: Emitter, block: Statement[], value: Value): Value => {
  if (value.scalar.op === 'local' || value.scalar.op === 'const') return value
  const id = emitter.fresh()
  block.push({ kind: 'let', id, value: value.scalar })
  return { scalar: local(value.scalar.dtype, id), level: value.level }
}

/** Element `position` of a dense input of a `generate`. */
const elementAt = (emitter: Emitter, x: Expression, position: number): Scalar => {
  if (x.kind === 'constant') return constant(x.dtype, x.value)
  if (x.kind === 'load') return load(x.dtype, emitter.number(x.cell), fixed(position))
  throw new Error('elements of generated values must be dense')
}
