/** A program as one C file: a function per kernel form, and one that runs the steps on every thread of a team. */
import type { DType } from '@rootstock/core'
import {
  type Buffer,
  bytesOf,
  type Kernel,
  type Partials,
  type Program,
  type Step,
  type Takeovers,
  takeoversOf,
  workOfSteps,
} from '@rootstock/core/backend'
import { type Group, groupsOf, type Regions, regionsOf } from './group.ts'
import { type Caches, type Setting, usualCaches, writeKernel } from './kernel.ts'
import { byAll, join, type Piece, phase } from './piece.ts'
import { type Task, tasksOf } from './task.ts'
import { indented } from './writer.ts'

/** A rendered program and how it is called. */
export interface ProgramText {
  readonly source: string
  /** Bytes of the arena, with room for exchanged carries and partial results. */
  readonly arenaBytes: number
  /** Positions in the table of pointers: the arena comes first, then these buffers. */
  readonly external: readonly number[]
  /** For each output, the inputs whose memory it may take when they are donated. */
  readonly takeovers: Takeovers
  /** False when the whole program is too short to wake a second thread for. */
  readonly worthThreads: boolean
}

/** Work of a whole program below which it stays on the caller's thread. */
const shortest = 120_000

/** Work below which it costs more to share than a second thread saves. */
const smallest = 30_000

/**
 * Characters from which on functions stay functions. Within the one that calls them they are faster by a few nanoseconds each,
 * but a compiler takes up to twice as long over that one, and three to five times as long in longer programs.
 */
const long = 50_000

/** What the function of a task, or of a kernel that is not shared, is written from. */
type Own = Pick<Task, 'name' | 'statements'> & { readonly partials: readonly Partials[] }

type OwnTask = Own & Task

interface Rendering {
  readonly program: Program
  /** Null when threads do not share the program. */
  readonly regions: Regions | null
  /** Work below which it costs more to share than a second thread saves. */
  readonly smallest: number
  readonly caches: Caches
  /** Kernel functions by text. */
  readonly functions: Map<string, string>
  /** What follows the arena: exchanged carries and partial results, never at the same time. */
  scratchBytes: number
  loops: number
  /** Choices that threads share make in one run. */
  choices: number
  /** How often what is being rendered runs. */
  rounds: number
}

const bytesIn = ({ dtype, length }: Buffer): number => bytesOf(dtype) * length

const padded = (bytes: number): number => Math.ceil(bytes / 64) * 64

/** The call of a kernel's function on its buffers. */
const renderCall = (
  rendering: Rendering,
  { name, statements, partials }: Own,
  sharing: Omit<Setting, 'caches'>,
): string => {
  const { buffers: all } = rendering.program
  const { text, buffers } = writeKernel(
    statements,
    { ...sharing, caches: rendering.caches },
    (buffer) => (buffer < 0 ? partials[-1 - buffer]! : all[buffer]!),
  )
  let bytes = 0
  const places = partials.map(({ dtype, length }) => {
    const place = `scratch + ${bytes}`
    bytes += padded(bytesOf(dtype) * length)
    return place
  })
  rendering.scratchBytes = Math.max(rendering.scratchBytes, bytes)
  const known = rendering.functions.get(text) ?? `kernel_${rendering.functions.size}`
  rendering.functions.set(text, known)
  const pointers = buffers.map((buffer) => (buffer < 0 ? places[-1 - buffer]! : `b[${buffer}]`))
  return `${known}(worker, (void *[]){${pointers.join(', ')}}); // ${name}`
}

const renderGroup = (rendering: Rendering, { tasks, linked, units }: Group<OwnTask>): Piece => {
  const shared = tasks.reduce((sum, { division, work }) => sum + (division === null ? 0 : work), 0)
  const alone = { division: null, units: 0 }
  if (shared === 0 || shared < rendering.smallest) {
    return { lines: tasks.map((task) => renderCall(rendering, task, alone)), by: 'one' }
  }
  const lines = tasks.map((task) => {
    const { division } = task
    if (division === null) return `if (worker->part == 0) ${renderCall(rendering, task, alone)}`
    return renderCall(rendering, task, { division, units: linked.has(task) ? units : 0 })
  })
  return { lines, by: 'parts' }
}

