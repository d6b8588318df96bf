/**
 * Loops whose results are not kept in caches. To store into a line that is in no cache, a core fetches it first. Where loops
 * write more than caches hold anyway, it is quicker to gather whole lines in registers and send them to memory.
 */
import { bytesOf, type Statement } from '@rootstock/core/backend'
import { elementType } from './literal.ts'
import { indexName, scalarWriter } from './scalar.ts'
import { indented, type Of, scoped, type Writer } from './writer.ts'

/** Elements that are gathered: a line of float32. */
const gathered = 16

/** A store that is sent: the local array in which its elements are gathered, where they go, and when they may go there. */
interface Sent {
  readonly local: string
  readonly type: string
  readonly target: string
  readonly conditions: readonly string[]
}

const sentOf = (writer: Writer, { value, buffer, at }: Of<'store'>): Sent => {
  const name = writer.buffer(buffer)
  const target = `${name} + ${scalarWriter([], writer).address(at)}`
  // a result may have taken over the memory of an argument, whose lines are in the caches
  const apart = writer.read().map((from) => `(void *)${name} != (void *)${writer.buffer(from)}`)
  return {
    local: writer.fresh(),
    type: elementType[value.dtype],
    target,
    conditions: [`begins_line(${target})`, ...apart],
  }
}

/** True for a loop whose every store is to streamed memory, one element after another. */
const canStream = (writer: Writer, { index, extent, parallel, body }: Of<'for'>): boolean => {
  const stores = body.filter((statement) => statement.kind === 'store')
  return (
    parallel &&
    extent >= gathered &&
    stores.length > 0 &&
    new Set(stores.map(({ buffer }) => buffer)).size === stores.length &&
    stores.every(
      ({ buffer, at, value }) =>
        writer.isStreamed(buffer) &&
        bytesOf(value.dtype) >= 4 &&
        at.offset === undefined &&
        at.terms.every((term) => term.index !== index || term.stride === 1) &&
        at.terms.some((term) => term.index === index),
    )
  )
}

/**
 * A loop that sends its results to memory, as far as it can; the plain loop comes after it and does what is left. Empty where
 * the loop does nothing of the kind. `write` writes statements other than stores.
 */
export const writeStreaming = (
  writer: Writer,
  statement: Of<'for'>,
  [from, to]: readonly [from: string, to: string],
  write: (statement: Statement) => readonly string[],
): readonly string[] => {
  if (!canStream(writer, statement)) return []
  const i = indexName(statement.index)
  const [first, j] = [writer.fresh(), writer.fresh()]
  const sent: Sent[] = []
  const body = statement.body.flatMap((inner): readonly string[] => {
    if (inner.kind !== 'store') return write(inner)
    const own = sentOf(writer, inner)
    sent.push(own)
    return scoped(
      writer,
      [inner.value],
      (scalars) => `${own.local}[${j}] = ${scalars.write(inner.value)};`,
    )
  })
  return [
    `int64_t ${i} = ${from};`,
    `if (${sent.flatMap(({ conditions }) => conditions).join(' && ')}) {`,
    ...indented([
      `for (; ${i} + ${gathered} <= ${to}; ${i} += ${gathered}) {`,
      ...indented([
        ...sent.map(({ type, local }) => `${type} ${local}[${gathered}];`),
        `const int64_t ${first} = ${i};`,
        'INDEPENDENT',
        `for (int64_t ${j} = 0; ${j} < ${gathered}; ${j}++) {`,
        `  const int64_t ${i} = ${first} + ${j};`,
        ...indented(body),
        '}',
        ...sent.map(({ local, target }) => `send_lines(${target}, ${local}, sizeof ${local});`),
      ]),
      '}',
      'end_sending();',
    ]),
    '}',
  ]
}
