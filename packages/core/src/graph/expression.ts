/**
 * Expressions: values that need no memory of their own. A variable that is not worth storing is a tree of operations over
 * strided loads; movement operations rewrite the views at the leaves and disappear. Whoever finally stores the expression
 * evaluates it inside its own loops.
 */
import type { DType } from '../dtype.ts'
import type { ReduceOp, Scalar } from '../loop/loop.ts'
import { local } from '../loop/scalar.ts'
import type { Lowering, Primitive } from '../primitives/define.ts'
import { type Shape, sizeOf } from '../shape.ts'
import type { Cell } from './cell.ts'
import type { Equation } from './graph.ts'
import { contiguous, isContiguous, type View } from './view.ts'

/** A value at every coordinate of a shape. */
export type Expression =
  /** One number everywhere. */
  | { readonly kind: 'constant'; readonly dtype: DType; readonly value: number }
  /** Elements of a cell. */
  | { readonly kind: 'load'; readonly dtype: DType; readonly cell: Cell; readonly view: View }
  /** A function of the flat position that `view` gives; `elements` are dense inputs. */
  | {
      readonly kind: 'generate'
      readonly dtype: DType
      readonly equation: Equation
      readonly elements: readonly Expression[]
      readonly view: View
    }
  /** An operation, element by element. `cost` and `nodes` include the arguments. */
  | {
      readonly kind: 'map'
      readonly dtype: DType
      readonly equation: Equation
      readonly args: readonly Expression[]
      readonly cost: number
      readonly nodes: number
    }
  /** A reduction of an expression over `shape`; only as the root of a store. */
  | {
      readonly kind: 'reduced'
      readonly dtype: DType
      readonly op: ReduceOp
      readonly of: Expression
      readonly shape: Shape
      readonly axes: readonly number[]
    }

/** Leaves that have a view. */
export type Leaf = Extract<Expression, { view: View }>

type MapExpression = Extract<Expression, { kind: 'map' }>

/** The whole of a dense cell. */
export const loadAll = (cell: Cell, shape: Shape): Expression => ({
  kind: 'load',
  dtype: cell.dtype,
  cell,
  view: contiguous(shape),
})

/** True for a load of all of a cell in row-major order. */
export const isWhole = (x: Expression): x is Extract<Expression, { kind: 'load' }> =>
  x.kind === 'load' && isContiguous(x.view) && sizeOf(x.view.shape) === x.cell.length

const costs = new WeakMap<Primitive, Map<string, number>>()

/** Scalar operations of one application of a `map` primitive. */
const ownCost = (equation: Equation): number => {
  const known = costs.get(equation.primitive) ?? new Map<string, number>()
  costs.set(equation.primitive, known)
  const key = equation.inputs.map((x) => x.dtype).join()
  const cost = known.get(key) ?? countOperations(scalarOf(equation))
  known.set(key, cost)
  return cost
}

const scalarOf = ({ primitive, inputs, params, outputs }: Equation): Scalar =>
  (primitive.lower as Extract<Lowering<never>, { kind: 'map' }>).scalar(
    inputs.map((x, i) => local(x.dtype, i)),
    params as never,
    outputs[0]!,
  )

const countOperations = (root: Scalar): number => {
  const seen = new Set<Scalar>()
  const todo = [root]
  let count = 0
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (seen.has(node) || !('args' in node)) continue
    seen.add(node)
    count += node.op === 'div' || node.op === 'sqrt' ? 4 : 1
    todo.push(...node.args)
  }
  return count
}

/** Scalar operations per element. */
export const costOf = (x: Expression): number => (x.kind === 'map' ? x.cost : 0)

/** Number of nodes, counting shared arguments of one node once. */
export const nodesOf = (x: Expression): number => (x.kind === 'map' ? x.nodes : 1)

/** An application of a `map` primitive. */
export const mapped = (equation: Equation, args: readonly Expression[]): MapExpression => {
  const distinct = [...new Set(args)]
  return {
    kind: 'map',
    dtype: equation.outputs[0]!.dtype,
    equation,
    args,
    cost: distinct.reduce((sum, x) => sum + costOf(x), ownCost(equation)),
    nodes: distinct.reduce((sum, x) => sum + nodesOf(x), 1),
  }
}

/** The same number everywhere. */
export const uniform = (dtype: DType, value: number): Expression => ({
  kind: 'constant',
  dtype,
  value,
})

/** The expression with `view` applied to every leaf, or null where no strided view says it. */
export const seenThrough = (
  root: Expression,
  view: (view: View) => View | null,
): Expression | null => {
  const done = new Map<Expression, Expression | null>()
  const visit = (x: Expression): Expression | null => {
    const known = done.get(x)
    if (known !== undefined) return known
    const result = rebuild(x)
    done.set(x, result)
    return result
  }
  const rebuild = (x: Expression): Expression | null => {
    if (x.kind === 'constant') return x
    if (x.kind === 'load' || x.kind === 'generate') {
      const seen = view(x.view)
      return seen === null ? null : { ...x, view: seen }
    }
    if (x.kind === 'reduced') return null
    const args = x.args.map(visit)
    return args.includes(null) ? null : { ...x, args: args as Expression[] }
  }
  return visit(root)
}

/** All distinct leaves with a view, not looking into reductions. */
export const leavesOf = (root: Expression): Leaf[] => {
  const seen = new Set<Expression>()
  const found: Leaf[] = []
  const visit = (x: Expression): void => {
    if (seen.has(x)) return
    seen.add(x)
    if (x.kind === 'load' || x.kind === 'generate') found.push(x)
    else if (x.kind === 'map') x.args.forEach(visit)
  }
  visit(root)
  return found
}

/** Cells that evaluating an expression reads. */
export const cellsOf = (root: Expression): Cell[] => {
  if (root.kind === 'reduced') return cellsOf(root.of)
  return leavesOf(root).flatMap((leaf) =>
    leaf.kind === 'load' ? [leaf.cell] : leaf.elements.flatMap(cellsOf),
  )
}
