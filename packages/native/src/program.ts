/** A program as one C file: a function per kernel form, and one that runs the steps on every thread of a team. */
import { type Buffer, bytesOf, type Program, type Step, workOfSteps } from '@rootstock/core/backend'
import { writeKernel } from './kernel.ts'

/** A rendered program and how it is called. */
export interface ProgramText {
  readonly source: string
  /** Bytes of the arena, with room for exchanged carries and partial results. */
  readonly arenaBytes: number
  /** Positions in the table of pointers: the arena comes first, then these buffers. */
  readonly external: readonly number[]
  /** False when the whole program is too short to wake a second thread for. */
  readonly worthThreads: boolean
}

/** Work of a whole program below which it stays on the caller's thread. */
const shortest = 120_000

interface Piece {
  readonly lines: readonly string[]
  /** True when only the first thread has something to do. */
  readonly serial: boolean
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

const barrier = 'runtime->barrier(worker);'

/** Pieces one after another: neighbours for one thread stand under one condition, others are parted by barriers. */
const join = (pieces: readonly Piece[]): Piece => {
  if (pieces.every(({ serial }) => serial)) {
    return { lines: pieces.flatMap(({ lines }) => lines), serial: true }
  }
  const lines: string[] = []
  for (let i = 0; i < pieces.length; ) {
    if (i > 0) lines.push(barrier)
    const end = pieces[i]!.serial ? pieces.findIndex(({ serial }, k) => k > i && !serial) : i + 1
    const group = pieces.slice(i, end < 0 ? pieces.length : end)
    const own = group.flatMap((piece) => piece.lines)
    lines.push(...(group[0]!.serial ? ['if (worker->thread == 0) {', ...indented(own), '}'] : own))
    i += group.length
  }
  return { lines, serial: false }
}

interface Rendering {
  readonly program: Program
  /** Kernel functions by text. */
  readonly functions: Map<string, string>
  /** What follows the arena: exchanged carries and partial results, never at the same time. */
  scratchBytes: number
  loops: number
}

const bytesIn = ({ dtype, length }: Buffer): number => bytesOf(dtype) * length

const padded = (bytes: number): number => Math.ceil(bytes / 64) * 64

const renderKernel = (
  rendering: Rendering,
  { kernel }: Extract<Step, { kind: 'kernel' }>,
): Piece => {
  const { buffers: all } = rendering.program
  const { text, buffers, partials, serial } = writeKernel(kernel, {
    dtypeOf: (buffer) => all[buffer]!.dtype,
    mayShare: (read, written) =>
      read === written ||
      (all[read]?.place.kind === 'input' && all[written]?.place.kind === 'output'),
  })
  const name = rendering.functions.get(text) ?? `kernel_${rendering.functions.size}`
  rendering.functions.set(text, name)
  let bytes = 0
  const places = partials.map(({ dtype, length }) => {
    const place = `scratch + ${bytes}`
    bytes += padded(bytesOf(dtype) * length)
    return place
  })
  rendering.scratchBytes = Math.max(rendering.scratchBytes, bytes)
  const pointers = buffers.map((buffer) => (buffer < 0 ? places[-1 - buffer]! : `b[${buffer}]`))
  return {
    lines: [`${name}(worker, (void *[]){${pointers.join(', ')}}); // ${kernel.name}`],
    serial,
  }
}

const renderCarries = (
  rendering: Rendering,
  carries: Extract<Step, { kind: 'loop' }>['carries'],
): string[] => {
  const { buffers } = rendering.program
  const move = (to: string, from: string, buffer: number) =>
    `memcpy(${to}, ${from}, ${bytesIn(buffers[buffer]!)});`
  const targets = new Set(carries.map(({ to }) => to))
  if (!carries.some(({ from }) => targets.has(from))) {
    return carries.map(({ from, to }) => move(`b[${to}]`, `b[${from}]`, from))
  }
  // all are read before any is written: two may exchange their values
  let at = 0
  const places = carries.map(({ from }) => {
    const place = `scratch + ${at}`
    at += padded(bytesIn(buffers[from]!))
    return place
  })
  rendering.scratchBytes = Math.max(rendering.scratchBytes, at)
  return [
    ...carries.map(({ from }, i) => move(places[i]!, `b[${from}]`, from)),
    ...carries.map(({ to }, i) => move(`b[${to}]`, places[i]!, to)),
  ]
}

const renderLoop = (rendering: Rendering, step: Extract<Step, { kind: 'loop' }>): Piece => {
  const t = `t${rendering.loops++}`
  const { buffers } = rendering.program
  const slices = step.slices.map(({ buffer, source, stride }) => {
    const bytes = bytesOf(buffers[buffer]!.dtype) * stride
    return `b[${buffer}] = (char *)b[${source}] + ${t} * ${bytes};`
  })
  const carries = renderCarries(rendering, step.carries)
  const body = join([
    ...step.body.map((inner) => renderStep(rendering, inner)),
    ...(carries.length === 0 ? [] : [{ lines: carries, serial: true }]),
  ])
  const head = step.reverse
    ? `for (int64_t ${t} = ${step.count} - 1; ${t} >= 0; ${t}--) {`
    : `for (int64_t ${t} = 0; ${t} < ${step.count}; ${t}++) {`
  const inner = [...slices, ...body.lines, ...(body.serial ? [] : [barrier])]
  return { lines: [head, ...indented(inner), '}'], serial: body.serial }
}

const renderBranch = (rendering: Rendering, step: Extract<Step, { kind: 'branch' }>): Piece => {
  const [then, otherwise] = [step.then, step.otherwise].map((steps) =>
    join(steps.map((inner) => renderStep(rendering, inner))),
  ) as [Piece, Piece]
  const serial = then.serial && otherwise.serial
  const type = rendering.program.buffers[step.predicate]!.dtype === 'bool' ? 'uint8_t' : 'int32_t'
  const alone = (piece: Piece) =>
    serial || !piece.serial ? piece.lines : ['if (worker->thread == 0) {', ...piece.lines, '}']
  return {
    lines: [
      '{',
      `  const int chosen = *(const ${type} *)b[${step.predicate}] != 0;`,
      // nobody overwrites the predicate before everybody has read it
      ...(serial ? [] : [`  ${barrier}`]),
      '  if (chosen) {',
      ...indented(indented(alone(then))),
      '  } else {',
      ...indented(indented(alone(otherwise))),
      '  }',
      '}',
    ],
    serial,
  }
}

const renderStep = (rendering: Rendering, step: Step): Piece => {
  switch (step.kind) {
    case 'kernel':
      return renderKernel(rendering, step)
    case 'copy': {
      const bytes = bytesIn(rendering.program.buffers[step.from]!)
      return { lines: [`memcpy(b[${step.to}], b[${step.from}], ${bytes});`], serial: true }
    }
    case 'loop':
      return renderLoop(rendering, step)
    case 'branch':
      return renderBranch(rendering, step)
  }
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

/** Renders a program. The text of `headers` (scalar.h and runtime.h) comes first. */
export const writeProgram = (program: Program, headers: string): ProgramText => {
  const rendering: Rendering = { program, functions: new Map(), scratchBytes: 0, loops: 0 }
  const { lines, serial } = join(program.steps.map((step) => renderStep(rendering, step)))
  const { external, lines: places } = placeBuffers(program)
  const scratch = padded(program.arenaBytes)
  const functions = [...rendering.functions].map(
    ([text, name]) => `static void ${name}(const rs_worker *worker, void *const *b) ${text}`,
  )
  const source = [
    headers,
    '#include <string.h>',
    'static const rs_runtime *runtime;',
    'void rs_bind(const rs_runtime *table) { runtime = table; }',
    ...functions,
    'static void steps(const rs_worker *worker, void *argument) {',
    '  void *const *const table = argument;',
    '  char *const arena = table[0];',
    ...(rendering.scratchBytes > 0 ? [`  char *const scratch = arena + ${scratch};`] : []),
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
    arenaBytes: scratch + rendering.scratchBytes,
    worthThreads: !serial && workOfSteps(program.steps) > shortest,
  }
}
