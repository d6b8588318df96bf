/** Statements of the loop IR as C. Loops without dependences are marked, and the compiler runs them on vectors. */
import {
  laneCount,
  type Panel,
  type Scalar,
  type Statement,
  type Walk,
} from '@rootstock/core/backend'
import { elementType, literal, scalarType } from './literal.ts'
import {
  combine,
  indexName,
  localName,
  type Names,
  type ScalarWriter,
  scalarWriter,
} from './scalar.ts'
import type { Division } from './task.ts'

/** Texts of a first index and of the one behind the last. */
export type Range = readonly [from: string, to: string]

/** What writing the statements of one kernel needs. */
export interface Writer extends Names {
  /** What a part has of a loop or a product that threads share; null when it is not shared. */
  readonly range: (statement: Statement, by: Division['by']) => Range | null
}

type Of<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

/** Statements of a block. */
export const writeBlock = (writer: Writer, statements: readonly Statement[]): string[] =>
  statements.flatMap((statement) => writeStatement(writer, statement))

/** One statement around which the declarations of its shared nodes stand. */
const scoped = (
  writer: Writer,
  roots: readonly Scalar[],
  line: (scalars: ScalarWriter) => string,
): string[] => {
  const scalars = scalarWriter(roots, writer)
  const text = line(scalars)
  return [...scalars.declarations, text]
}

const isInnermost = (body: readonly Statement[]): boolean =>
  body.every(({ kind }) => kind === 'let' || kind === 'store')

const writeFor = (writer: Writer, statement: Of<'for'>): string[] => {
  const { index, extent, parallel, body } = statement
  const i = indexName(index)
  const range = writer.range(statement, 'iterations')
  const loop = (from: string, to: string): string[] => [
    ...(parallel && isInnermost(body) ? ['#pragma GCC ivdep'] : []),
    `for (int64_t ${i} = ${from}; ${i} < ${to}; ${i}++) {`,
    ...indented(writeBlock(writer, body)),
    '}',
  ]
  if (range === null) return loop('0', String(extent))
  // bounds in locals: read through a pointer that a store might change, they would keep the loop from vectors
  const [from, to] = [writer.fresh(), writer.fresh()]
  return [`const int64_t ${from} = ${range[0]}, ${to} = ${range[1]};`, ...loop(from, to)]
}

const identityOf = ({ op, dtype }: Of<'reduce'>): string => {
  if (op === 'add') return literal(dtype, 0)
  if (op === 'mul') return literal(dtype, 1)
  const sign = op === 'min' ? 1 : -1
  return literal(
    dtype,
    dtype === 'int32' ? (op === 'min' ? 2 ** 31 - 1 : -(2 ** 31)) : sign * Infinity,
  )
}

const writeSequence = (writer: Writer, statement: Of<'reduce'>): string[] => {
  const { id, op, dtype, index, extent, body, value } = statement
  const [i, sum] = [indexName(index), localName(id)]
  const step = scoped(
    writer,
    [value],
    ({ write }) => `${sum} = ${combine(op, dtype, sum, write(value))};`,
  )
  return [
    `${scalarType[dtype]} ${sum} = ${identityOf(statement)};`,
    `for (int64_t ${i} = 0; ${i} < ${extent}; ${i}++) {`,
    ...indented([...writeBlock(writer, body), ...step]),
    '}',
  ]
}

/** How many accumulators: the IR's, or more where order does not matter and waiting for one would take most of the time. */
const lanesOf = ({ op, dtype, extent }: Of<'reduce'>): number => {
  const isOrderFree = op === 'min' || op === 'max' || dtype === 'int32'
  return isOrderFree && extent >= 8 * laneCount ? 4 * laneCount : laneCount
}

/** Values of `count` lanes from `base` on, then their combination with the accumulators. */
const writeLanes = (
  writer: Writer,
  statement: Of<'reduce'>,
  [lanes, values]: readonly [string, string],
  base: string,
  count: string,
): string[] => {
  const { op, dtype, index, body, value } = statement
  const i = indexName(index)
  const fill = scoped(
    writer,
    [value],
    ({ write }) => `${values}[${i} - ${base}] = ${write(value)};`,
  )
  return [
    '#pragma GCC ivdep',
    `for (int64_t ${i} = ${base}; ${i} < ${base} + ${count}; ${i}++) {`,
    ...indented([...writeBlock(writer, body), ...fill]),
    '}',
    `for (int j = 0; j < ${count}; j++) ${lanes}[j] = ${combine(op, dtype, `${lanes}[j]`, `${values}[j]`)};`,
  ]
}

