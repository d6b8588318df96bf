/** A kernel as a C function of its buffers, numbered in the order of their first use so that equal kernels have equal text. */
import type { DType } from '@rootstock/core'
import type { Kernel, Statement } from '@rootstock/core/backend'
import { elementType } from './literal.ts'
import { type Phase, phasesOf } from './share.ts'
import { type Writer, writeBlock } from './statement.ts'

/** A function for kernels of one form. */
export interface KernelText {
  /** Everything after the name, a key for equal kernels. */
  readonly text: string
  /** Program buffers in the order of the function's pointers. */
  readonly buffers: readonly number[]
  /** True when only the first thread has something to do. */
  readonly serial: boolean
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

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
    [phase.statement],
  )
  return phase.kind === 'first' ? ['if (worker->thread == 0) {', ...indented(lines), '}'] : lines
}

const mentionsContract = (statements: readonly Statement[]): boolean =>
  JSON.stringify(statements, (key, value) => (key === 'value' ? undefined : value)).includes(
    '"contract"',
  )

/** The function of a kernel. `dtypeOf` tells a buffer's element type. */
export const writeKernel = (kernel: Kernel, dtypeOf: (buffer: number) => DType): KernelText => {
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
  const phases = phasesOf(kernel)
  const lines: string[] = []
  if (phases === null) {
    lines.push(...writeBlock({ ...writer, worker: '&alone', range: () => null }, kernel.body))
  } else {
    phases.forEach((phase, i) => {
      if (phases.slice(0, i).some(({ kind }) => kind !== 'all') && phase.kind !== 'all') {
        lines.push('runtime->barrier(worker);')
      }
      lines.push(...writePhase(writer, phase))
    })
  }
  const pointers = [...positions].map(([buffer, position]) => {
    const type = elementType[dtypeOf(buffer)]
    return `${type} *const b${position} = b[${position}];`
  })
  const alone = mentionsContract(kernel.body) ? ['const rs_worker alone = runtime->alone();'] : []
  const text = ['{', ...indented([...pointers, ...alone, ...lines]), '}'].join('\n')
  return { text, buffers: [...positions.keys()], serial: phases === null }
}
