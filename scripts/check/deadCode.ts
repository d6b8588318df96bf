/** Files, exports and dependencies that nothing uses. */
import { command } from './command.ts'
import { type Step, verdict } from './step.ts'

/** Knip finds nothing unused and nothing unlisted. */
export const deadCode: Step = {
  name: 'dead-code',
  after: [],
  run: async () => {
    const { code, output } = await command('knip', [
      '--no-progress',
      '--treat-config-hints-as-errors',
    ])
    return verdict(code === 0, output)
  },
}
