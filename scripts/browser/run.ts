/** A page or a worker of one: it trains until its threads have taken part, or three times, and tells the server. */
import { type Digests, trainAll } from './training.ts'

/** What a run tells. */
export interface Report {
  /** Of each round. */
  readonly digests: readonly Digests[]
  /** Program runs that threads shared. */
  readonly shared: number
  readonly isIsolated: boolean
  readonly milliseconds: number
}

interface Web {
  readonly location: { readonly search: string }
  readonly crossOriginIsolated: boolean
}

/** The class whose instances run programs on several threads. */
interface TeamModule {
  readonly Team: { readonly prototype: { run: (...args: unknown[]) => unknown } }
}

/** Where the server has it; not a literal, since there is no such module here. */
const teamFile: string = '/core/backends/wasm/team.js'

const web = globalThis as unknown as Web

const report = async (): Promise<Report> => {
  const { Team } = (await import(teamFile)) as TeamModule
  let shared = 0
  const { run } = Team.prototype
  Team.prototype.run = function (...args) {
    shared++
    return run.apply(this, args)
  }
  const threads = Number(new URLSearchParams(web.location.search).get('threads'))
  const digests: Digests[] = []
  const start = performance.now()
  while (digests.length < 3 && (digests.length === 0 || shared === 0)) {
    digests.push(await trainAll(threads))
  }
  const milliseconds = (performance.now() - start) / digests.length
  return { digests, shared, isIsolated: web.crossOriginIsolated, milliseconds }
}

const answer = await report().catch((error: unknown) => ({ error: String(error) }))
await fetch('/report', { method: 'POST', body: JSON.stringify(answer) })
