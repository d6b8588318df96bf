/**
 * Which columns a model sees and which it predicts. Selecting checks everything that can be known before statistics are
 * fitted: that the columns exist, that their types fit, that no answer is among the inputs.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import type { Column } from '../table/column.ts'
import { column, columnNames, type Table } from '../table/table.ts'
import { asNumbers, asStrings, mixedNumbers } from './typed.ts'

/** One input, or several of the same kind. */
export interface InputSpec {
  /** A name, a range in file order `first..last`, or `*` for every column that is not a target. */
  readonly column: string
  /** Default: by the type of the column. `image` makes one block of an array column or of a range of number columns. */
  readonly kind?: 'numeric' | 'categorical' | 'image' | undefined
  /** Images: `unit` divides by the largest value (255 for bytes), `standard` takes mean 0 and deviation 1 over all pixels. */
  readonly scale?: 'unit' | 'standard' | undefined
  /** Images made of a range of columns: the shape of one. */
  readonly shape?: readonly number[] | undefined
  /** Numeric: standardised values beyond this are cut off. */
  readonly clip?: number | undefined
}

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

/** Inputs and targets by task; a text stands for `{ column: text }`. */
export interface Selection {
  readonly inputs: readonly (string | InputSpec)[]
  /** Names or ranges left out of the inputs. */
  readonly except?: readonly string[] | undefined
  readonly targets?: Readonly<Record<string, string | TargetSpec>> | undefined
}

/** An input of known kind. */
export interface SelectedInput {
  readonly name: string
  readonly kind: 'numeric' | 'categorical' | 'image'
  readonly columns: readonly string[]
  readonly scale?: 'unit' | 'standard' | undefined
  readonly shape?: readonly number[] | undefined
  readonly clip?: number | undefined
}

/** A target of known kind. */
export interface SelectedTarget {
  readonly task: string
  readonly kind: 'classification' | 'regression'
  readonly column: string
  readonly classes?: readonly string[] | undefined
  readonly is?: string | undefined
}

/** A table with a checked selection: a description to be fitted. */
export interface Selected {
  readonly table: Table
  readonly inputs: readonly SelectedInput[]
  readonly targets: readonly SelectedTarget[]
}

const invalid = (from: Table, reason: string): E.Either<DataError, never> =>
  E.left({ _tag: 'SelectionInvalid', file: from.file, reason })

// The names that a name, a range or `*` stands for. A column that is really called `a..b` wins over the range.
const namesFor = (
  from: Table,
  pattern: string,
  targets: ReadonlySet<string>,
): E.Either<DataError, readonly string[]> => {
  const names = columnNames(from)
  if (names.includes(pattern)) return E.right([pattern])
  if (pattern === '*') return E.right(names.filter((name) => !targets.has(name)))
  const dots = pattern.indexOf('..')
  const ends = dots === -1 ? [pattern] : [pattern.slice(0, dots), pattern.slice(dots + 2)]
  for (const end of ends) {
    const found = column(from, end)
    if (E.isLeft(found)) return found
  }
  const first = names.indexOf(ends[0]!)
  const last = names.indexOf(ends[1]!)
  return first <= last
    ? E.right(names.slice(first, last + 1))
    : invalid(from, `the range ${pattern} runs backwards in the file`)
}

const columnsNamed = (from: Table, names: readonly string[]): readonly Column[] =>
  names.flatMap((name) => from.columns.filter((c) => c.name === name))

const selectOne = (
  from: Table,
  found: Column,
  spec: InputSpec,
): E.Either<DataError, SelectedInput> => {
  const { name } = found
  const { clip } = spec
  if (spec.kind === 'categorical') {
    const texts = asStrings(from, found)
    return E.isLeft(texts) ? texts : E.right({ name, kind: 'categorical', columns: [name] })
  }
  if (spec.kind === undefined && found.kind === 'string') {
    const mixed = mixedNumbers(from, found)
    return mixed === undefined
      ? E.right({ name, kind: 'categorical', columns: [name] })
      : E.left(mixed)
  }
  if (spec.kind === undefined && found.kind === 'array') {
    return selectImage(from, [found], spec)
  }
  const numbers = asNumbers(from, found)
  return E.isLeft(numbers) ? numbers : E.right({ name, kind: 'numeric', columns: [name], clip })
}

