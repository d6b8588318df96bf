/**
 * Programs as text, for people and snapshots. Expressions are written as in JavaScript, with its precedence; a node that
 * is used more than once gets a line of its own, since it is evaluated once. Buffers are named by their place: `in0`,
 * `out0`, `const0`, `t3` (arena) and `s4` (slice); the last two by buffer number.
 */
import type { DType } from '../dtype.ts'
import type {
  Address,
  BinaryOp,
  Buffer,
  Panel,
  Program,
  Scalar,
  Statement,
  Step,
  Walk,
} from './loop.ts'
import { strideOfWalk } from './walk.ts'

type Lines = readonly string[]
type Composite = Extract<Scalar, { args: unknown }>

const indent = (lines: Lines): string[] => lines.map((line) => `  ${line}`)

const bufferName = ({ place }: Buffer, number: number): string =>
  place.kind === 'arena'
    ? `t${number}`
    : place.kind === 'slice'
      ? `s${number}`
      : `${{ input: 'in', output: 'out', constant: 'const' }[place.kind]}${place.position}`

/** Shortest decimal that rounds to the same float32. */
const float32Text = (x: number): string => {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(x.toPrecision(digits))
    if (Math.fround(text) === Math.fround(x)) return String(text)
  }
  return String(Math.fround(x))
}

const constantText = (dtype: DType, value: number): string => {
  if (dtype === 'bool') return String(value !== 0)
  const text = Object.is(value, -0)
    ? '-0'
    : dtype === 'float32'
      ? float32Text(value)
      : String(value)
  const whole = dtype !== 'int32' && /^-?\d+$/.test(text) ? `${text}.0` : text
  return dtype === 'float64' && Number.isFinite(value) ? `${whole}d` : whole
}

/** Operators with their precedence; what is not here is written as a function. */
const infix: { readonly [Op in BinaryOp]?: readonly [symbol: string, precedence: number] } = {
  or: ['|', 1],
  xor: ['^', 2],
  and: ['&', 3],
  eq: ['==', 4],
  lt: ['<', 5],
  le: ['<=', 5],
  shl: ['<<', 6],
  shr: ['>>>', 6],
  add: ['+', 7],
  sub: ['-', 7],
  mul: ['*', 8],
  div: ['/', 8],
  rem: ['%', 8],
}
const prefixPrecedence = 9

const indexText = (address: string): string => (/^\w+$/.test(address) ? address : `(${address})`)

/** How often each node is used inside a statement's expressions. */
const countUses = (roots: readonly Scalar[]): ReadonlyMap<Scalar, number> => {
  const uses = new Map<Scalar, number>()
  const todo = [...roots]
  for (let x = todo.pop(); x !== undefined; x = todo.pop()) {
    const before = uses.get(x) ?? 0
    uses.set(x, before + 1)
    if (before > 0) continue
    if ('args' in x) todo.push(...x.args)
    else if ('at' in x && x.at.offset !== undefined) todo.push(x.at.offset)
  }
  return uses
}

/** Writes the expressions of one statement; `shared` collects the lines of nodes used more than once. */
const createWriter = (names: readonly string[], roots: readonly Scalar[]) => {
  const uses = countUses(roots)
  const known = new Map<Scalar, string>()
  const shared: string[] = []

  const address = ({ base, terms, offset }: Address): string => {
    const parts = terms.map(({ index, stride }) =>
      stride === 1 ? `i${index}` : `${stride} i${index}`,
    )
    if (offset !== undefined) parts.push(text(offset, 8))
    if (base !== 0 || parts.length === 0) parts.push(String(base))
    return parts.join(' + ').replaceAll('+ -', '- ')
  }

  const composite = (x: Composite, outer: number): string => {
    const [first, second, third] = x.args
    const wrap = (written: string, own: number) => (own < outer ? `(${written})` : written)
    if (x.op === 'select') {
      return wrap(`${text(first, 1)} ? ${text(second!, 1)} : ${text(third!, 0)}`, 0)
    }
    const operator = infix[x.op as BinaryOp]
    if (operator !== undefined) {
      const [symbol, own] = operator
      return wrap(`${text(first, own)} ${symbol} ${text(second!, own + 1)}`, own)
    }
    if (x.op === 'neg') return wrap(`-${text(first, prefixPrecedence)}`, prefixPrecedence)
    if (x.op === 'not') return wrap(`!${text(first, prefixPrecedence)}`, prefixPrecedence)
    const name = x.op === 'convert' ? x.dtype : x.op
    return `${name}(${x.args.map((arg) => text(arg, 0)).join(', ')})`
  }

  const written = (x: Scalar, outer: number): string => {
    if (x.op === 'const') return constantText(x.dtype, x.value)
    if (x.op === 'local') return `v${x.id}`
    if (x.op === 'index') return indexText(address(x.at))
    if (x.op === 'load') return `${names[x.buffer]}[${address(x.at)}]`
    return composite(x, outer)
  }

  const text = (x: Scalar, outer: number): string => {
    const name = known.get(x)
    if (name !== undefined) return name
    if ((uses.get(x) ?? 0) < 2 || x.op === 'const' || x.op === 'local') return written(x, outer)
    const line = written(x, 0)
    const fresh = `x${known.size}`
    known.set(x, fresh)
    shared.push(`${fresh} = ${line}`)
    return fresh
  }
  return { text: (x: Scalar): string => text(x, 0), address, shared }
}

