/** Scheduling of equations that contain graphs: their bodies become steps of the same program, their values lie in the same arena. */
import type { Step } from '../loop/loop.ts'
import { type Cell, cellFor } from './cell.ts'
import { emitTasks } from './emitTasks.ts'
import type { Emitter } from './emitter.ts'
import { cellsOf, type Expression, isWhole, loadAll } from './expression.ts'
import type { Abstract, Atom, Graph } from './graph.ts'
import { cellOf, dense, type Rule, type Scope, valueOf } from './scope.ts'
import { readsOf, type Task, writesOf } from './task.ts'
import { contiguous } from './view.ts'

/** What a nested graph may use of the outside: constants and loads; anything else is stored first. */
const passed = (scope: Scope, x: Atom): Expression => {
  const value = valueOf(scope, x)
  return value.kind === 'constant' || value.kind === 'load' ? value : dense(scope, x)
}

/** Cells that tasks read and do not write themselves. */
const outerReads = (tasks: readonly Task[], own: readonly Cell[]): Cell[] => {
  const inside = new Set([...own, ...tasks.flatMap(writesOf)])
  return [...new Set(tasks.flatMap(readsOf))].filter((cell) => !inside.has(cell))
}

/** Steps that put an expression densely into a cell. */
const assign = (
  emitter: Emitter,
  type: Abstract,
  cell: Cell,
  value: Expression,
): readonly Step[] => {
  if (cell.length === 0) return []
  if (isWhole(value))
    return [{ kind: 'copy', from: emitter.number(value.cell), to: emitter.number(cell) }]
  const view = contiguous(type.shape)
  return emitTasks(emitter, [
    { kind: 'nest', shape: type.shape, stores: [{ cell, view, value, kept: true }] },
  ])
}

/** The cell that stands for one iteration's part of a stacked tensor. */
interface Part {
  readonly cell: Cell
  readonly source: Cell
}

const partOf = (source: Cell, x: Abstract): Part => ({
  source,
  cell: cellFor(x, { kind: 'slice' }),
})

/** A loop over slices. */
export const scheduleScan: Rule<'scan'> = (scope, { inputs, params, outputs }, lower) => {
  const { body, length, reverse, constants, carries } = lower.loop(params as never)
  const split = constants + carries
  const initial = inputs.slice(constants, split).map((x) => valueOf(scope, x))
  const states = outputs.slice(0, carries).map((x) => cellOf(scope, x))
  const parts = inputs
    .slice(split)
    .map((x, i) => partOf(dense(scope, x).cell, body.inputs[split + i]!))
  const stacked = outputs
    .slice(carries)
    .map((x, i) => partOf(cellOf(scope, x), body.outputs[carries + i]!))
  const load = (cell: Cell, x: Abstract) => loadAll(cell, x.shape)
  // a carry that the body hands on unchanged stays where it is
  const next = states.map((state, i) =>
    body.outputs[i] === body.inputs[constants + i] ? state : cellFor(body.outputs[i]!),
  )
  const tasks =
    length === 0
      ? []
      : scope.nested(
          body,
          [
            ...inputs.slice(0, constants).map((x) => passed(scope, x)),
            ...states.map((cell, i) => load(cell, outputs[i]!)),
            ...parts.map(({ cell }, i) => load(cell, body.inputs[split + i]!)),
          ],
          [...next, ...stacked.map(({ cell }) => cell)],
        )
  const slices = [...parts, ...stacked]
  const own = [...states, ...slices.map(({ cell }) => cell)]
  scope.tasks.push({
    kind: 'opaque',
    reads: [
      ...initial.flatMap(cellsOf),
      ...parts.map(({ source }) => source),
      ...outerReads(tasks, own),
    ],
    writes: [...states, ...stacked.map(({ source }) => source)],
    steps: (emitter) => {
      const { number } = emitter
      const before = states.flatMap((cell, i) => assign(emitter, outputs[i]!, cell, initial[i]!))
      if (length === 0) return before
      const loop: Step = {
        kind: 'loop',
        count: length,
        reverse,
        slices: slices.map(({ cell, source }) => ({
          buffer: number(cell),
          source: number(source),
          stride: cell.length,
        })),
        body: emitTasks(emitter, tasks),
        carries: next.flatMap((from, i) =>
          from === states[i] ? [] : [{ from: number(from), to: number(states[i]!) }],
        ),
      }
      return [...before, loop]
    },
  })
  outputs.forEach((x, i) => {
    scope.values.set(x, loadAll(states[i] ?? stacked[i - carries]!.source, x.shape))
  })
}

/** A choice between two graphs. */
export const scheduleCond: Rule<'cond'> = (scope, { inputs, params, outputs }, lower) => {
  const { then, otherwise } = lower.branches(params as never)
  const predicate = dense(scope, inputs[0]!).cell
  const given = inputs.slice(1).map((x) => passed(scope, x))
  const cells = outputs.map((x) => cellOf(scope, x))
  const branch = (graph: Graph) => scope.nested(graph, given, cells)
  const [first, second] = [branch(then), branch(otherwise)]
  scope.tasks.push({
    kind: 'opaque',
    reads: [predicate, ...outerReads(first, []), ...outerReads(second, [])],
    writes: cells,
    steps: (emitter) => [
      {
        kind: 'branch',
        predicate: emitter.number(predicate),
        then: emitTasks(emitter, first),
        otherwise: emitTasks(emitter, second),
      },
    ],
  })
  outputs.forEach((x, i) => {
    scope.values.set(x, loadAll(cells[i]!, x.shape))
  })
}
