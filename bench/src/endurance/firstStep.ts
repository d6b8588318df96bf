/** A process that makes the first step of a workload and tells how it was spent: `firstStep.ts <workload> <backend> <threads>`. */
import { setBackend } from '@rootstock/core'
import { type BackendChoice, explainUnavailable, selectBackend } from '@rootstock/native'
import { workloads } from '../workloads/all.ts'

/** Milliseconds of a first step. */
export interface FirstStep {
  /** In the backend, to compile the program of the step that takes longest. */
  readonly compile: number
  /** From the call to the end of the step. */
  readonly all: number
}

const [name, choice, threads] = process.argv.slice(2) as [string, BackendChoice, string]
const found = await selectBackend(choice, { threads: Number(threads) })()
if (found._tag === 'Left') throw new Error(explainUnavailable(found.left))
const backend = found.right
let compile = 0
setBackend({
  ...backend,
  compile: (program) => {
    const from = performance.now()
    const executable = backend.compile(program)
    compile = Math.max(compile, performance.now() - from)
    return executable
  },
})
const { problem, spec, rootstock } = workloads.find((workload) => workload.name === name)!
const program = rootstock({ spec, ...problem() })
compile = 0
const from = performance.now()
await program.step(0)
await program.fence?.()
const first: FirstStep = { compile, all: performance.now() - from }
process.stdout.write(`${JSON.stringify(first)}\n`)
