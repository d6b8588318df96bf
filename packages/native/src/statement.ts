/** Statements of the loop IR as C. Loops without dependences are marked, and the compiler runs them on vectors. */
import {
  bytesOf,
  laneCount,
  loadsOf,
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
  /** True for buffers that do not stay in a core's caches. */
  readonly isLarge: (buffer: number) => boolean
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

/** Accumulators, one for each lane: their C type, where they start, how a value joins one. */
interface Lanes {
  readonly type: string
  readonly start: string
  readonly join: (accumulator: string, value: string) => string
}

/** How a reduction runs: the C type and text of what is accumulated, in which lanes, and the result from these. */
interface Plan {
  readonly type: string
  readonly value: (text: string) => string
  readonly lanes: readonly Lanes[]
  readonly result: (...firsts: readonly string[]) => string
}

const larger = (type: string, sign: '>' | '<') => (accumulator: string, value: string) =>
  `(${type})${value} ${sign} ${accumulator} ? (${type})${value} : ${accumulator}`

/** The largest of floats by their bits as integers, which vectors compare in one instruction. */
const extremumPlan = ({ op, dtype }: Of<'reduce'>): Plan => {
  const [letter, bits] = dtype === 'float32' ? ['f', 32] : ['d', 64]
  const [signed, unsigned] = [`int${bits}_t`, `uint${bits}_t`]
  const sign = op === 'max' ? '' : '-'
  return {
    type: signed,
    value: (text) => `bits_${letter}(${sign}(${text}))`,
    lanes: [
      { type: signed, start: `INT${bits}_MIN`, join: larger(signed, '>') },
      { type: unsigned, start: `UINT${bits}_MAX`, join: larger(unsigned, '<') },
      { type: unsigned, start: '0', join: larger(unsigned, '>') },
    ],
    result: (...firsts) => `${sign}largest_${letter}(${firsts.join(', ')})`,
  }
}

const planOf = (statement: Of<'reduce'>): Plan => {
  const { op, dtype, extent } = statement
  const isFloat = dtype === 'float32' || dtype === 'float64'
  if (isFloat && (op === 'min' || op === 'max') && extent >= 8 * laneCount) {
    return extremumPlan(statement)
  }
  const type = elementType[dtype]
  const join = (accumulator: string, value: string) => combine(op, dtype, accumulator, value)
  return {
    type,
    value: (text) => text,
    lanes: [{ type, start: identityOf(statement), join }],
    result: (first) => first,
  }
}

/** Elements by which memory is asked for before it is needed: more than the processor itself looks ahead. */
const ahead = 4096

/** Asks for the lines that a large operand's lanes will need. */
const prefetches = (writer: Writer, statement: Of<'reduce'>, base: string): string[] => {
  const { dtype, index } = statement
  const streams = loadsOf([statement]).filter(
    ({ buffer, at }) =>
      writer.isLarge(buffer) &&
      at.offset === undefined &&
      at.terms.some((term) => term.index === index && term.stride === 1),
  )
  const step = 64 / bytesOf(dtype)
  return streams.flatMap(({ buffer, at }) =>
    Array.from({ length: Math.max(1, laneCount / step) }, (_, line) => {
      const later = { ...at, base: at.base + ahead + line * step }
      const { address } = scalarWriter([], writer)
      return `{ const int64_t ${indexName(index)} = ${base}; __builtin_prefetch(${writer.buffer(buffer)} + (${address(later)})); }`
    }),
  )
}

const writeLaneReduce = (writer: Writer, statement: Of<'reduce'>): string[] => {
  const { id, dtype, index, extent, body, value } = statement
  const plan = planOf(statement)
  const [values, base, i] = [writer.fresh(), writer.fresh(), indexName(index)]
  const lanes = plan.lanes.map((own) => ({ ...own, name: writer.fresh() }))
  const each = (count: number | string, line: string): string =>
    `for (int j = 0; j < ${count}; j++) ${line};`
  const take = (from: string, count: number): string[] => [
    `${plan.type} ${values}[${count}];`,
    '#pragma GCC ivdep',
    `for (int64_t ${i} = ${from}; ${i} < ${from} + ${count}; ${i}++) {`,
    ...indented(writeBlock(writer, body)),
    ...indented(
      scoped(
        writer,
        [value],
        ({ write }) => `${values}[${i} - ${from}] = ${plan.value(write(value))};`,
      ),
    ),
    '}',
    ...lanes.map(({ name, join }) =>
      each(count, `${name}[j] = ${join(`${name}[j]`, `${values}[j]`)}`),
    ),
  ]
  const rest = extent % laneCount
  const whole = extent - rest
  return [
    ...lanes.flatMap(({ name, type, start }) => [
      `${type} ${name}[${laneCount}];`,
      each(laneCount, `${name}[j] = ${start}`),
    ]),
    ...(whole === 0
      ? []
      : [
          `for (int64_t ${base} = 0; ${base} < ${whole}; ${base} += ${laneCount}) {`,
          // empty, but no vectoriser takes a loop with it: GCC 12 gets conditional values wrong when it takes this outer one
          '  __asm__ volatile("");',
          ...indented(prefetches(writer, statement, base)),
          ...indented(take(base, laneCount)),
          '}',
        ]),
    ...(rest === 0 ? [] : ['{', ...indented(take(String(whole), rest)), '}']),
    `for (int w = ${laneCount / 2}; w >= 1; w /= 2) {`,
    ...lanes.map(
      ({ name, join }) => `  ${each('w', `${name}[j] = ${join(`${name}[j]`, `${name}[j + w]`)}`)}`,
    ),
    '}',
    `const ${scalarType[dtype]} ${localName(id)} = ${plan.result(...lanes.map(({ name }) => `${name}[0]`))};`,
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
    const panel = (x: Panel): string =>
      `(rs_panel){(void *)(${writer.buffer(x.buffer)} + ${address(x.at)}), ${walkText(x.rows)}, ${walkText(x.columns)}}`
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
