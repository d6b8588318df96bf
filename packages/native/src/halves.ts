/**
 * Sums of long rows, two rows at a time. An accumulator takes a line only when it has taken the one before, and caches bring
 * lines faster than that; two accumulators take two. The rows come from two halves of the loop, so that each half is read from
 * its beginning to its end: of memory read so, processors ask for what comes next by themselves.
 */
import { laneCount } from '@rootstock/core/backend'
import { scalarType } from './literal.ts'
import { vectorLanes } from './reduction.ts'
import { indexName, localName, scalarWriter } from './scalar.ts'
import { type Block, indented, isPlain, type Of, type Range, type Writer } from './writer.ts'

/** Lines of each row that are taken together, and elements from which on a row is long. */
const [lines, long] = [2, 256]

type PlainSum = Of<'reduce'> & {
  readonly op: 'add' | 'mul'
  readonly dtype: 'float32' | 'float64' | 'int32'
  readonly value: { readonly op: 'load' }
}

/** A sum or product of what lies side by side in memory, with nothing else to do. */
const isPlainSum = (statement: Of<'reduce'>): statement is PlainSum => {
  const { order, op, dtype, extent, index, body, value } = statement
  return (
    order === 'lanes' &&
    (op === 'add' || op === 'mul') &&
    dtype !== 'bool' &&
    extent >= long &&
    extent % (lines * laneCount) === 0 &&
    body.length === 0 &&
    value.op === 'load' &&
    value.at.offset === undefined &&
    value.at.terms.every((term) => term.index !== index || term.stride === 1) &&
    value.at.terms.some((term) => term.index === index)
  )
}

/** A loop over such rows as far as two at a time go; the plain loop does what is left, from where the index then is. */
export const writeHalves = (
  writer: Writer,
  { index, parallel, body }: Of<'for'>,
  [from, to]: Range,
  write: Block,
): readonly string[] | null => {
  const [sum, ...rest] = body
  if (!parallel || sum?.kind !== 'reduce' || !isPlainSum(sum) || !rest.every(isPlain)) return null
  const { id, op, dtype, value, extent } = sum
  const { declare, take, result } = vectorLanes(op, dtype)
  const [i, j] = [indexName(index), indexName(sum.index)]
  const [half, row] = [writer.fresh(), writer.fresh()]
  const rows = [row, `${row} + ${half}`].map((at) => ({ at, sums: writer.fresh() }))
  const each = (code: (sums: string) => readonly string[]): string[] =>
    rows.flatMap(({ at, sums }) => [
      '{',
      ...indented([`const int64_t ${i} = ${at};`, ...code(sums)]),
      '}',
    ])
  const line = (number: number) => (sums: string) => {
    const { address } = scalarWriter([], writer)
    const place = address({ ...value.at, base: value.at.base + number * laneCount })
    return [take(sums, `(${writer.buffer(value.buffer)} + ${place})`, laneCount)]
  }
  return [
    `int64_t ${i} = ${from};`,
    `const int64_t ${half} = (${to} - ${from}) / 2;`,
    `for (int64_t ${row} = ${from}; ${row} < ${from} + ${half}; ${row}++) {`,
    ...indented([
      ...rows.flatMap(({ sums }) => declare(sums)),
      `for (int64_t ${j} = 0; ${j} < ${extent}; ${j} += ${lines * laneCount}) {`,
      // as in reductions of one row: no vectoriser takes a loop with it
      '  __asm__ volatile("");',
      ...indented(Array.from({ length: lines }, (_, number) => each(line(number))).flat()),
      '}',
      ...each((sums) => [
        `const ${scalarType[dtype]} ${localName(id)} = ${result(sums)};`,
        ...write(rest),
      ]),
    ]),
    '}',
    `${i} += 2 * ${half};`,
  ]
}
