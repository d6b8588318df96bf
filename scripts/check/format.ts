/** Format, import order and lint by syntax. */
import { command } from './command.ts'
import { type Step, verdict } from './step.ts'

/** Biome has nothing to say. */
export const format: Step = {
  name: 'format',
  after: [],
  run: async () => {
    const { code, output } = await command('biome', ['check', '--error-on-warnings', '.'])
    return verdict(code === 0, output, /Checked \d+ files/.exec(output)?.[0].toLowerCase())
  },
}
