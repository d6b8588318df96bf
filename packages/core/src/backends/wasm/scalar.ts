/** Scalar expressions as code for one element. A node that a statement uses several times is evaluated once. */
import type { Address, BinaryOp, Scalar, UnaryOp } from '../../loop/loop.ts'
import type { Code, Local } from './encode.ts'
import {
  add,
  choose,
  constant,
  load,
  type Place,
  scalarMemory,
  tee,
  valueType,
} from './instructions.ts'
import { binaryRules, conversions, type Rule, type Rules, unaryRules } from './scalarTable.ts'
import { indexCode, placeOf, type Writer } from './writer.ts'

/** Nodes of one statement: which are shared, and the locals that hold those already evaluated. */
export interface Shared {
  readonly uses: ReadonlyMap<Scalar, number>
  readonly scalars: Map<Scalar, Local>
  /** Of float64 nodes the two halves, of others only the first. */
  readonly vectors: readonly [Map<Scalar, Local>, Map<Scalar, Local>]
  /** What is known of nodes inside a vectorised loop. */
  readonly varies: Map<Scalar, boolean>
  readonly depths: Map<Scalar, number>
}

/** What a node is computed from. */
export const argumentsOf = (node: Scalar): readonly Scalar[] => {
  if (node.op === 'load' || node.op === 'index') {
    return node.at.offset === undefined ? [] : [node.at.offset]
  }
  return 'args' in node ? node.args : []
}

/** The sharing among the expressions of a statement. */
export const sharedIn = (roots: readonly (Scalar | undefined)[]): Shared => {
  const uses = new Map<Scalar, number>()
  const visit = (node: Scalar): void => {
    const before = uses.get(node) ?? 0
    uses.set(node, before + 1)
    if (before === 0) argumentsOf(node).forEach(visit)
  }
  for (const root of roots) if (root !== undefined) visit(root)
  return {
    uses,
    scalars: new Map(),
    vectors: [new Map(), new Map()],
    varies: new Map(),
    depths: new Map(),
  }
}

/** The error for an operation that the loop IR does not have. */
export const missing = (op: string, dtype: string): never => {
  throw new Error(`loop IR: ${op} is not defined for ${dtype}`)
}

const ruleFor = (node: Scalar & { readonly args: readonly Scalar[] }): Rule => {
  const { dtype } = node.args[0]
  if (node.op === 'convert') return conversions[dtype][node.dtype]
  const rules: Rules =
    node.args.length === 1
      ? unaryRules[node.op as Exclude<UnaryOp, 'convert'>]
      : binaryRules[node.op as BinaryOp]
  return rules[dtype] ?? missing(node.op, dtype)
}

/** Where an access is, with its data-dependent part evaluated for one element. */
export const scalarPlace = (
  w: Writer,
  shared: Shared,
  { dtype, buffer, at }: { dtype: Scalar['dtype']; buffer: number; at: Address },
): Place =>
  placeOf(w, dtype, buffer, at, at.offset === undefined ? null : scalarCode(w, shared, at.offset))

const evaluate = (w: Writer, shared: Shared, node: Scalar): Code => {
  switch (node.op) {
    case 'const':
      return constant(node.dtype, node.value)
    case 'local':
      return w.bindings.get(node.id)!.local
    case 'index': {
      const affine = indexCode(w, node.at)
      return node.at.offset === undefined
        ? affine
        : add(affine, scalarCode(w, shared, node.at.offset))
    }
    case 'load':
      return load(scalarMemory[node.dtype].load, scalarPlace(w, shared, node))
    case 'select': {
      const [condition, then, otherwise] = node.args
      const a = scalarCode(w, shared, then)
      const b = scalarCode(w, shared, otherwise)
      return choose(scalarCode(w, shared, condition), a, b)
    }
    default: {
      const a = scalarCode(w, shared, node.args[0])
      const b = node.args[1] === undefined ? [] : scalarCode(w, shared, node.args[1])
      return ruleFor(node)(w.f, a, b)
    }
  }
}

/** Code that leaves the value of a node on the stack. Code must be requested in the order in which it will run. */
export const scalarCode = (w: Writer, shared: Shared, node: Scalar): Code => {
  const known = shared.scalars.get(node)
  if (known !== undefined) return known
  const code = evaluate(w, shared, node)
  const once = (shared.uses.get(node) ?? 0) < 2 || node.op === 'const' || node.op === 'local'
  if (once) return code
  const local = w.f.local(valueType[node.dtype])
  shared.scalars.set(node, local)
  return tee(local, code)
}
