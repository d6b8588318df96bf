/** TensorFlow.js as a runner: `tfjs.ts <problem> <threads> wasm|cpu`. Threads are off in Node by its own design. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import type { Problem } from '../src/problem.ts'
import { type Program, Unsupported } from '../src/runner/program.ts'
import { serve } from '../src/runner/serve.ts'
import type { Spec } from '../src/spec.ts'
import * as calls from './tfjs/calls.ts'
import * as nets from './tfjs/nets.ts'

type Make = (problem: Problem, spec: never) => Program

const programs: { readonly [K in Spec['kind']]: Make } = { ...nets, ...calls }

/** Kinds whose step takes the plain JavaScript backend many seconds. */
const hopeless: readonly Spec['kind'][] = ['convolution', 'transformer']

await serve(async (problem, threads) => {
  const backend = process.argv[4]!
  const { spec } = problem
  if (threads > 1) throw new Unsupported('no threads in Node')
  if (backend === 'wasm' && spec.kind === 'convolution') {
    throw new Unsupported('its WebAssembly has no gradient of convolutions')
  }
  if (spec.kind === 'multitask' && spec.projected) throw new Unsupported('not written for it')
  if (backend === 'cpu' && hopeless.includes(spec.kind))
    throw new Unsupported('too slow to wait for')
  tf.enableProdMode()
  const home = dirname(
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'),
  )
  setWasmPaths(`${join(home, 'wasm-out')}/`)
  await tf.setBackend(backend)
  await tf.ready()
  return programs[spec.kind](problem, spec as never)
})
