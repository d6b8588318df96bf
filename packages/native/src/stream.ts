/**
 * Loops whose results are not kept in caches. To store into a line that is in no cache, a core fetches it first. Where loops
 * write more than caches hold anyway, it is quicker to gather whole lines in registers and send them to memory.
 */
import { bytesOf } from '@rootstock/core/backend'
import { declareGathered, type Gathered, gatherStores, storesNeighbours } from './gather.ts'
import { indexName } from './scalar.ts'
import { type Block, indented, type Of, type Writer } from './writer.ts'

/** Elements that are gathered: a line of float32. */
const count = 16

/** True for a loop whose every store is to streamed memory, one element after another. */
const canStream = (writer: Writer, { index, extent, parallel, body }: Of<'for'>): boolean => {
  const stores = body.filter((statement) => statement.kind === 'store')
  return (
    parallel &&
    extent >= count &&
    stores.length > 0 &&
    new Set(stores.map(({ buffer }) => buffer)).size === stores.length &&
    stores.every(
      (store) =>
        writer.isStreamed(store.buffer) &&
        bytesOf(store.value.dtype) >= 4 &&
        storesNeighbours(index, store),
    )
  )
}

/** When elements may be sent where they go. */
const conditionsOf = (writer: Writer, { store, target }: Gathered): readonly string[] => {
  const name = writer.buffer(store.buffer)
  // a result may have taken over the memory of an argument, whose lines are in the caches
  const apart = [...writer.read].map((from) => `(void *)${name} != (void *)${writer.buffer(from)}`)
  return [`begins_line(${target})`, ...apart]
}

/**
 * A loop that sends its results to memory, as far as it can; the plain loop comes after it and does what is left, from where
 * the index then is. Null where the loop does nothing of the kind. `write` writes statements other than stores.
 */
export const writeStreaming = (
  writer: Writer,
  statement: Of<'for'>,
  [from, to]: readonly [from: string, to: string],
  write: Block,
): readonly string[] | null => {
  if (!canStream(writer, statement)) return null
  const i = indexName(statement.index)
  const [first, j] = [writer.fresh(), writer.fresh()]
  const { gathered, lines } = gatherStores(writer, statement.body, j, write)
  const conditions = gathered.flatMap((one) => conditionsOf(writer, one))
  return [
    `int64_t ${i} = ${from};`,
    `if (${conditions.join(' && ')}) {`,
    ...indented([
      `for (; ${i} + ${count} <= ${to}; ${i} += ${count}) {`,
      ...indented([
        ...declareGathered(gathered, count),
        `const int64_t ${first} = ${i};`,
        'INDEPENDENT',
        `for (int64_t ${j} = 0; ${j} < ${count}; ${j}++) {`,
        `  const int64_t ${i} = ${first} + ${j};`,
        ...indented(lines),
        '}',
        ...gathered.map(({ local, target }) => `send_lines(${target}, ${local}, sizeof ${local});`),
      ]),
      '}',
      'end_sending();',
    ]),
    '}',
  ]
}