/** The stride of a walk, or `count x stride` of each of its nested steps. */
const walkText = (walk: Walk): string =>
  strideOfWalk(walk)?.toString() ??
  `(${walk.map(({ count, stride }) => `${count} x ${stride}`).join(', ')})`

const panelText = (
  names: readonly string[],
  { buffer, rows, columns }: Panel,
  at: string,
): string => `${names[buffer]}[${at}; ${walkText(rows)}, ${walkText(columns)}]`

const statementLines = (names: readonly string[], statement: Statement): string[] => {
  const block = (body: readonly Statement[]) =>
    indent(body.flatMap((inner) => statementLines(names, inner)))
  const write = (
    roots: readonly (Scalar | undefined)[],
    line: (writer: ReturnType<typeof createWriter>) => string,
  ): string[] => {
    const writer = createWriter(
      names,
      roots.filter((x) => x !== undefined),
    )
    const last = line(writer)
    return [...writer.shared, last]
  }
  switch (statement.kind) {
    case 'let':
    case 'var':
      return write([statement.value], ({ text }) => {
        const { kind, id, value } = statement
        return `${kind} v${id}: ${value.dtype} = ${text(value)}`
      })
    case 'set':
      return write([statement.value], ({ text }) => `v${statement.id} = ${text(statement.value)}`)
    case 'store':
      return write([statement.value, statement.at.offset], ({ text, address }) => {
        const { buffer, at, value } = statement
        const right = text(value)
        return `${names[buffer]}[${address(at)}] = ${right}`
      })
    case 'for': {
      const { index, extent, parallel, body } = statement
      return [`${parallel ? 'parallel ' : ''}for i${index} < ${extent}`, ...block(body)]
    }
    case 'reduce': {
      const { id, op, dtype, order, index, extent, body, value } = statement
      const head = `let v${id}: ${dtype} = reduce ${op} in ${order} for i${index} < ${extent}`
      const yields = write([value], ({ text }) => `yield ${text(value)}`)
      return [head, ...block(body), ...indent(yields)]
    }
    case 'while':
      return [
        ...write([statement.condition], ({ text }) => `while ${text(statement.condition)}`),
        ...block(statement.body),
      ]
    case 'if': {
      const { condition, then, otherwise } = statement
      const head = write([condition], ({ text }) => `if ${text(condition)}`)
      return [
        ...head,
        ...block(then),
        ...(otherwise.length === 0 ? [] : ['else', ...block(otherwise)]),
      ]
    }
    case 'contract': {
      const { dtype, rows, columns, depth, a, b, c } = statement
      return write([a.at.offset, b.at.offset, c.at.offset], ({ address }) => {
        const panel = (x: Panel) => panelText(names, x, address(x.at))
        return `${panel(c)} = ${panel(a)} @ ${panel(b)} of ${dtype}, ${rows} x ${depth} x ${columns}`
      })
    }
  }
}

const stepLines = (names: readonly string[], step: Step): string[] => {
  const block = (steps: readonly Step[]) =>
    indent(steps.flatMap((inner) => stepLines(names, inner)))
  switch (step.kind) {
    case 'kernel':
      return [
        `kernel ${step.kernel.name}`,
        ...indent(step.kernel.body.flatMap((statement) => statementLines(names, statement))),
      ]
    case 'copy':
      return [`copy ${names[step.from]} to ${names[step.to]}`]
    case 'loop': {
      const slices = step.slices.map(
        ({ buffer, source, stride }) => `${names[buffer]} = ${stride} of ${names[source]}`,
      )
      const carries = step.carries.map(({ from, to }) => `carry ${names[from]} to ${names[to]}`)
      return [
        `loop ${step.count} times${step.reverse ? ', reversed' : ''}`,
        ...indent(slices),
        ...block(step.body),
        ...indent(carries),
      ]
    }
    case 'branch':
      return [
        `branch on ${names[step.predicate]}`,
        ...block(step.then),
        'else',
        ...block(step.otherwise),
      ]
  }
}

/**
 * A program as text: one line for its buffers with their lengths, then its steps.
 * @example
 * ```ts
 * import { add, lower, placeholder, printProgram, type Tensor, trace } from '@rootstock/core'
 * const { graph } = trace((x: Tensor) => add(x, 1))(placeholder([4]))
 * console.log(printProgram(lower(graph)))
 * ```
 */
export const printProgram = ({ buffers, arenaBytes, steps }: Program): string => {
  const names = buffers.map(bufferName)
  const listed = buffers.map(({ dtype, length, place }, i) => {
    const where = place.kind === 'arena' ? ` at ${place.offset}` : ''
    return `${names[i]}: ${dtype}[${length}]${where}`
  })
  const arena = arenaBytes === 0 ? [] : [`arena ${arenaBytes} bytes`]
  return [
    `buffers ${listed.join(', ')}`.trimEnd(),
    ...arena,
    ...steps.flatMap((step) => stepLines(names, step)),
  ].join('\n')
}
