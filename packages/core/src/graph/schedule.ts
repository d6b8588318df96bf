/** Scheduling: one walk over the equations of a simplified graph turns them into tasks; see `scope.ts` for what is stored. */
import { NotDifferentiable } from '../errors.ts'
import type { Lowering } from '../primitives/define.ts'
import { sizeOf } from '../shape.ts'
import type { Cell } from './cell.ts'
import { isWhole } from './expression.ts'
import { fuse } from './fuse.ts'
import { scheduleGenerate, scheduleMap, scheduleReduce, scheduleView } from './fusible.ts'
import type { Graph, Variable } from './graph.ts'
import { scheduleContract, scheduleLoops, schedulePlace } from './opaque.ts'
import { optimize } from './optimize.ts'
import { type Rule, type Scheduler, type Scope, storeTo, valueOf } from './scope.ts'
import { scheduleCond, scheduleScan } from './structural.ts'
import { contiguous } from './view.ts'

const rules: { readonly [K in Lowering<never>['kind']]: Rule<K> } = {
  map: scheduleMap,
  view: scheduleView,
  generate: scheduleGenerate,
  reduce: scheduleReduce,
  contract: scheduleContract,
  place: schedulePlace,
  loops: scheduleLoops,
  scan: scheduleScan,
  cond: scheduleCond,
  inline: () => {
    throw new Error('inlining comes before scheduling')
  },
  none: (_, __, { operation, because }) => {
    throw new NotDifferentiable({ operation, rule: because })
  },
}

const countUses = (graph: Graph): Map<Variable, number> => {
  const uses = new Map<Variable, number>()
  for (const { inputs } of graph.equations) {
    for (const x of new Set(inputs)) if (x.kind === 'variable') uses.set(x, (uses.get(x) ?? 0) + 1)
  }
  return uses
}

/** The cell of each output variable, passed on to what it is only a reshaped view of. */
const targetsOf = (graph: Graph, cells: readonly Cell[]): Map<Variable, Cell> => {
  const targets = new Map<Variable, Cell>()
  const defined = new Set(graph.equations.flatMap(({ outputs }) => outputs))
  graph.outputs.forEach((x, i) => {
    if (x.kind === 'variable' && defined.has(x) && !targets.has(x)) targets.set(x, cells[i]!)
  })
  for (const { primitive, inputs, params, outputs } of graph.equations.toReversed()) {
    const [input, output] = [inputs[0], outputs[0]!]
    const target = targets.get(output)
    if (primitive.lower.kind !== 'view' || input?.kind !== 'variable' || target === undefined)
      continue
    if (targets.has(input) || !defined.has(input) || sizeOf(input.shape) !== target.length) continue
    const through = primitive.lower.view(contiguous(input.shape), params as never, output)
    if (
      through !== null &&
      isWhole({ kind: 'load', dtype: target.dtype, cell: target, view: through })
    ) {
      targets.set(input, target)
    }
  }
  return targets
}

/** Tasks that compute a simplified graph of the given input expressions into the given cells, fused and in order. */
export const schedule: Scheduler = (graph, inputs, cells) => {
  const scope: Scope = {
    values: new Map(graph.inputs.map((x, i) => [x, inputs[i]!])),
    uses: countUses(graph),
    targets: targetsOf(graph, cells),
    tasks: [],
    nested: (inner, ...rest) => schedule(optimize(inner), ...rest),
  }
  for (const equation of graph.equations) {
    const { lower } = equation.primitive
    const rule = rules[lower.kind] as Rule<typeof lower.kind>
    rule(scope, equation, lower)
  }
  graph.outputs.forEach((x, i) => {
    const value = valueOf(scope, x)
    const cell = cells[i]!
    if (!(isWhole(value) && value.cell === cell)) storeTo(scope, x, cell, value)
  })
  return fuse(scope.tasks, new Set(cells))
}
