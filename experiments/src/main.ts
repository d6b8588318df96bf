/** The main job: `npm start`, with or without a config. */
import * as E from 'fp-ts/lib/Either.js'
import { parseCommand } from './commandLine.ts'
import { explainFailure } from './failure.ts'
import { progressOn } from './progress.ts'
import { runCommand } from './runCommand.ts'

// The first interrupt ends the run after the step under way, a second one at once.
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())

const command = parseCommand(process.argv.slice(2))
const result = E.isLeft(command)
  ? command
  : await runCommand(command.right, {
      progress: progressOn(process.stdout),
      signal: stop.signal,
    })()
if (E.isLeft(result)) {
  process.stderr.write(`${explainFailure(result.left)}\n`)
  process.exitCode = 1
}
