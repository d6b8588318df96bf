/**
 * Loops over rows of a few elements, such as the classes of a head. A vector along a row would be mostly empty, so vectors
 * run across rows: what happens along a row is written out, or the two loops change places.
 */
import {
  identityOf,
  laneCount,
  loadsOf,
  type Statement,
  storesOf,
  workOf,
} from '@rootstock/core/backend'
import { literal, scalarType } from './literal.ts'
import { combine, indexName, localName } from './scalar.ts'
import { type Block, indented, isPlain, type Of, scoped, type Writer } from './writer.ts'

/** Elements of a short row. */
const longest = laneCount

/** Rows enough to fill vectors. */
const leastRows = 32

/** Operations for one element from which on reading across rows is worth it. */
const leastWork = 12

/** How the partial results of a reduction that differ from its identity come together, as text. */
const joined = ({ op, dtype, order }: Of<'reduce'>, values: readonly string[]): string => {
  const join = (a: string, b: string): string => combine(op, dtype, a, b)
  // only a sum differs from its one term: it has no negative zero
  const starts =
    op === 'add' ? values.map((x) => join(literal(dtype, identityOf(op, dtype)), x)) : values
  if (order === 'sequence') return [...starts.slice(0, 1), ...values.slice(1)].reduce(join)
  let lanes: readonly (string | undefined)[] = starts
  for (let width = laneCount / 2; width >= 1; width /= 2) {
    lanes = Array.from({ length: width }, (_, j) => {
      const [a, b] = [lanes[j], lanes[j + width]]
      return a === undefined || b === undefined ? a : join(a, b)
    })
  }
  return lanes[0]!
}

/** A reduction written out: a value for each element of the row, then what they come to. */
const writeOut = (writer: Writer, statement: Of<'reduce'>, write: Block): string[] => {
  const { id, dtype, index, extent, body, value } = statement
  const type = scalarType[dtype]
  const values = Array.from({ length: extent }, () => writer.fresh())
  return [
    ...values.flatMap((name, j) => [
      `${type} ${name};`,
      '{',
      ...indented([
        `const int64_t ${indexName(index)} = ${j};`,
        ...write(body),
        ...scoped(writer, [value], (scalars) => `${name} = ${scalars.write(value)};`),
      ]),
      '}',
    ]),
    `const ${type} ${localName(id)} = ${joined(statement, values)};`,
  ]
}

const isShortReduction = (statement: Statement): statement is Of<'reduce'> =>
  statement.kind === 'reduce' &&
  statement.extent >= 1 &&
  statement.extent <= longest &&
  statement.body.every(({ kind }) => kind === 'let')

/** The loop along rows that may become the outer one: all that is beside it can be computed again for each element. */
const inwardOf = (body: readonly Statement[]): Of<'for'> | null => {
  const [inner] = body.slice(-1)
  if (inner?.kind !== 'for' || !inner.parallel || inner.extent > longest) return null
  const before = body.slice(0, -1)
  const written = new Set(storesOf([inner]).map(({ buffer }) => buffer))
  return before.every(({ kind }) => kind === 'let') &&
    inner.body.every(isPlain) &&
    workOf(inner.body) >= leastWork &&
    !loadsOf(before).some(({ buffer }) => written.has(buffer))
    ? inner
    : null
}

/** A loop over short rows, vectors across them; null where rows are none or not short. */
export const writeShortRows = (
  writer: Writer,
  { index, extent, parallel, body }: Of<'for'>,
  [from, to]: readonly [from: string, to: string],
  write: Block,
): string[] | null => {
  if (!parallel || extent < leastRows) return null
  const i = indexName(index)
  const loop = (lines: readonly string[]): string[] => [
    'INDEPENDENT',
    `for (int64_t ${i} = ${from}; ${i} < ${to}; ${i}++) {`,
    ...indented(lines),
    '}',
  ]
  const inward = inwardOf(body)
  if (inward !== null) {
    const j = indexName(inward.index)
    return [
      `for (int64_t ${j} = 0; ${j} < ${inward.extent}; ${j}++) {`,
      ...indented(loop(write([...body.slice(0, -1), ...inward.body]))),
      '}',
    ]
  }
  if (!body.some(isShortReduction) || !body.every((x) => isPlain(x) || isShortReduction(x)))
    return null
  return loop(
    body.flatMap((statement) =>
      isShortReduction(statement) ? writeOut(writer, statement, write) : write([statement]),
    ),
  )
}
