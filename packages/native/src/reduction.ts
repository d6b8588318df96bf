/** Reductions as C: one accumulator, or lanes that the compiler puts on vectors. */
import { bytesOf, identityOf, laneCount, loadsOf, storesOf } from '@rootstock/core/backend'
import { declareGathered, gatherStores, storesNeighbours } from './gather.ts'
import { elementType, literal, scalarType, suffix } from './literal.ts'
import { combine, indexName, localName, scalarWriter } from './scalar.ts'
import { type Block, indented, type Of, scoped, type Writer } from './writer.ts'

const writeSequence = (writer: Writer, statement: Of<'reduce'>, write: Block): string[] => {
  const { id, op, dtype, index, extent, value } = statement
  const [i, sum] = [indexName(index), localName(id)]
  const step = scoped(
    writer,
    [value],
    (scalars) => `${sum} = ${combine(op, dtype, sum, scalars.write(value))};`,
  )
  return [
    `${scalarType[dtype]} ${sum} = ${literal(dtype, identityOf(op, dtype))};`,
    `for (int64_t ${i} = 0; ${i} < ${extent}; ${i}++) {`,
    ...indented([...write(statement.body), ...step]),
    '}',
  ]
}

/** Accumulators, one for each lane, as C text. */
interface Lanes {
  readonly declare: (name: string) => readonly string[]
  /** Takes in the first `count` of an array of values. */
  readonly take: (name: string, values: string, count: number) => string
  readonly fold: (name: string) => readonly string[]
  /** What they come to once they are folded. */
  readonly result: (name: string) => string
}

const each = (count: number | string, line: string): string =>
  `for (int j = 0; j < ${count}; j++) ${line};`

/** Lanes in an array that the compiler puts into registers if it can; `join` is how a value joins one, `hint` stands before loops. */
const arrayLanes = (
  type: string,
  start: string,
  join: (accumulator: string, value: string) => string,
  hint = '',
): Lanes => ({
  declare: (name) => [
    `${type} ${name}[${laneCount}];`,
    hint + each(laneCount, `${name}[j] = ${start}`),
  ],
  take: (name, values, count) =>
    hint + each(count, `${name}[j] = ${join(`${name}[j]`, `${values}[j]`)}`),
  fold: (name) => [
    `for (int w = ${laneCount / 2}; w >= 1; w /= 2) {`,
    `  ${each('w', `${name}[j] = ${join(`${name}[j]`, `${name}[j + w]`)}`)}`,
    '}',
  ],
  result: (name) => `${name}[0]`,
})

/** Lanes as a vector, for what C can do with vectors. */
export const vectorLanes = (op: 'add' | 'mul', dtype: 'float32' | 'float64' | 'int32'): Lanes => {
  const type = `lanes_${suffix[dtype]}`
  const join = (a: string, b: string): string => combine(op, dtype, a, b)
  return {
    declare: (name) => [
      `${type} ${name} = (${type}){0} + ${literal(dtype, identityOf(op, dtype))};`,
    ],
    take: (name, values, count) =>
      count === laneCount
        ? `${name} = ${join(name, `*(const ${type} *)${values}`)};`
        : each(count, `${name}[j] = ${join(`${name}[j]`, `${values}[j]`)}`),
    fold: () => [],
    result: (name) => `fold_${op}_${suffix[dtype]}(${name})`,
  }
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
  const [sign, hint] = [op === 'max' ? '' : '-', bits === 32 ? 'LANEWISE ' : '']
  return {
    type: signed,
    value: (text) => `bits_${letter}(${sign}(${text}))`,
    lanes: [
      arrayLanes(signed, `INT${bits}_MIN`, larger(signed, '>'), hint),
      arrayLanes(unsigned, `UINT${bits}_MAX`, larger(unsigned, '<'), hint),
      arrayLanes(unsigned, '0', larger(unsigned, '>'), hint),
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
  const lanes =
    dtype !== 'bool' && (op === 'add' || op === 'mul')
      ? vectorLanes(op, dtype)
      : arrayLanes(type, literal(dtype, identityOf(op, dtype)), (a, b) => combine(op, dtype, a, b))
  return { type, value: (text) => text, lanes: [lanes], result: (first) => first }
}

/** Elements by which memory is asked for before it is needed: more than the processor itself looks ahead. */
const ahead = 4096

/** Asks for the lines that a large operand's lanes will need. */
const prefetches = (writer: Writer, statement: Of<'reduce'>, base: string): string[] => {
  const { dtype, index } = statement
  const streams = [...loadsOf([statement]), ...storesOf(statement.body)].filter(
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

const writeLanes = (writer: Writer, statement: Of<'reduce'>, write: Block): string[] => {
  const { id, dtype, index, extent, body, value } = statement
  const stores = body.filter((one) => one.kind === 'store')
  const isGathered = stores.every((store) => storesNeighbours(index, store))
  const plan = planOf(statement)
  const [values, base, i] = [writer.fresh(), writer.fresh(), indexName(index)]
  const lanes = plan.lanes.map((own) => ({ ...own, name: writer.fresh() }))
  const take = (from: string, count: number): string[] => {
    const { gathered, lines } = isGathered
      ? gatherStores(writer, body, `${i} - ${from}`, write)
      : { gathered: [], lines: write(body) }
    const moves = gathered.map(
      ({ local, target }) => `__builtin_memcpy(${target}, ${local}, sizeof ${local});`,
    )
    return [
      ...declareGathered(gathered, count),
      `${plan.type} ${values}[${count}];`,
      'INDEPENDENT',
      `for (int64_t ${i} = ${from}; ${i} < ${from} + ${count}; ${i}++) {`,
      ...indented(lines),
      ...indented(
        scoped(
          writer,
          [value],
          (scalars) => `${values}[${i} - ${from}] = ${plan.value(scalars.write(value))};`,
        ),
      ),
      '}',
      ...(moves.length === 0
        ? []
        : ['{', ...indented([`const int64_t ${i} = ${from};`, ...moves]), '}']),
      ...lanes.map((own) => own.take(own.name, values, count)),
    ]
  }
  const rest = extent % laneCount
  const whole = extent - rest
  return [
    ...lanes.flatMap(({ name, declare }) => declare(name)),
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
    ...lanes.flatMap(({ name, fold }) => fold(name)),
    `const ${scalarType[dtype]} ${localName(id)} = ${plan.result(...lanes.map((own) => own.result(own.name)))};`,
  ]
}

/** A reduction; `write` writes what computes the locals that its value uses, and what it stores besides. */
export const writeReduce = (writer: Writer, statement: Of<'reduce'>, write: Block): string[] =>
  (statement.order === 'lanes' ? writeLanes : writeSequence)(writer, statement, write)
