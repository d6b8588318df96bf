/** What a function becomes. */
import { printProgram } from '@rootstock/core'
import { record } from './record.ts'

/**
 * The programs that one call of a function runs, as text: buffers, fused kernels, loops. The call happens, on copies of the
 * arguments.
 * @example
 * ```ts
 * import { add, jit, mul, ones, type Tensor } from '@rootstock/core'
 * import { explain } from '@rootstock/native'
 * const f = jit((x: Tensor, y: Tensor) => add(mul(x, y), 1))
 * console.log(explain(f, ones([3]), ones([3])))
 * // buffers in0: float32[3], in1: float32[3], out0: float32[3]
 * // kernel add
 * //   parallel for i0 < 3
 * //     out0[i0] = in0[i0] * in1[i0] + 1.0
 * ```
 */
export const explain = <A extends readonly unknown[]>(
  f: (...args: A) => unknown,
  ...args: A
): string =>
  record(f, args)
    .map(({ program }) => printProgram(program))
    .join('\n\n')
