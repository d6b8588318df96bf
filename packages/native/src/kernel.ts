/** A kernel as a C function of its buffers, numbered in the order of their first use so that equal kernels have equal text. */
import type { DType } from '@rootstock/core'
import {
  type Kernel,
  needsBarrier,
  type Partials,
  type Phase,
  phasesOf,
  type Statement,
  splitFolds,
} from '@rootstock/core/backend'
import { elementType } from './literal.ts'
import { type Writer, writeBlock } from './statement.ts'

/** A function for kernels of one form. */
export interface KernelText {
  /** Everything after the name, a key for equal kernels. */
  readonly text: string
  /** Program buffers in the order of the function's pointers; -1 - k stands for the k-th of `partials`. */
  readonly buffers: readonly number[]
  /** Scratch memory that the kernel needs. */
  readonly partials: readonly Partials[]
  /** True when only the first thread has something to do. */
  readonly serial: boolean
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

/** Work below which a barrier costs more than a second thread saves. */
const smallest = 30_000

/** Elements per cache line, at least: threads divide innermost loops at such boundaries. */
const grain = 64

const rangeOf = ({ extent, body }: Extract<Statement, { kind: 'for' }>) => {
  const isNested = body.some(
    ({ kind }) => kind === 'for' || kind === 'reduce' || kind === 'contract',
  )
  const part = (thread: string) =>
    isNested || extent < 8 * grain
      ? `INT64_C(${extent}) * ${thread} / worker->threads`
      : `INT64_C(${Math.floor(extent / grain)}) * ${thread} / worker->threads * ${grain}`
  const last = `(worker->thread + 1 == worker->threads ? ${extent} : ${part('(worker->thread + 1)')})`
  return [part('worker->thread'), last] as const
}

const writePhase = (writer: Omit<Writer, 'range' | 'worker'>, phase: Phase): string[] => {
  const divided = phase.kind === 'divided' ? phase.loop : null
  const lines = writeBlock(
    {
      ...writer,
      worker: phase.kind === 'team' ? 'worker' : '&alone',
      range: (statement) => (statement === divided ? rangeOf(divided) : null),
    },
    phase.statements,
  )
  return phase.kind === 'first' ? ['if (worker->thread == 0) {', ...indented(lines), '}'] : lines
}

const mentionsContract = (statements: readonly Statement[]): boolean =>
  JSON.stringify(statements, (key, value) => (key === 'value' ? undefined : value)).includes(
    '"contract"',
  )

/** What a kernel needs to know of the program's buffers. */
export interface Buffers {
  readonly dtypeOf: (buffer: number) => DType
  /** True when writing one buffer may change what is read from another. */
  readonly mayShare: (read: number, written: number) => boolean
}

/** The function of a kernel. */
export const writeKernel = (given: Kernel, { dtypeOf, mayShare }: Buffers): KernelText => {
  const positions = new Map<number, number>()
  let names = 0
  const writer = {
    fresh: () => `t${names++}`,
    buffer: (buffer: number) => {
      const position = positions.get(buffer) ?? positions.size
      positions.set(buffer, position)
      return `b${position}`
    },
  }
  const { kernel, partials } = splitFolds(given)
  const phases = phasesOf(kernel, smallest)
  const lines: string[] = []
  if (phases === null) {
    lines.push(...writeBlock({ ...writer, worker: '&alone', range: () => null }, kernel.body))
  }
  let since = 0
  phases?.forEach((phase, i) => {
    if (needsBarrier(phases.slice(since, i), phase, mayShare)) {
      lines.push('runtime->barrier(worker);')
      since = i
    }
    lines.push(...writePhase(writer, phase))
  })
  const pointers = [...positions].map(([buffer, position]) => {
    const type = elementType[buffer < 0 ? partials[-1 - buffer]!.dtype : dtypeOf(buffer)]
    return `${type} *const b${position} = b[${position}];`
  })
  const alone = mentionsContract(kernel.body) ? ['const rs_worker alone = runtime->alone();'] : []
  const text = ['{', ...indented([...pointers, ...alone, ...lines]), '}'].join('\n')
  return { text, buffers: [...positions.keys()], partials, serial: phases === null }
}