const renderKernels = (rendering: Rendering, kernels: readonly Kernel[]): Piece[] => {
  const { program, regions } = rendering
  if (regions === null) {
    const alone = { division: null, units: 0 }
    return kernels.map(({ name, body }) => {
      const own = { name, statements: body, partials: [] }
      return { lines: [renderCall(rendering, own, alone)], by: 'one' }
    })
  }
  const dtypeOf = (buffer: number): DType => program.buffers[buffer]!.dtype
  const tasks = kernels.flatMap((kernel) => {
    const { tasks: own, partials } = tasksOf(kernel, dtypeOf)
    return own.map((task) => ({ ...task, partials }))
  })
  return groupsOf(tasks, regions).map((group) => renderGroup(rendering, group))
}

/** A copy of a whole buffer, which threads can share as any kernel. */
const copying = (from: number, to: number, { dtype, length }: Buffer): Kernel => {
  const at = { base: 0, terms: [{ index: 0, stride: 1 }] }
  const value = { op: 'load', dtype, buffer: from, at } as const
  const body = [{ kind: 'store', buffer: to, at, value }] as const
  return { name: 'copy', body: [{ kind: 'for', index: 0, extent: length, parallel: true, body }] }
}

type Carries = Extract<Step, { kind: 'loop' }>['carries']

/** Carries of which one is written before another is read: two may exchange their values. */
const renderExchange = (rendering: Rendering, carries: Carries): Piece => {
  const { buffers } = rendering.program
  let at = 0
  const places = carries.map(({ from }) => {
    const place = `scratch + ${at}`
    at += padded(bytesIn(buffers[from]!))
    return place
  })
  rendering.scratchBytes = Math.max(rendering.scratchBytes, at)
  const move = (to: string, from: string, buffer: number) =>
    `memcpy(${to}, ${from}, ${bytesIn(buffers[buffer]!)});`
  return {
    lines: [
      ...carries.map(({ from }, i) => move(places[i]!, `b[${from}]`, from)),
      ...carries.map(({ from, to }, i) => move(`b[${to}]`, places[i]!, from)),
    ],
    by: 'one',
  }
}

/** The steps of a loop's body and what its end has to exchange. */
const withCarries = ({ body, carries }: Extract<Step, { kind: 'loop' }>) => {
  const targets = new Set(carries.map(({ to }) => to))
  return carries.some(({ from }) => targets.has(from))
    ? { steps: body, exchanged: carries }
    : {
        steps: [...body, ...carries.map((carry) => ({ kind: 'copy', ...carry }) as const)],
        exchanged: [],
      }
}

const renderLoop = (rendering: Rendering, step: Extract<Step, { kind: 'loop' }>): Piece => {
  const t = `t${rendering.loops++}`
  const { buffers } = rendering.program
  const slices = step.slices.map(({ buffer, source, stride }) => {
    const bytes = bytesOf(buffers[buffer]!.dtype) * stride
    return `b[${buffer}] = (char *)b[${source}] + ${t} * ${bytes};`
  })
  const { steps, exchanged } = withCarries(step)
  const { rounds } = rendering
  rendering.rounds = rounds * step.count
  const body = join([
    ...renderSteps(rendering, steps),
    ...(exchanged.length === 0 ? [] : [renderExchange(rendering, exchanged)]),
  ])
  rendering.rounds = rounds
  const head = step.reverse
    ? `for (int64_t ${t} = ${step.count} - 1; ${t} >= 0; ${t}--) {`
    : `for (int64_t ${t} = 0; ${t} < ${step.count}; ${t}++) {`
  return { lines: [head, ...indented([...slices, ...body.lines]), '}'], by: body.by }
}

