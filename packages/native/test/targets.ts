/** Processors that code is compiled for in tests, of which one machine runs some. */
import { findCompiler } from '../src/compiler.ts'

/** A processor, and why what is compiled for it cannot run here; null where it can. */
export interface Target {
  readonly name: string
  /** Flags that name it; left out for this machine's own processor. */
  readonly options: { readonly target?: readonly string[] }
  readonly missing: string | null
}

const compiler = findCompiler()
const macros = compiler._tag === 'Right' ? compiler.right.macros : new Set<string>()

/** Levels, the architecture they belong to, and what processors of that level have. */
const levels = [
  { name: 'x86-64-v4', arch: 'x64', needs: '__AVX512VL__' },
  { name: 'x86-64-v3', arch: 'x64', needs: '__AVX2__' },
  { name: 'x86-64-v2', arch: 'x64', needs: '__SSE4_2__' },
  { name: 'armv8-a', arch: 'arm64', needs: '__ARM_NEON' },
] as const

const missingOf = ({ arch, needs }: (typeof levels)[number]): string | null => {
  if (arch !== process.arch) return `this is ${process.arch}`
  return macros.has(needs) ? null : `the processor has no ${needs}`
}

/** This machine's own and the common levels. */
export const targets: readonly Target[] =
  compiler._tag === 'Left'
    ? [{ name: 'this machine', options: {}, missing: 'no compiler' }]
    : [
        { name: 'this machine', options: {}, missing: null },
        ...levels.map((level) => ({
          name: level.name,
          options: { target: [`-march=${level.name}`] },
          missing: missingOf(level),
        })),
      ]
