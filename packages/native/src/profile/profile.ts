/** Where the time of a function goes: every kernel it runs, timed alone on the data it had. */
import { currentBackend } from '@rootstock/core'
import type { Kernel, Statement } from '@rootstock/core/backend'
import { type Cost, costOf } from './cost.ts'
import { type Limits, limitsOf, secondsOf } from './limits.ts'
import { type Call, record } from './record.ts'
import { kernelsOf, replay, valuesOf } from './replay.ts'

/** A kernel and what it takes. Counts and times are those of one call of the function. */
export interface KernelProfile extends Cost {
  readonly name: string
  /** How often each loop around it runs; empty outside of loops. */
  readonly loops: readonly number[]
  readonly seconds: number
  /** What it would take at the least if it did nothing but compute, or but move its data; the larger of the two. */
  readonly bound: 'arithmetic' | 'memory'
  /** That time over `seconds`. More than 1 where data is in caches and memory the bound. */
  readonly share: number
}

/** Where the time of one call goes. */
export interface Profile {
  readonly backend: string
  readonly limits: Limits
  /** Seconds of one call without its JavaScript: its programs one after the other. */
  readonly seconds: number
  readonly kernels: readonly KernelProfile[]
}

/** The kernel's name, with the sizes of what it multiplies. */
const nameOf = ({ name, body }: Kernel): string => {
  let [only]: readonly (Statement | undefined)[] = body
  while (only?.kind === 'for') [only] = only.body
  if (only?.kind !== 'contract') return name
  return `${name} ${only.rows} x ${only.depth} x ${only.columns}`
}

const profileCall = (
  call: Call,
  limits: Limits,
): { readonly seconds: number; readonly kernels: KernelProfile[] } => {
  const backend = currentBackend()
  const { program } = call
  const valueOf = valuesOf(backend, call)
  const seconds = secondsOf(replay(backend, program, program.steps, valueOf))
  const kernels = kernelsOf(program.steps, valueOf).map(
    ({ kernel, step, loops }): KernelProfile => {
      const once = costOf(kernel.body, program.buffers)
      const times = loops.reduce((a, b) => a * b, 1)
      const [flops, bytes] = [times * once.flops, times * once.bytes]
      const all = secondsOf(replay(backend, program, [step], valueOf))
      const own = Math.max(all - limits.call, 1e-9)
      const [computing, moving] = [flops / limits.flops, bytes / limits.bandwidth]
      return {
        name: nameOf(kernel),
        loops,
        seconds: own,
        flops,
        bytes,
        bound: computing > moving ? 'arithmetic' : 'memory',
        share: Math.max(computing, moving) / own,
      }
    },
  )
  return { seconds, kernels }
}

/**
 * Profiles one call of a function, usually a jitted step, on the backend in force. The call happens once, on copies of the
 * arguments, so that donated ones stay usable; then each of its kernels runs again and again on the data it had. Times are
 * those of warm caches and their sum need not be that of the whole.
 * @example
 * ```ts
 * import { jit, matmul, ones, type Tensor, tanh } from '@rootstock/core'
 * import { profile } from '@rootstock/native'
 * const layer = jit((x: Tensor, w: Tensor) => tanh(matmul(x, w)))
 * const { kernels } = profile(layer, ones([8, 4]), ones([4, 2]))
 * console.log(kernels.map(({ name, flops }) => [name, flops]).length) // 2
 * ```
 */
export const profile = <A extends readonly unknown[]>(
  f: (...args: A) => unknown,
  ...args: A
): Profile => {
  const backend = currentBackend()
  const calls = record(f, args)
  const limits = limitsOf(backend)
  const parts = calls.map((call) => profileCall(call, limits))
  return {
    backend: backend.name,
    limits,
    seconds: parts.reduce((sum, { seconds }) => sum + seconds, 0),
    kernels: parts.flatMap(({ kernels }) => kernels),
  }
}