/** Where threads share a side, the choice is written down: one that comes late must choose alike. */
const renderBranch = (rendering: Rendering, step: Extract<Step, { kind: 'branch' }>): Piece => {
  const [then, otherwise] = [step.then, step.otherwise].map((steps) =>
    join(renderSteps(rendering, steps)),
  ) as [Piece, Piece]
  const type = rendering.program.buffers[step.predicate]!.dtype === 'bool' ? 'uint8_t' : 'int32_t'
  const predicate = `*(const ${type} *)b[${step.predicate}] != 0`
  const choice = (condition: string, sides: readonly (readonly string[])[]): string[] => [
    `if (${condition}) {`,
    ...indented(sides[0]!),
    '} else {',
    ...indented(sides[1]!),
    '}',
  ]
  if (then.by === 'one' && otherwise.by === 'one') {
    return { lines: choice(predicate, [then.lines, otherwise.lines]), by: 'one' }
  }
  rendering.choices += Math.max(1, rendering.rounds)
  return {
    lines: [
      ...phase([`choices[choice] = ${predicate};`], '1'),
      ...choice('choices[choice++]', [byAll(then), byAll(otherwise)]),
    ],
    by: 'all',
  }
}

const renderSteps = (rendering: Rendering, steps: readonly Step[]): Piece[] => {
  const pieces: Piece[] = []
  let kernels: Kernel[] = []
  const close = (): void => {
    pieces.push(...renderKernels(rendering, kernels))
    kernels = []
  }
  for (const step of steps) {
    if (step.kind === 'kernel') kernels.push(step.kernel)
    else if (step.kind === 'copy') {
      kernels.push(copying(step.from, step.to, rendering.program.buffers[step.from]!))
    } else {
      close()
      pieces.push(
        step.kind === 'loop' ? renderLoop(rendering, step) : renderBranch(rendering, step),
      )
    }
  }
  close()
  return pieces
}

const placeBuffers = ({ buffers }: Program) => {
  const external: number[] = []
  const lines = buffers.flatMap(({ place }, i) => {
    if (place.kind === 'slice') return []
    if (place.kind === 'arena') return [`b[${i}] = arena + ${place.offset};`]
    external.push(i)
    return [`b[${i}] = table[${external.length}];`]
  })
  return { external, lines }
}

/**
 * Renders a program. The text of `headers` (scalar.h and runtime.h) comes first. With `always` threads share whatever they can,
 * and results are sent past caches, even where it does not pay.
 */
export const writeProgram = (program: Program, headers: string, always = false): ProgramText => {
  const takeovers = takeoversOf(program)
  const isShared = always || workOfSteps(program.steps) > shortest
  const rendering: Rendering = {
    program,
    regions: isShared ? regionsOf(program, takeovers) : null,
    smallest: always ? 0 : smallest,
    caches: always ? { own: 0, last: 0 } : usualCaches,
    functions: new Map(),
    scratchBytes: 0,
    loops: 0,
    choices: 0,
    rounds: 1,
  }
  const { lines, by } = join(renderSteps(rendering, program.steps))
  const { external, lines: places } = placeBuffers(program)
  const { scratchBytes, choices } = rendering
  const scratch = padded(program.arenaBytes)
  const texts = [...rendering.functions]
  const isLong = texts.reduce((sum, [text]) => sum + text.length, 0) > long
  const storage = isLong ? 'static __attribute__((noinline))' : 'static'
  const functions = texts.map(
    ([text, name]) => `${storage} void ${name}(rs_worker *worker, void *const *b) ${text}`,
  )
  const source = [
    headers,
    '#include <string.h>',
    'static const rs_runtime *runtime;',
    'void rs_bind(const rs_runtime *table) { runtime = table; }',
    ...functions,
    'static void steps(rs_worker *worker, void *argument) {',
    '  void *const *const table = argument;',
    '  char *const arena = table[0];',
    ...(scratchBytes > 0 ? [`  char *const scratch = arena + ${scratch};`] : []),
    ...(choices > 0 ? [`  char *const choices = arena + ${scratch + scratchBytes};`] : []),
    ...(choices > 0 ? ['  int64_t choice = 0;'] : []),
    `  void *b[${Math.max(1, program.buffers.length)}];`,
    ...indented(places),
    ...indented(lines),
    '  (void)worker, (void)arena, (void)b;',
    '}',
    'void rs_program(void **table, int threads) { runtime->run(steps, table, threads); }',
    '',
  ].join('\n')
  return {
    source,
    external,
    takeovers,
    arenaBytes: scratch + scratchBytes + choices,
    worthThreads: by === 'all',
  }
}