const selectImage = (
  from: Table,
  found: readonly Column[],
  spec: InputSpec,
): E.Either<DataError, SelectedInput> => {
  const [first] = found
  const columns = found.map((c) => c.name)
  if (first?.kind === 'array') {
    if (found.length > 1) return invalid(from, `${spec.column} holds more than one array column`)
    const scale = spec.scale ?? (first.values instanceof Uint8Array ? 'unit' : 'standard')
    return E.right({ name: first.name, kind: 'image', columns, scale, shape: first.shape })
  }
  for (const c of found) {
    const numbers = asNumbers(from, c)
    if (E.isLeft(numbers)) return numbers
  }
  const shape = spec.shape ?? [found.length]
  if (shape.reduce((a, b) => a * b, 1) !== found.length) {
    return invalid(
      from,
      `an image of shape [${shape.join(', ')}] is not made of ${found.length} columns`,
    )
  }
  return E.right({ name: spec.column, kind: 'image', columns, scale: spec.scale ?? 'unit', shape })
}

const selectInputs = (
  from: Table,
  selection: Selection,
  targets: ReadonlySet<string>,
): E.Either<DataError, readonly SelectedInput[]> => {
  const except = new Set<string>()
  for (const pattern of selection.except ?? []) {
    const names = namesFor(from, pattern, targets)
    if (E.isLeft(names)) return names
    for (const name of names.right) except.add(name)
  }
  const inputs: SelectedInput[] = []
  const seen = new Set<string>()
  for (const entry of selection.inputs) {
    const spec = typeof entry === 'string' ? { column: entry } : entry
    const matched = namesFor(from, spec.column, targets)
    if (E.isLeft(matched)) return matched
    const names = matched.right.filter((name) => !except.has(name))
    for (const name of names) {
      if (targets.has(name)) {
        return invalid(
          from,
          `column "${name}" is an input and a target: the model would see the answer`,
        )
      }
      if (seen.has(name)) return invalid(from, `column "${name}" is an input twice`)
      seen.add(name)
    }
    const found = columnsNamed(from, names)
    const made =
      spec.kind === 'image'
        ? [selectImage(from, found, spec)]
        : found.map((c) => selectOne(from, c, spec))
    for (const input of made) {
      if (E.isLeft(input)) return input
      inputs.push(input.right)
    }
  }
  return inputs.length === 0 ? invalid(from, 'no inputs are selected') : E.right(inputs)
}

const selectTarget = (
  from: Table,
  task: string,
  spec: TargetSpec,
): E.Either<DataError, SelectedTarget> => {
  const found = column(from, spec.column)
  if (E.isLeft(found)) return found
  const { right } = found
  const asked = spec.is !== undefined || spec.classes !== undefined ? 'classification' : undefined
  const kind = spec.kind ?? asked ?? (right.kind === 'string' ? 'classification' : 'regression')
  if (kind === 'classification') {
    const mixed =
      spec.kind === undefined && asked === undefined && right.kind === 'string'
        ? mixedNumbers(from, right)
        : undefined
    if (mixed !== undefined) return E.left(mixed)
    const texts = asStrings(from, right)
    if (E.isLeft(texts)) return texts
    const { classes, is } = spec
    return E.right({ task, kind, column: spec.column, classes, is })
  }
  const numbers = asNumbers(from, right)
  return E.isLeft(numbers) ? numbers : E.right({ task, kind, column: spec.column })
}

/**
 * Selects inputs and targets of a table.
 *
 * Left: `ColumnMissing` with the nearest name, `ColumnType` naming the line of a text in a numeric column,
 * `SelectionInvalid` (no inputs, an input twice, a target among the inputs).
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
  (selection: Selection) =>
  (from: Table): E.Either<DataError, Selected> => {
    const targets: SelectedTarget[] = []
    for (const [task, entry] of Object.entries(selection.targets ?? {})) {
      const spec = typeof entry === 'string' ? { column: entry } : entry
      const target = selectTarget(from, task, spec)
      if (E.isLeft(target)) return target
      targets.push(target.right)
    }
    const inputs = selectInputs(from, selection, new Set(targets.map((t) => t.column)))
    return E.isLeft(inputs) ? inputs : E.right({ table: from, inputs: inputs.right, targets })
  }
