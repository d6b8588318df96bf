/** The inputs of a model: names, ranges and `*` resolved, each with the kind of feature it becomes. */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import { type Column, sizeOf } from '../table/column.ts'
import { column, columnNames, type Table } from '../table/table.ts'
import { asNumbers, asStrings, finiteArrays, mixedNumbers } from './typed.ts'

/** One input, or several of the same kind. */
export interface InputSpec {
  /** A name, a range in file order `first..last`, or `*` for every column that is neither a target nor named otherwise. */
  readonly column: string
  /**
   * Default: by the type of the column. `image` makes one block of an array column or of a range of number columns; `text` reads
   * sentences: a feature for each of their most frequent words, pairs of words and pieces of words.
   */
  readonly kind?: 'numeric' | 'categorical' | 'image' | 'text' | undefined
  /** Images: `unit` divides by the largest value (255 for bytes), `standard` takes mean 0 and deviation 1 over all pixels. */
  readonly scale?: 'unit' | 'standard' | undefined
  /** Images made of a range of columns: the shape of one. */
  readonly shape?: readonly number[] | undefined
  /** Numeric: standardised values beyond this are cut off. */
  readonly clip?: number | undefined
  /** Texts: how many features at most. Default 4096. */
  readonly features?: number | undefined
}

/** An input of known kind. */
export interface SelectedInput {
  readonly name: string
  readonly kind: 'numeric' | 'categorical' | 'image' | 'text'
  readonly columns: readonly string[]
  readonly scale?: 'unit' | 'standard' | undefined
  readonly shape?: readonly number[] | undefined
  readonly clip?: number | undefined
  readonly features?: number | undefined
}

/** The part of a selection that says what a model sees. */
export interface InputSelection {
  readonly inputs: readonly (string | InputSpec)[]
  readonly except?: readonly string[] | undefined
}

const invalid = (from: Table, reason: string): E.Either<DataError, never> =>
  E.left({ _tag: 'SelectionInvalid', file: from.file, reason })

