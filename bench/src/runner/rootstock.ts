/** Rootstock as a runner: `node rootstock.ts <problem> <threads> <workload> <backend>`. */
import { referenceBackend, setBackend, wasmBackend } from '@rootstock/core'
import { workloads } from '../workloads/all.ts'
import { Unsupported } from './program.ts'
import { serve } from './serve.ts'

await serve((problem, threads) => {
  const [name, backend] = process.argv.slice(4)
  if (threads > 1) throw new Unsupported('one thread for now')
  setBackend(backend === 'reference' ? referenceBackend() : wasmBackend())
  return workloads.find((workload) => workload.name === name)!.rootstock(problem)
})
