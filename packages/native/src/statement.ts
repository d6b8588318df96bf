/** Statements of the loop IR as C. Loops without dependences are marked, and the compiler runs them on vectors. */
import type { Panel, Statement, Walk } from '@rootstock/core/backend'
import { writeHalves } from './halves.ts'
import { scalarType } from './literal.ts'
import { writeReduce } from './reduction.ts'
import { indexName, localName } from './scalar.ts'
import { writeShortRows } from './shortRows.ts'
import { writeStreaming } from './stream.ts'
import { type Block, indented, isPlain, type Of, scoped, type Writer } from './writer.ts'

/** Statements of a block. */
export const writeBlock = (writer: Writer, statements: readonly Statement[]): string[] =>
  statements.flatMap((statement) => writeStatement(writer, statement))

const writeFor = (writer: Writer, statement: Of<'for'>): string[] => {
  const { index, extent, parallel, body } = statement
  const i = indexName(index)
  const write: Block = (inner) => writeBlock(writer, inner)
  const range = writer.range(statement, 'iterations')
  const loop = (from: string, to: string): readonly string[] => {
    const short = writeShortRows(writer, statement, [from, to], write)
    if (short !== null) return short
    const isInnermost = body.every(isPlain)
    const plain = (start: string): string[] => [
      ...(parallel && isInnermost ? ['INDEPENDENT'] : []),
      `for (${start}; ${i} < ${to}; ${i}++) {`,
      ...indented(write(body)),
      '}',
    ]
    const special = isInnermost ? writeStreaming : writeHalves
    const before = special(writer, statement, [from, to], write)
    return before === null
      ? plain(`int64_t ${i} = ${from}`)
      : ['{', ...indented([...before, ...plain('')]), '}']
  }
  if (range === null) return [...loop('0', String(extent))]
  // bounds in locals: read through a pointer that a store might change, they would keep the loop from vectors
  const [from, to] = [writer.fresh(), writer.fresh()]
  return [`const int64_t ${from} = ${range[0]}, ${to} = ${range[1]};`, ...loop(from, to)]
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
      return writeReduce(writer, statement, (inner) => writeBlock(writer, inner))
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