const writeLaneReduce = (writer: Writer, statement: Of<'reduce'>): string[] => {
  const { id, op, dtype, extent } = statement
  const [lanes, values, base] = [writer.fresh(), writer.fresh(), writer.fresh()]
  const type = elementType[dtype]
  const count = lanesOf(statement)
  const whole = extent - (extent % count)
  const rest = extent - whole
  const names = [lanes, values] as const
  return [
    `${type} ${lanes}[${count}];`,
    `for (int j = 0; j < ${count}; j++) ${lanes}[j] = ${identityOf(statement)};`,
    ...(whole === 0
      ? []
      : [
          `for (int64_t ${base} = 0; ${base} < ${whole}; ${base} += ${count}) {`,
          // empty, but no vectoriser takes a loop with it: GCC 12 gets conditional values wrong when it takes this outer one
          '  __asm__ volatile("");',
          `  ${type} ${values}[${count}];`,
          ...indented(writeLanes(writer, statement, names, base, String(count))),
          '}',
        ]),
    ...(rest === 0
      ? []
      : [
          '{',
          `  ${type} ${values}[${count}];`,
          ...indented(writeLanes(writer, statement, names, String(whole), String(rest))),
          '}',
        ]),
    `for (int w = ${count / 2}; w >= 1; w /= 2)`,
    `  for (int j = 0; j < w; j++) ${lanes}[j] = ${combine(op, dtype, `${lanes}[j]`, `${lanes}[j + w]`)};`,
    `const ${scalarType[dtype]} ${localName(id)} = ${lanes}[0];`,
  ]
}

const walkText = (walk: Walk): string => {
  const steps = walk.map(({ count, stride }) => `{${count}, ${stride}}`)
  return walk.length === 0 ? '{0}' : `{${walk.length}, (rs_steps[]){${steps.join(', ')}}}`
}

const writeContract = (writer: Writer, statement: Of<'contract'>): string[] => {
  const { a, b, c, rows, columns, depth, dtype } = statement
  const offsets = [a, b, c].flatMap(({ at }) => (at.offset === undefined ? [] : [at.offset]))
  return scoped(writer, offsets, ({ address }) => {
    const panel = ({ buffer, at, rows, columns }: Panel): string =>
      `(rs_panel){(void *)(${writer.buffer(buffer)} + ${address(at)}), ${walkText(rows)}, ${walkText(columns)}}`
    const range = (by: 'rows' | 'columns', extent: number): string =>
      `(rs_range){${(writer.range(statement, by) ?? ['0', extent]).join(', ')}}`
    const sizes = `${range('rows', rows)}, ${range('columns', columns)}, ${depth}`
    return `runtime->contract_${dtype}(${sizes}, ${panel(a)}, ${panel(b)}, ${panel(c)});`
  })
}

const writeStatement = (writer: Writer, statement: Statement): string[] => {
  switch (statement.kind) {
    case 'let':
    case 'var': {
      const { kind, id, value } = statement
      const type = `${kind === 'let' ? 'const ' : ''}${scalarType[value.dtype]}`
      return scoped(writer, [value], ({ write }) => `${type} ${localName(id)} = ${write(value)};`)
    }
    case 'set': {
      const { id, value } = statement
      return braced(scoped(writer, [value], ({ write }) => `${localName(id)} = ${write(value)};`))
    }
    case 'store': {
      const { buffer, at, value } = statement
      const roots = at.offset === undefined ? [value] : [value, at.offset]
      return scoped(
        writer,
        roots,
        ({ write, address }) => `${writer.buffer(buffer)}[${address(at)}] = ${write(value)};`,
      )
    }
    case 'for':
      return writeFor(writer, statement)
    case 'reduce':
      return statement.order === 'lanes'
        ? writeLaneReduce(writer, statement)
        : writeSequence(writer, statement)
    case 'while': {
      const { condition, body } = statement
      const test = scoped(writer, [condition], ({ write }) => `if (!${write(condition)}) break;`)
      return ['for (;;) {', ...indented([...test, ...writeBlock(writer, body)]), '}']
    }
    case 'if': {
      const { condition, then, otherwise } = statement
      return [
        ...scoped(writer, [condition], ({ write }) => `if (${write(condition)}) {`),
        ...indented(writeBlock(writer, then)),
        ...(otherwise.length === 0 ? [] : ['} else {', ...indented(writeBlock(writer, otherwise))]),
        '}',
      ]
    }
    case 'contract':
      return writeContract(writer, statement)
  }
}

/** Declarations of a single assignment stay inside it. */
const braced = (lines: readonly string[]): string[] =>
  lines.length === 1 ? [...lines] : ['{', ...indented(lines), '}']
