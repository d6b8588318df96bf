/** Rootstock as a runner: `rootstock.ts <problem> <threads> <workload> wasm|native|reference`. */
import { setBackend } from '@rootstock/core'
import { type BackendChoice, explainUnavailable, selectBackend } from '@rootstock/native'
import { workloads } from '../workloads/all.ts'
import { Unsupported } from './program.ts'
import { serve } from './serve.ts'

await serve(async (problem, threads) => {
  const [name, backend] = process.argv.slice(4) as [string, BackendChoice]
  const found = await selectBackend(backend, { threads })()
  if (found._tag === 'Left') throw new Unsupported(explainUnavailable(found.left))
  setBackend(found.right)
  return workloads.find((workload) => workload.name === name)!.rootstock(problem)
})
