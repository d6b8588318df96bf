/**
 * Which columns a model sees and which it predicts. Selecting checks everything that can be known before statistics are
 * fitted: that the columns exist, that their types fit, that no answer is among the inputs.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import type { Table } from '../table/table.ts'
import { type InputSpec, type SelectedInput, selectInputs } from './selectInputs.ts'
import { type SelectedTarget, selectTarget, type TargetSpec } from './selectTarget.ts'

/** Inputs and targets by task; a text stands for `{ column: text }`. */
export interface Selection<Task extends string = string> {
  readonly inputs: readonly (string | InputSpec)[]
  /** Names or ranges left out of the inputs. */
  readonly except?: readonly string[] | undefined
  readonly targets?: { readonly [T in Task]: string | TargetSpec } | undefined
}

/** A table with a checked selection: a description to be fitted. */
export interface Selected<Task extends string = string> {
  readonly table: Table
  readonly inputs: readonly SelectedInput[]
  readonly targets: readonly SelectedTarget<Task>[]
}

/**
 * Selects inputs and targets of a table.
 *
 * Left: `ColumnMissing` with the nearest name, `ColumnType` naming the line of a text in a numeric column,
 * `SelectionInvalid` (no inputs, an input twice, a target among the inputs, options that do not belong to the kind).
 *
 * @example
 * ```ts
 * import { parseCsv, select } from '@rootstock/data'
 *
 * const menu = parseCsv('dish,price,stars\nfish,12,4\nsoup,5,3\n')
 * if (menu._tag === 'Right') {
 *   const selected = select({ inputs: ['dish', 'price'], targets: { quality: 'stars' } })(menu.right)
 *   console.log(selected._tag) // Right
 * }
 * ```
 */
export const select =
  <Task extends string = never>(selection: Selection<Task>) =>
  (from: Table): E.Either<DataError, Selected<Task>> => {
    const targets: SelectedTarget<Task>[] = []
    const entries = Object.entries<string | TargetSpec>(selection.targets ?? {})
    for (const [task, entry] of entries as [Task, string | TargetSpec][]) {
      const spec = typeof entry === 'string' ? { column: entry } : entry
      const target = selectTarget(from, task, spec)
      if (E.isLeft(target)) return target
      targets.push(target.right)
    }
    const inputs = selectInputs(from, selection, new Set(targets.map((t) => t.column)))
    return E.isLeft(inputs) ? inputs : E.right({ table: from, inputs: inputs.right, targets })
  }
