/** Reductions as C: one accumulator, or lanes that the compiler puts on vectors. */
import { bytesOf, identityOf, laneCount, loadsOf } from '@rootstock/core/backend'
import { elementType, literal, scalarType } from './literal.ts'
import { combine, indexName, localName, scalarWriter } from './scalar.ts'
import { indented, type Of, scoped, type Writer } from './writer.ts'

const writeSequence = (
  writer: Writer,
  statement: Of<'reduce'>,
  inner: readonly string[],
): string[] => {
  const { id, op, dtype, index, extent, value } = statement
  const [i, sum] = [indexName(index), localName(id)]
  const step = scoped(
    writer,
    [value],
    ({ write }) => `${sum} = ${combine(op, dtype, sum, write(value))};`,
  )
  return [
    `${scalarType[dtype]} ${sum} = ${literal(dtype, identityOf(op, dtype))};`,
    `for (int64_t ${i} = 0; ${i} < ${extent}; ${i}++) {`,
    ...indented([...inner, ...step]),
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
    lanes: [{ type, start: literal(dtype, identityOf(op, dtype)), join }],
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

const writeLanes = (
  writer: Writer,
  statement: Of<'reduce'>,
  inner: readonly string[],
): string[] => {
  const { id, dtype, index, extent, value } = statement
  const plan = planOf(statement)
  const [values, base, i] = [writer.fresh(), writer.fresh(), indexName(index)]
  const lanes = plan.lanes.map((own) => ({ ...own, name: writer.fresh() }))
  const each = (count: number | string, line: string): string =>
    `for (int j = 0; j < ${count}; j++) ${line};`
  const take = (from: string, count: number): string[] => [
    `${plan.type} ${values}[${count}];`,
    '#pragma GCC ivdep',
    `for (int64_t ${i} = ${from}; ${i} < ${from} + ${count}; ${i}++) {`,
    ...indented(inner),
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

/** A reduction; `inner` is what computes the locals that its value uses. */
export const writeReduce = (
  writer: Writer,
  statement: Of<'reduce'>,
  inner: readonly string[],
): string[] => (statement.order === 'lanes' ? writeLanes : writeSequence)(writer, statement, inner)
