/** Finding Chromium, and opening a page in it without a window. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The first program that runs: the one that `CHROMIUM` names, else one on the path; null when there is none. */
export const findChromium = (): string | null => {
  const named = process.env.CHROMIUM
  const candidates = named === undefined ? names : [named]
  return candidates.find((name) => spawnSync(name, ['--version']).status === 0) ?? null
}

/** A browser that shows a page, until it is disposed of. */
export const open = (program: string, url: string): AsyncDisposable => {
  const profile = mkdtempSync(join(tmpdir(), 'rootstock-browser-'))
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
  const browser = spawn(program, [...flags, `--user-data-dir=${profile}`, url], { stdio: 'ignore' })
  const ended = new Promise((resolve) => browser.once('close', resolve))
  return {
    [Symbol.asyncDispose]: async () => {
      browser.kill('SIGKILL')
      await ended
      // its other processes may still be writing
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}
