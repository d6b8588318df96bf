/** Lint by types and by the import graph. */
import { command } from './command.ts'
import { type Step, verdict } from './step.ts'

/** oxlint, with its type-aware rules, has nothing to say. */
export const lint: Step = {
  name: 'lint',
  after: [],
  run: async () => {
    const { code, output } = await command('oxlint', ['--format=unix'])
    return verdict(code === 0, output)
  },
}
