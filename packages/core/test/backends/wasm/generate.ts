/** Random but valid programs of one kernel: nested loops, locals, reductions and stores that never collide. */
import { allocate, type DType, type TypedArray } from '../../../src/dtype.ts'
import type { Address, Program, Scalar, Statement } from '../../../src/loop/loop.ts'
import * as s from '../../../src/loop/scalar.ts'
import { integers, kernel, programOf, type Size } from './agree.ts'

const extents = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 19, 33, 40]
const interesting = [
  0,
  -0,
  1,
  -1,
  0.5,
  -2.5,
  3,
  1e-40,
  1e30,
  -1e30,
  Infinity,
  -Infinity,
  NaN,
  7,
  100,
]

interface Local {
  readonly dtype: DType
  readonly id: number
}

interface Scope {
  readonly loops: readonly { readonly index: number; readonly extent: number }[]
  readonly locals: readonly Local[]
}

/** A program and inputs for it, the same for the same seed. */
export const generate = (
  seed: number,
): { readonly program: Program; readonly inputs: TypedArray[] } => {
  const below = integers(seed)
  const chance = (percent: number): boolean => below(100) < percent
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
  const float: DType = chance(70) ? 'float32' : 'float64'
  const inputs: { dtype: DType; length: number }[] = (
    ['float32', 'int32', 'bool', float, float] as const
  ).map((dtype) => ({ dtype, length: 1 }))
  const outputs: Size[] = []
  let ids = 0

  /** The extent of another loop; the interpreter takes its time, so there are not too many iterations in all. */
  const extentIn = ({ loops }: Scope): number => {
    const iterations = loops.reduce((product, { extent }) => product * extent, 1)
    return pick(extents.filter((extent) => iterations * extent <= 10_000))
  }

  /** An address inside a buffer, which grows as needed. `spare` elements follow it. */
  const reading = (buffer: number, scope: Scope, spare: number): Address => {
    const terms: { index: number; stride: number }[] = []
    let [low, high] = [0, 0]
    for (const { index, extent } of scope.loops) {
      if (chance(30)) continue
      const stride = pick([1, 1, 1, 2, -1, 3, extent])
      terms.push({ index, stride })
      if (stride > 0) high += stride * (extent - 1)
      else low += stride * (extent - 1)
    }
    const base = below(4) - low
    inputs[buffer]!.length = Math.max(inputs[buffer]!.length, base + high + 1 + spare)
    return { base, terms }
  }

  const leaf = (dtype: DType, scope: Scope, depth: number): Scalar => {
    const local = scope.locals.filter((x) => x.dtype === dtype)
    if (local.length > 0 && chance(40)) return s.local(dtype, pick(local).id)
    if (dtype === 'int32' && chance(30)) {
      const terms = scope.loops.map(({ index }) => ({ index, stride: below(5) - 2 }))
      return s.indexValue({ base: below(3), terms })
    }
    const buffers = [...inputs.keys()].filter((i) => inputs[i]!.dtype === dtype)
    if (buffers.length === 0 || chance(15)) {
      return s.constant(
        dtype,
        dtype === 'bool' ? below(2) : dtype === 'int32' ? below(9) - 4 : pick(interesting),
      )
    }
    const buffer = pick(buffers)
    if (depth > 0 && chance(15)) {
      const at = reading(buffer, scope, 7)
      const offset = s.and(expression('int32', scope, depth - 1), s.constant('int32', 7))
      return s.load(dtype, buffer, { ...at, offset })
    }
    return s.load(dtype, buffer, reading(buffer, scope, 0))
  }

  const expression = (dtype: DType, scope: Scope, depth: number): Scalar => {
    if (depth === 0 || chance(15)) return leaf(dtype, scope, depth)
    const same = (): Scalar => expression(dtype, scope, depth - 1)
    const twice = same()
    const choices: (() => Scalar)[] = [
      () => s.select(expression('bool', scope, depth - 1), twice, same()),
      () =>
        s.convert(expression(pick(['bool', 'int32', 'float32', float]), scope, depth - 1), dtype),
    ]
    if (dtype === 'bool') {
      const other = pick(['int32', 'float32', float, 'bool'] as const)
      const compare = pick([s.eq, s.lt, s.le])
      choices.push(
        () => s.not(twice),
        () => pick([s.and, s.or, s.xor])(twice, same()),
        () => compare(expression(other, scope, depth - 1), expression(other, scope, depth - 1)),
      )
    } else {
      choices.push(
        () => pick([s.add, s.sub, s.mul, s.min, s.max, s.div])(twice, same()),
        () => s.add(twice, s.mul(twice, same())),
        () => pick([s.neg, s.abs])(twice),
      )
      if (dtype === 'int32') {
        choices.push(() => pick([s.rem, s.and, s.or, s.xor, s.shl, s.shr])(twice, same()))
      } else choices.push(() => pick([s.floor, s.ceil, s.nearest, s.trunc, s.sqrt])(twice))
    }
    return pick(choices)()
  }

  const declare = (scope: Scope): readonly [Statement, Scope] => {
    const dtype = pick(['float32', 'int32', 'bool', float] as const)
    const id = ids++
    const statement: Statement = { kind: 'let', id, value: expression(dtype, scope, 3) }
    return [statement, { ...scope, locals: [...scope.locals, { dtype, id }] }]
  }

  const reduce = (scope: Scope, nesting: number): readonly [Statement, Scope] => {
    const dtype = pick(['float32', 'int32', float] as const)
    const [index, id] = [ids++, ids++]
    const extent = extentIn(scope)
    const inside = { ...scope, loops: [...scope.loops, { index, extent }] }
    const [body, inner] = values(inside, nesting)
    const statement: Statement = {
      kind: 'reduce',
      id,
      op: pick(['add', 'mul', 'min', 'max']),
      dtype,
      order: pick(['sequence', 'lanes']),
      index,
      extent,
      body,
      value: expression(dtype, inner, 2),
    }
    return [statement, { ...scope, locals: [...scope.locals, { dtype, id }] }]
  }

  /** Lets and reductions. */
  const values = (scope: Scope, nesting: number): readonly [Statement[], Scope] => {
    const list: Statement[] = []
    let inner = scope
    for (let i = below(3); i > 0; i--) {
      const [statement, next] =
        nesting > 0 && chance(40) ? reduce(inner, nesting - 1) : declare(inner)
      list.push(statement)
      inner = next
    }
    return [list, inner]
  }

  /** The same, and sometimes a mutable local that changes. */
  const statements = (scope: Scope): readonly [Statement[], Scope] => {
    const [list, inner] = values(scope, 2)
    if (!chance(20)) return [list, inner]
    const id = ids++
    const local = { dtype: 'float32', id } as const
    list.push({ kind: 'var', id, value: expression('float32', inner, 1) })
    const after = { ...inner, locals: [...inner.locals, local] }
    const set: Statement = { kind: 'set', id, value: expression('float32', after, 2) }
    const condition = expression('bool', after, 1)
    list.push(chance(50) ? set : { kind: 'if', condition, then: [set], otherwise: [] })
    return [list, after]
  }

  /** A store to a new output that gives every position of the loops an element of its own. */
  const store = (scope: Scope, first: number): Statement => {
    const dtype = pick(['float32', 'int32', 'bool', float] as const)
    const order = scope.loops.map((loop) => ({ ...loop, key: below(100) }))
    if (chance(40)) order.sort((a, b) => a.key - b.key)
    let [size, base] = [chance(20) ? 2 : 1, 0]
    const terms = order.toReversed().map(({ index, extent }) => {
      const stride = chance(10) ? -size : size
      if (stride < 0) base += size * (extent - 1)
      size *= extent
      return { index, stride }
    })
    outputs.push({ dtype, length: size + base })
    const value = expression(dtype, scope, 4)
    return { kind: 'store', buffer: first + outputs.length - 1, at: { base, terms }, value }
  }

  const loops = (scope: Scope, levels: number): Statement[] => {
    const [before, inner] = statements(scope)
    const stores = Array.from({ length: levels === 0 ? 1 + below(2) : below(2) }, () =>
      store(inner, inputs.length),
    )
    if (levels === 0) return [...before, ...stores]
    const index = ids++
    const extent = extentIn(inner)
    const body = loops({ ...inner, loops: [...inner.loops, { index, extent }] }, levels - 1)
    return [...before, ...stores, { kind: 'for', index, extent, parallel: true, body }]
  }

  const body = loops({ loops: [], locals: [] }, 1 + below(3))
  // outputs must all be written; padding elements that no store reaches are written first
  const fills = outputs.map(({ dtype, length }, i): Statement => {
    const index = ids++
    const at = { base: 0, terms: [{ index, stride: 1 }] }
    const fill: Statement = {
      kind: 'store',
      buffer: inputs.length + i,
      at,
      value: s.constant(dtype, 0),
    }
    return { kind: 'for', index, extent: length, parallel: true, body: [fill] }
  })
  const arrays = inputs.map(({ dtype, length }) => {
    const array = allocate(dtype, length)
    for (let i = 0; i < length; i++) {
      array[i] =
        dtype === 'bool'
          ? below(2)
          : dtype === 'int32'
            ? below(2000) - 1000
            : chance(10)
              ? pick(interesting)
              : below(2000) / 64 - 15
    }
    return array
  })
  return {
    program: programOf(inputs, outputs, [kernel(...fills), kernel(...body)]),
    inputs: arrays,
  }
}
