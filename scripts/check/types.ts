/** Types of the whole graph: sources, tests, type tests, scripts, experiments and benchmarks. Emits `dist` on the way. */
import { readSources } from '../source/sourceFile.ts'
import { command } from './command.ts'
import { type Step, verdict } from './step.ts'

/** Wrong programs that the type tests say do not compile; the compiler fails if one of them does. */
const countExpectedErrors = (): number =>
  readSources('packages/*/test/**/*.test-d.ts').reduce(
    (sum, { text }) => sum + text.split('@ts-expect-error').length - 1,
    0,
  )

/** Everything compiles, and what must not compile does not. */
export const types: Step = {
  name: 'types',
  after: [],
  run: async () => {
    const { code, output } = await command('tsc', ['-b', '--pretty', 'false'])
    return verdict(code === 0, output, `${countExpectedErrors()} expected errors`)
  },
}
