/** Campaigns that take too long for the gate: `npm run endurance -- --help`. Exits with 1 when something is not as it should be. */
import { setBackend } from '@rootstock/core'
import { explainUnavailable, selectBackend } from '@rootstock/native'
import { runCommand } from '../commandLine.ts'
import { campaignOf } from './campaign.ts'
import { parseRequest, type Request, usage } from './request.ts'

const tell = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** What a campaign is about that does not repeat the step of one workload. */
const subjects: { readonly [_ in Request['campaign']]?: string } = {
  arena: 'every workload',
  large: 'an array of 4.8 GB',
  eager: 'operations one by one',
}

const run = async (request: Request): Promise<number> => {
  const { campaign, workload, backend, threads, waits } = request
  const found = await selectBackend(backend, { threads })()
  if (found._tag === 'Left') {
    tell(explainUnavailable(found.left))
    return 2
  }
  setBackend(found.right)
  tell(
    `${campaign}: ${subjects[campaign] ?? workload.name}, ${backend}, ${threads === 1 ? 'one thread' : `${threads} threads`}${waits ? ', waiting between steps' : ''}`,
  )
  const isGood = await campaignOf[campaign](request, tell)
  tell(isGood ? 'as it should be' : 'NOT as it should be')
  return isGood ? 0 : 1
}

process.exitCode = await runCommand(parseRequest, usage, run)
