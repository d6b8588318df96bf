/** The machine's C compiler: which one it is, what the processor has, and how files are compiled. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { BackendUnavailable } from './unavailable.ts'

/** A compiler that works. */
export interface Compiler {
  readonly command: string
  /** First line of its version, part of every cache key. */
  readonly version: string
  /** Flags that name the target. */
  readonly target: readonly string[]
  /** Macros the target defines (`__AVX512F__`), which decide tile shapes. */
  readonly macros: ReadonlySet<string>
}

/** Commands to try: what `CC` names, as build tools read it, comes first. */
const candidates = (): readonly string[] => {
  const { CC } = process.env
  const usual = ['cc', 'gcc', 'clang']
  return CC === undefined || CC === '' ? usual : [CC, ...usual]
}

/**
 * Flags that name this machine's processor, the best first. On ARM `-mcpu` also chooses how instructions are ordered, but older
 * clangs know neither of the two there, and compilers for another architecture none at all.
 */
const ownTargets: readonly (readonly string[])[] =
  process.arch === 'x64' ? [['-march=native'], []] : [['-mcpu=native'], ['-march=native'], []]

const output = (command: string, args: readonly string[], input = ''): string | null => {
  const { status, stdout, error } = spawnSync(command, args, { encoding: 'utf8', input })
  return error === undefined && status === 0 ? stdout : null
}

const probe = (command: string, target: readonly string[]): Compiler | null => {
  const version = output(command, ['--version'])
  const macros = output(command, [...target, '-dM', '-E', '-x', 'c', '-'])
  if (version === null || macros === null) return null
  const names = macros.split('\n').map((line) => line.split(' ')[1] ?? '')
  return { command, target, version: version.split('\n')[0]!, macros: new Set(names) }
}

/** The first compiler that answers. `target` names a processor (`-march=x86-64-v3`); this machine's by default. */
export const findCompiler = ({
  compilers = candidates(),
  target,
}: {
  readonly compilers?: readonly string[]
  readonly target?: readonly string[]
} = {}): E.Either<BackendUnavailable, Compiler> => {
  const targets = target === undefined ? ownTargets : [target]
  for (const command of compilers) {
    for (const flags of targets) {
      const found = probe(command, flags)
      if (found !== null) return E.right(found)
    }
  }
  return E.left({ _tag: 'CompilerMissing', tried: compilers })
}

/**
 * What a file is: products and sums of programs are rounded one by one, those of the runtime's contractions are fused. A
 * `large` program is compiled with fewer passes, in a third of the time; loops still run on vectors.
 */
export type Role = 'program' | 'large' | 'runtime'

const optimization = (isClang: boolean, role: Role): readonly string[] => {
  if (role !== 'large') return ['-O3']
  return isClang ? ['-O2'] : ['-O1', '-ftree-vectorize', '-fvect-cost-model=dynamic']
}

/** Flags of a role. */
export const flagsOf = ({ target, macros }: Compiler, role: Role): readonly string[] => [
  '-std=gnu11',
  ...optimization(macros.has('__clang__'), role),
  '-shared',
  '-fPIC',
  '-pthread',
  '-fwrapv',
  '-fno-strict-aliasing',
  '-fno-math-errno',
  '-fno-trapping-math',
  `-ffp-contract=${role === 'runtime' ? 'fast' : 'off'}`,
  ...target,
  ...(macros.has('__AVX512F__') ? ['-mprefer-vector-width=512'] : []),
]

const argumentsOf = (
  compiler: Compiler,
  role: Role,
  sources: readonly string[],
  object: string,
): readonly string[] => [...flagsOf(compiler, role), '-o', object, ...sources]

/** Compiles one C file to a shared object; the left is what the compiler said. */
export const compileFile = (
  compiler: Compiler,
  role: Role,
  sources: readonly string[],
  object: string,
): E.Either<string, void> => {
  const args = argumentsOf(compiler, role, sources, object)
  const { status, stderr, error } = spawnSync(compiler.command, args, { encoding: 'utf8' })
  return status === 0 ? E.right(undefined) : E.left(error?.message ?? stderr)
}

/** Asks how compiling went: null while it is not over. */
export type Pending<T> = () => E.Either<string, T> | null

/**
 * Starts compiling in another process. Its end shows as a file, since a training loop that never returns to the event
 * loop would not hear of it otherwise. `folder` is for this compilation alone.
 */
export const startCompiling = (
  compiler: Compiler,
  role: Role,
  {
    sources,
    object,
    folder,
  }: { readonly sources: readonly string[]; readonly object: string; readonly folder: string },
): Pending<void> => {
  const [said, ended] = [join(folder, 'said'), join(folder, 'ended')]
  const script = '"$@" 2> "$SAID"; echo $? > "$ENDED.new"; mv "$ENDED.new" "$ENDED"'
  const args = [
    '-c',
    script,
    'sh',
    compiler.command,
    ...argumentsOf(compiler, role, sources, object),
  ]
  const env = { ...process.env, SAID: said, ENDED: ended }
  spawn('sh', args, { stdio: 'ignore', env })
    // where no process can be started, there is never an end
    .on('error', () => undefined)
    .unref()
  return () => {
    if (!existsSync(ended)) return null
    return readFileSync(ended, 'utf8').trim() === '0'
      ? E.right(undefined)
      : E.left(readFileSync(said, 'utf8'))
  }
}
