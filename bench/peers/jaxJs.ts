/** jax-js as a runner. Its WebAssembly backend uses threads where there are web workers, which it looks for as it is loaded. */
import type { Problem } from '../src/problem.ts'
import { type Program, Unsupported } from '../src/runner/program.ts'
import { serve } from '../src/runner/serve.ts'
import type { Spec } from '../src/spec.ts'
import { provideWorkers } from './jaxJs/worker.ts'

type Make = (problem: Problem, spec: never) => Program

await serve(async (problem, threads) => {
  const { spec } = problem
  if (spec.kind === 'multitask' && spec.projected) throw new Unsupported('not written for it')
  if (threads > 1) provideWorkers(threads)
  const { defaultDevice, init } = await import('@jax-js/jax')
  const [nets, calls] = await Promise.all([import('./jaxJs/nets.ts'), import('./jaxJs/calls.ts')])
  const programs: { readonly [K in Spec['kind']]: Make } = { ...nets, ...calls }
  await init('wasm')
  defaultDevice('wasm')
  return programs[spec.kind](problem, spec as never)
})
