/** jax-js as a runner. Its WebAssembly backend has one thread in Node. */
import { defaultDevice, init } from '@jax-js/jax'
import type { Problem } from '../src/problem.ts'
import { type Program, Unsupported } from '../src/runner/program.ts'
import { serve } from '../src/runner/serve.ts'
import type { Spec } from '../src/spec.ts'
import * as calls from './jaxJs/calls.ts'
import * as nets from './jaxJs/nets.ts'

type Make = (problem: Problem, spec: never) => Program

const programs: { readonly [K in Spec['kind']]: Make } = { ...nets, ...calls }

await serve(async (problem, threads) => {
  if (threads > 1) throw new Unsupported('no threads in Node')
  const { spec } = problem
  if (spec.kind === 'multitask' && spec.projected) throw new Unsupported('not written for it')
  await init('wasm')
  defaultDevice('wasm')
  return programs[spec.kind](problem, spec as never)
})
