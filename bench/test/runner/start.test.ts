import { describe, expect, it } from 'vitest'
import type { Message } from '../../src/runner/protocol.ts'
import { start } from '../../src/runner/start.ts'

/** A runner that says some lines and then goes on as the code says. */
const runner = (messages: readonly (Message | string)[], code: string) => {
  const lines = messages.map((x) => (typeof x === 'string' ? x : JSON.stringify(x)))
  const say = `process.stdout.write(${JSON.stringify(`${lines.join('\n')}\n`)})`
  return { file: process.execPath, args: ['-e', `${say}\n${code}`] }
}

const ready: Message = { kind: 'ready' }
const trial = { steps: 2, wallMs: 4, cpuMs: 3 }
const obedient = `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'end') {
    console.log('${JSON.stringify({ kind: 'metric', metric: 'peak_rss_mb', value: 9 })}')
    process.exit(0)
  }
  console.log('${JSON.stringify({ kind: 'trial', trial })}')
})`

describe('a runner', () => {
  it('prepares itself, makes trials and ends', async () => {
    const loss: Message = { kind: 'values', metric: 'loss_init', values: [2.5] }
    const running = await start(runner(['Welcome to a library!', loss, ready], obedient), 20)
    if (running.kind !== 'running') throw new Error(running.because)
    expect(running.values.get('loss_init')).toEqual([2.5])
    expect(await running.trial(10)).toEqual(trial)
    await running.end()
    expect(running.metrics.get('peak_rss_mb')).toBe(9)
  })

  it('may say that it cannot', async () => {
    const message: Message = { kind: 'unsupported', because: 'inference only' }
    expect(await start(runner([message], ''), 20)).toEqual(message)
  })

  it('that breaks is told by its error', async () => {
    expect(
      await start(runner([], "throw new TypeError('no such layer')"), 20),
    ).toMatchInlineSnapshot(`
      {
        "because": "ended with 1: TypeError: no such layer",
        "kind": "failed",
      }
    `)
    const running = await start(
      runner([ready], 'process.stdin.on("data", () => process.exit(3))'),
      20,
    )
    if (running.kind !== 'running') throw new Error(running.because)
    expect(await running.trial(10)).toMatchInlineSnapshot(`
      {
        "because": "ended with 3",
        "kind": "failed",
      }
    `)
  })

  it('that does not exist is told by its name', async () => {
    const command = { file: 'no-such-program', args: [] }
    expect(await start(command, 20)).toMatchInlineSnapshot(`
      {
        "because": "spawn no-such-program ENOENT",
        "kind": "failed",
      }
    `)
  })

  it('that takes too long is ended', async () => {
    expect(await start(runner([], 'setInterval(() => {}, 1000)'), 0.3)).toMatchInlineSnapshot(`
      {
        "because": "took more than 0.3 s",
        "kind": "failed",
      }
    `)
  })
})
