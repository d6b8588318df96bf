/** onnxruntime as a runner: native code, inference only. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Problem } from '../src/problem.ts'
import { type Program, Unsupported } from '../src/runner/program.ts'
import { serve } from '../src/runner/serve.ts'
import { encodeModel, type Model, type Operator } from './onnx.ts'

const product: Model = {
  inputs: { a: ['n', 'n'], b: ['n', 'n'] },
  outputs: { c: ['n', 'n'] },
  constants: {},
  operators: [{ kind: 'MatMul', inputs: ['a', 'b'], output: 'c' }],
}

const net = ({ params }: Problem, sizes: readonly number[]): Model => {
  const count = sizes.length - 1
  const operators = Array.from({ length: count }, (_, i): Operator[] => {
    const isLast = i + 1 === count
    const inputs = [i === 0 ? 'x' : `hidden${i - 1}`, `weight${i}`, `bias${i}`]
    const linear = { kind: 'Gemm', inputs, output: isLast ? 'y' : `linear${i}` }
    const activation = { kind: 'Relu', inputs: [`linear${i}`], output: `hidden${i}` }
    return isLast ? [linear] : [linear, activation]
  })
  return {
    inputs: { x: ['rows', sizes[0]!] },
    outputs: { y: ['rows', sizes.at(-1)!] },
    constants: params as Model['constants'],
    operators: operators.flat(),
  }
}

const tensorOf = ({ shape, data }: Problem['params'][string]): Tensor =>
  new Tensor('float32', data as Float32Array, [...shape])

const open = (model: Model, threads: number): Promise<InferenceSession> =>
  InferenceSession.create(encodeModel(model), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
  })

await serve(async (problem, threads): Promise<Program> => {
  const { spec, batches } = problem
  if (spec.kind === 'matmul') {
    const session = await open(product, threads)
    const feeds = { a: tensorOf(batches[0]!.a!), b: tensorOf(batches[0]!.b!) }
    const run = async () => (await session.run(feeds)).c!.data as Float32Array
    return { step: async () => void (await run()), values: run }
  }
  if (spec.kind === 'inference') {
    const session = await open(net(problem, spec.sizes), threads)
    const answer = async (i: number) => {
      const x = tensorOf(batches[i % batches.length]!.x!)
      return (await session.run({ x })).y!.data as Float32Array
    }
    return { step: async (i) => void (await answer(i)), values: () => answer(0) }
  }
  throw new Unsupported('inference only')
})
