/** The machine's C compiler: which one it is, what the processor has, and how files are compiled. */
import { spawnSync } from 'node:child_process'
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

const candidates = ['cc', 'gcc', 'clang'] as const

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
  compilers = candidates,
  target = ['-march=native'],
}: {
  readonly compilers?: readonly string[]
  readonly target?: readonly string[]
} = {}): E.Either<BackendUnavailable, Compiler> => {
  for (const command of compilers) {
    const found = probe(command, target)
    if (found !== null) return E.right(found)
  }
  return E.left({ _tag: 'CompilerMissing', tried: compilers })
}

/** What a file is: products and sums of programs are rounded one by one, those of the runtime's contractions are fused. */
export type Role = 'program' | 'runtime'

/** Flags of a role. */
export const flagsOf = ({ target, macros }: Compiler, role: Role): readonly string[] => [
  '-std=gnu11',
  '-O3',
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

/** Compiles one C file to a shared object; the left is what the compiler said. */
export const compileFile = (
  compiler: Compiler,
  role: Role,
  sources: readonly string[],
  object: string,
): E.Either<string, void> => {
  const args = [...flagsOf(compiler, role), '-o', object, ...sources]
  const { status, stderr, error } = spawnSync(compiler.command, args, { encoding: 'utf8' })
  return status === 0 ? E.right(undefined) : E.left(error?.message ?? stderr)
}
