/** One task: which column it predicts, and whether that is a class or a number. */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import type { Column } from '../table/column.ts'
import { column, type Table } from '../table/table.ts'
import { asNumbers, asStrings, mixedNumbers } from './typed.ts'

/** One task: a column to predict. */
export interface TargetSpec {
  readonly column: string
  /** Default: classification for texts, regression for numbers. */
  readonly kind?: 'classification' | 'regression' | undefined
  /** Classes in their order. Default: those of the training rows, sorted. */
  readonly classes?: readonly string[] | undefined
  /** Two classes instead: `not <text>` and `<text>`. */
  readonly is?: string | undefined
}

/** A target of known kind. */
export interface SelectedTarget<Task extends string = string> {
  readonly task: Task
  readonly kind: 'classification' | 'regression'
  readonly column: string
  readonly classes?: readonly string[] | undefined
  readonly is?: string | undefined
}

// What is wrong with the options alone.
const contradiction = (task: string, { kind, classes, is }: TargetSpec): string | undefined => {
  if (task === '' || task === '__proto__') return `a task may not be named ${JSON.stringify(task)}`
  const given = is !== undefined ? 'is' : classes !== undefined ? 'classes' : undefined
  if (kind === 'regression' && given !== undefined)
    return `task "${task}" is a regression, which has no ${given}`
  if (is !== undefined && classes !== undefined)
    return `task "${task}" has both classes and is; give one of them`
  const twice = classes?.find((name, i) => classes.indexOf(name) !== i)
  return twice === undefined ? undefined : `task "${task}" has class "${twice}" twice`
}

const kindOf = ({ kind, classes, is }: TargetSpec, found: Column): SelectedTarget['kind'] => {
  if (kind !== undefined) return kind
  const hasClasses = classes !== undefined || is !== undefined || found.kind === 'string'
  return hasClasses ? 'classification' : 'regression'
}

/** Checks a task. Left: `ColumnMissing`, `ColumnType`, `NumberNonFinite`, `SelectionInvalid`. */
export const selectTarget = <Task extends string>(
  from: Table,
  task: Task,
  spec: TargetSpec,
): E.Either<DataError, SelectedTarget<Task>> => {
  const reason = contradiction(task, spec)
  if (reason !== undefined) return E.left({ _tag: 'SelectionInvalid', file: from.file, reason })
  const found = column(from, spec.column)
  if (E.isLeft(found)) return found
  const kind = kindOf(spec, found.right)
  const selected = { task, kind, column: spec.column, classes: spec.classes, is: spec.is }
  if (kind === 'regression') {
    const numbers = asNumbers(from, found.right, 'classification')
    return E.isLeft(numbers) ? numbers : E.right(selected)
  }
  // Whoever names classes knows that there are classes; else a stray text makes numbers look like them.
  const isSure = spec.kind ?? spec.classes ?? spec.is
  if (isSure === undefined && found.right.kind === 'string') {
    const mixed = mixedNumbers(from, found.right, 'classification')
    if (mixed !== undefined) return E.left(mixed)
  }
  const texts = asStrings(from, found.right)
  return E.isLeft(texts) ? texts : E.right(selected)
}
