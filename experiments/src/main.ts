/** The main job: `npm start`, with or without a config. */
import * as E from 'fp-ts/lib/Either.js'
import { parseCommand } from './commandLine.ts'
import { explainFailure } from './failure.ts'
import { progressOn } from './progress.ts'
import { runCommand } from './runCommand.ts'

const command = parseCommand(process.argv.slice(2))
const result = E.isLeft(command)
  ? command
  : await runCommand(command.right, progressOn(process.stdout))()
if (E.isLeft(result)) {
  process.stderr.write(`${explainFailure(result.left)}\n`)
  process.exitCode = 1
}
