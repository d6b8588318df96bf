import { setBackend, wasmBackend } from '@rootstock/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { campaignOf } from '../../src/endurance/campaign.ts'
import { parseRequest } from '../../src/endurance/request.ts'

const run = async (...args: readonly string[]) => {
  const request = parseRequest([...args, '--backend', 'wasm'])
  if (request === null) throw new Error('that was a request for help')
  const lines: string[] = []
  const isGood = await campaignOf[request.campaign](request, (line) => lines.push(line))
  return { isGood, lines }
}

describe('a short campaign', () => {
  beforeAll(() => setBackend(wasmBackend({ threads: 1 })))

  it('samples resident memory twenty times, waiting between steps or not', async () => {
    for (const waits of [[], ['--async']]) {
      const { lines } = await run('rss', '--workload', 'W4', '--seconds', '0.5', ...waits)
      expect(lines.at(-1)).toMatch(/^\d+ steps: at most .* MiB in the first half, .* a minute$/)
      expect(lines.length).toBeGreaterThan(10)
    }
  })

  it('finds as many live bytes after 400 steps as after 40', async () => {
    const { lines } = await run('live', '--workload', 'W10', '--steps', '400')
    const [early, late] = (lines[0]?.match(/[\d.]+(?= MiB)/g) ?? []).map(Number)
    expect(lines[0]).toMatch(/^\S+ MiB after 40 steps, \S+ MiB after 400$/)
    // the runner of the tests has buffers too
    expect(late).toBeLessThan(early! + 1)
  })

  it('tells the processor time of threads without work', async () => {
    const { lines } = await run('idle', '--workload', 'W4', '--seconds', '0.5')
    expect(lines).toEqual([expect.stringMatching(/^2 threads without work: [\d.]+ ms of /)])
  })

  it('starts a step in new processes', async () => {
    const { lines } = await run('start', '--workload', 'W4')
    const times = String.raw`\d+ ms to compile its program, \d+ ms to the end of the first step$`
    expect(lines).toEqual([
      expect.stringMatching(`^the first process: ${times}`),
      expect.stringMatching(`^7 after it, medians: ${times}`),
    ])
  })

  it('compares operations one by one with compiled ones', async () => {
    const { lines } = await run('eager')
    expect(lines[0]).toMatch(/^addition of 16 elements: [\d.]+ microseconds a call$/)
    const names = lines.slice(1).map((line) => line.split(' of 10000000 elements: ')[0])
    expect(names).toEqual(['add', 'mul', 'exp', 'tanh'])
  })
})

describe('the command line', () => {
  it('gives each campaign its usual workload', () => {
    const names = ['rss', 'live', 'idle', 'start'].map(
      (name) => parseRequest([name])?.workload.name,
    )
    expect(names).toEqual(['W5_dae', 'W2_mlp_small', 'W3_mlp_large', 'W7_transformer'])
  })

  it('runs the campaign on a large array in WebAssembly unless told otherwise', () => {
    const backends = [['large'], ['large', '--backend', 'native'], ['rss']].map(
      (args) => parseRequest(args)?.backend,
    )
    expect(backends).toEqual(['wasm', 'native', 'native'])
  })

  it('says what it does not know', () => {
    expect(() => parseRequest([])).toThrowErrorMatchingInlineSnapshot(
      `[Error: one of rss, live, arena, idle, large, start, eager, not nothing]`,
    )
    expect(() => parseRequest(['rss', '--workload', 'W99'])).toThrowErrorMatchingInlineSnapshot(
      `[Error: no workload is called W99]`,
    )
    expect(() => parseRequest(['rss', '--backend', 'gpu'])).toThrowErrorMatchingInlineSnapshot(
      `[Error: --backend must be native or wasm, not gpu]`,
    )
    expect(() => parseRequest(['live', '--steps', 'x'])).toThrowErrorMatchingInlineSnapshot(
      `[Error: --steps must be a number greater than 0, not x]`,
    )
  })
})