// The names that a name, a range or `*` stands for. A column that is really called `a..b` wins over the range.
const namesFor = (
  from: Table,
  pattern: string,
  taken: ReadonlySet<string>,
): E.Either<DataError, readonly string[]> => {
  const names = columnNames(from)
  if (names.includes(pattern)) return E.right([pattern])
  if (pattern === '*') return E.right(names.filter((name) => !taken.has(name)))
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

const kindOf = ({ kind }: InputSpec, found: Column): SelectedInput['kind'] => {
  if (kind !== undefined) return kind
  switch (found.kind) {
    case 'number':
      return 'numeric'
    case 'string':
      return 'categorical'
    case 'array':
      return 'image'
  }
}

// An option that says nothing about inputs of this kind, so that it must be a mistake.
const misplaced = (kind: SelectedInput['kind'], spec: InputSpec): string | undefined => {
  const { scale, shape, clip, features } = spec
  if (kind !== 'image' && (shape ?? scale) !== undefined) {
    const option = shape === undefined ? 'scale' : 'shape'
    return `input "${spec.column}" has a ${option}, which only images have: say kind: "image"`
  }
  if (kind !== 'text' && features !== undefined) {
    return `input "${spec.column}" has features, which only texts have: say kind: "text"`
  }
  return kind !== 'numeric' && clip !== undefined
    ? `input "${spec.column}" has a clip, which only numeric inputs have`
    : undefined
}

const selectOne = (
  from: Table,
  found: Column,
  spec: InputSpec,
): E.Either<DataError, SelectedInput> => {
  const { name } = found
  const kind = kindOf(spec, found)
  const reason = misplaced(kind, spec)
  if (reason !== undefined) return invalid(from, reason)
  if (kind === 'image') return selectImage(from, [found], spec)
  if (kind === 'numeric') {
    const numbers = asNumbers(from, found)
    return E.isLeft(numbers) ? numbers : E.right({ name, kind, columns: [name], clip: spec.clip })
  }
  if (kind === 'text') {
    const texts = asStrings(from, found)
    return E.isLeft(texts)
      ? texts
      : E.right({ name, kind, columns: [name], features: spec.features })
  }
  // Whoever says categorical means it; else a stray text makes numbers look like categories.
  if (spec.kind === undefined && found.kind === 'string') {
    const mixed = mixedNumbers(from, found, 'categorical')
    if (mixed !== undefined) return E.left(mixed)
  }
  const texts = asStrings(from, found)
  return E.isLeft(texts) ? texts : E.right({ name, kind, columns: [name] })
}

const selectImage = (
  from: Table,
  found: readonly Column[],
  spec: InputSpec,
): E.Either<DataError, SelectedInput> => {
  const kind = 'image'
  const reason = misplaced(kind, spec)
  if (reason !== undefined) return invalid(from, reason)
  const columns = found.map((c) => c.name)
  const array = found.find((c) => c.kind === 'array')
  if (array !== undefined) {
    const arrays = finiteArrays(from, array)
    if (E.isLeft(arrays)) return arrays
    if (found.length > 1) return invalid(from, `${spec.column} holds an array among other columns`)
    const { name, shape } = array
    if (spec.shape !== undefined && String(spec.shape) !== String(shape)) {
      const asked = spec.shape.join(', ')
      return invalid(from, `column "${name}" has shape [${shape.join(', ')}], not [${asked}]`)
    }
    const scale = spec.scale ?? (array.values instanceof Uint8Array ? 'unit' : 'standard')
    return E.right({ name, kind, columns, scale, shape })
  }
  for (const c of found) {
    const numbers = asNumbers(from, c)
    if (E.isLeft(numbers)) return numbers
  }
  const shape = spec.shape ?? [found.length]
  return sizeOf(shape) === found.length && found.length > 0
    ? E.right({ name: spec.column, kind, columns, scale: spec.scale ?? 'unit', shape })
    : invalid(
        from,
        `an image of shape [${shape.join(', ')}] is not made of ${found.length} columns`,
      )
}

interface Resolver {
  readonly from: Table
  readonly targets: ReadonlySet<string>
  /** What `*` leaves out: targets, and inputs named otherwise. */
  readonly taken: ReadonlySet<string>
  readonly except: ReadonlySet<string>
  readonly seen: Set<string>
}

// The columns of one entry of a selection, none of which was an input before.
const resolve = (
  { from, targets, taken, except, seen }: Resolver,
  pattern: string,
): E.Either<DataError, readonly Column[]> => {
  const matched = namesFor(from, pattern, taken)
  if (E.isLeft(matched)) return matched
  const columns: Column[] = []
  for (const name of matched.right) {
    if (except.has(name)) continue
    if (targets.has(name)) {
      return invalid(
        from,
        `column "${name}" is an input and a target: the model would see the answer`,
      )
    }
    if (seen.has(name)) return invalid(from, `column "${name}" is an input twice`)
    seen.add(name)
    columns.push(from.columns.find((c) => c.name === name)!)
  }
  return E.right(columns)
}

const namesForAll = (
  from: Table,
  patterns: readonly string[],
  targets: ReadonlySet<string>,
): E.Either<DataError, ReadonlySet<string>> => {
  const names = new Set<string>()
  for (const pattern of patterns) {
    const matched = namesFor(from, pattern, targets)
    if (E.isLeft(matched)) return matched
    for (const name of matched.right) names.add(name)
  }
  return E.right(names)
}

/** Resolves and checks the inputs. Left: `ColumnMissing`, `ColumnType`, `NumberNonFinite`, `SelectionInvalid`. */
export const selectInputs = (
  from: Table,
  selection: InputSelection,
  targets: ReadonlySet<string>,
): E.Either<DataError, readonly SelectedInput[]> => {
  const specs = selection.inputs.map((entry) =>
    typeof entry === 'string' ? { column: entry } : entry,
  )
  const except = namesForAll(from, selection.except ?? [], targets)
  if (E.isLeft(except)) return except
  const patterns = specs.map((spec) => spec.column).filter((pattern) => pattern !== '*')
  const named = namesForAll(from, patterns, targets)
  if (E.isLeft(named)) return named
  const taken = new Set([...targets, ...named.right])
  const resolver = { from, targets, taken, except: except.right, seen: new Set<string>() }
  const inputs: SelectedInput[] = []
  for (const spec of specs) {
    const found = resolve(resolver, spec.column)
    if (E.isLeft(found)) return found
    const made =
      spec.kind === 'image'
        ? [selectImage(from, found.right, spec)]
        : found.right.map((c) => selectOne(from, c, spec))
    for (const input of made) {
      if (E.isLeft(input)) return input
      inputs.push(input.right)
    }
  }
  return inputs.length === 0 ? invalid(from, 'no inputs are selected') : E.right(inputs)
}
