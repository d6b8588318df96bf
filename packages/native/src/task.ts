/**
 * Tasks: phases of kernels, and what they touch. Threads divide a task into runs of its iterations; where each iteration keeps
 * to places of its own in a buffer, a run keeps to a run of the buffer.
 */
import type { DType } from '@rootstock/core'
import {
  type Access,
  bytesOf,
  contractionAxes,
  extentsOf,
  type Kernel,
  loadsOf,
  type Partials,
  phasesOf,
  type Statement,
  splitFolds,
  storesOf,
  workOf,
} from '@rootstock/core/backend'

/** What is divided: iterations of a loop, rows or columns of a product. */
export interface Division {
  readonly statement: Statement
  readonly by: 'iterations' | 'rows' | 'columns'
  readonly extent: number
}

/** A buffer that a task reads or writes. Iterations keep to so many `bytes` each, one after another, or to nothing: null. */
export interface Touch {
  readonly buffer: number
  readonly isWrite: boolean
  readonly bytes: number | null
}

/** A phase of a kernel. */
export interface Task {
  readonly name: string
  readonly statements: readonly Statement[]
  /** Null where one thread must do it. */
  readonly division: Division | null
  readonly touches: readonly Touch[]
  readonly work: number
}

type Contraction = Extract<Statement, { readonly kind: 'contract' }>

/** Rows enough to be divided. */
const leastRows = 16

/**
 * A product is divided by rows, as what precedes and follows it mostly is, unless this would copy far more than dividing it by
 * columns: each thread packs all of the other operand.
 */
const divisionOfContraction = (statement: Contraction): Division => {
  const { rows, columns } = statement
  return rows >= leastRows && 8 * rows >= columns
    ? { statement, by: 'rows', extent: rows }
    : { statement, by: 'columns', extent: columns }
}

/** How many elements each iteration keeps to; null where iterations may meet. */
const strideOf = (
  { at }: Access,
  index: number,
  extents: ReadonlyMap<number, number>,
): number | null => {
  let stride = 0
  let [low, high] = [at.base, at.base]
  for (const term of at.terms) {
    if (term.index === index) stride += term.stride
    else {
      const reach = term.stride * ((extents.get(term.index) ?? Infinity) - 1)
      low += Math.min(0, reach)
      high += Math.max(0, reach)
    }
  }
  return at.offset === undefined && low >= 0 && high < stride ? stride : null
}

const indexOf = ({ statement, by }: Division): number => {
  if (by === 'rows') return contractionAxes.row
  return statement.kind === 'for' ? statement.index : contractionAxes.column
}

/** The tasks of a kernel, and the memory that partial results take. */
export const tasksOf = (
  given: Kernel,
  dtypeOf: (buffer: number) => DType,
): { readonly tasks: readonly Task[]; readonly partials: readonly Partials[] } => {
  const { kernel, partials } = splitFolds(given)
  const phases = phasesOf(kernel, 0) ?? [{ kind: 'first', statements: kernel.body } as const]
  const typeOf = (buffer: number): DType =>
    buffer < 0 ? partials[-1 - buffer]!.dtype : dtypeOf(buffer)
  // computed again in each phase: a thread that comes late must not read what may have been overwritten
  const common: Statement[] = []
  const tasks = phases.flatMap(({ kind, ...phase }): Task[] => {
    if (kind === 'all') {
      common.push(...phase.statements)
      return []
    }
    const statements = [...common, ...phase.statements]
    const [first] = phase.statements
    const division: Division | null =
      first?.kind === 'contract'
        ? divisionOfContraction(first)
        : 'loop' in phase
          ? { statement: phase.loop, by: 'iterations', extent: phase.loop.extent }
          : null
    const extents = extentsOf(statements)
    const touch = (access: Access, isWrite: boolean): Touch => {
      const stride = division === null ? null : strideOf(access, indexOf(division), extents)
      const { buffer } = access
      return { buffer, isWrite, bytes: stride === null ? null : stride * bytesOf(typeOf(buffer)) }
    }
    const touches = [
      ...loadsOf(statements).map((access) => touch(access, false)),
      ...storesOf(statements).map((access) => touch(access, true)),
    ]
    return [{ name: kernel.name, statements, division, touches, work: workOf(phase.statements) }]
  })
  return { tasks, partials }
}
