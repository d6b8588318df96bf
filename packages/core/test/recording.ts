/** A backend that says what it ran. */
import { type Backend, referenceBackend } from '../src/index.ts'
import type { Step } from '../src/loop/loop.ts'

const kernelNames = (steps: readonly Step[]): string[] =>
  steps.flatMap((step) => {
    if (step.kind === 'kernel') return [step.kernel.name]
    if (step.kind === 'loop') return kernelNames(step.body)
    return step.kind === 'branch' ? kernelNames([...step.then, ...step.otherwise]) : []
  })

/** The reference backend, with the names of the kernels it has run and how many programs it has compiled. */
export const recordingBackend = (): Backend & {
  readonly ran: string[]
  readonly compiled: () => number
} => {
  const inner = referenceBackend()
  const ran: string[] = []
  let compiled = 0
  return {
    ...inner,
    ran,
    compiled: () => compiled,
    compile: (program) => {
      compiled++
      const names = kernelNames(program.steps)
      const executable = inner.compile(program)
      return {
        ...executable,
        run: (inputs, donated) => {
          ran.push(...names)
          return executable.run(inputs, donated)
        },
      }
    },
  }
}

/** How often a name occurs. */
export const countOf = (names: readonly string[], name: string): number =>
  names.filter((each) => each === name).length
