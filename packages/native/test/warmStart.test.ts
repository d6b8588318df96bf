import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { jit, ones, type Tensor, tanh, withBackend } from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { open } from './open.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'rootstock-'))
const programs = (at: string): number =>
  readdirSync(at).filter((name) => name.endsWith('.so')).length

const native = await open()

describe.skipIf(native === null)('a warm start', () => {
  it('answers before there is compiled code, and with it afterwards, also in a loop that never waits', async () => {
    const cacheFolder = folder()
    const backend = (await open({ cacheFolder, warmStart: true }))!
    const runtime = programs(cacheFolder)
    const f = jit((y: Tensor) => tanh(y).add(1))
    const x = withBackend(native!, () => ones([5]))
    const wanted = withBackend(native!, () => f(x).toArray())
    const call = () => withBackend(backend, () => f(x).toArray())
    expect(call()).toEqual(wanted)
    const end = performance.now() + 20_000
    while (programs(cacheFolder) === runtime && performance.now() < end) {
      expect(call()).toEqual(wanted)
    }
    expect(programs(cacheFolder)).toBe(runtime + 1)
    expect(readdirSync(cacheFolder).filter((name) => name.startsWith('work'))).toEqual([])
    expect(call()).toEqual(wanted)
  })

  it('stays where it runs meanwhile when no process can be started', async () => {
    const backend = (await open({ cacheFolder: folder(), warmStart: true }))!
    const f = jit((y: Tensor) => tanh(y).mul(3))
    const x = withBackend(native!, () => ones([3]))
    const wanted = withBackend(native!, () => f(x).toArray())
    const path = process.env.PATH
    try {
      process.env.PATH = '/nowhere'
      expect(withBackend(backend, () => f(x).toArray())).toEqual(wanted)
    } finally {
      process.env.PATH = path
    }
    await setImmediate()
    expect(withBackend(backend, () => f(x).toArray())).toEqual(wanted)
  })

  it('takes what is in the cache at once', async () => {
    const cacheFolder = folder()
    const x = withBackend(native!, () => ones([7]))
    const f = () => jit((y: Tensor) => tanh(y))(x).toArray()
    const wanted = withBackend((await open({ cacheFolder }))!, f)
    const backend = (await open({ cacheFolder, warmStart: true }))!
    expect(withBackend(backend, f)).toEqual(wanted)
    expect(readdirSync(cacheFolder).filter((name) => name.startsWith('work'))).toEqual([])
  })
})
