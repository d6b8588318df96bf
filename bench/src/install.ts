/**
 * The peers' packages. They live in a package of their own outside the workspace, so that nobody who does not compare
 * installs them; their install scripts never run (onnxruntime-node's would fetch files for graphics cards).
 */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { peersFolder, pythonFile, type Runner } from './runner/runners.ts'

const isFresh = (): boolean => {
  const done = join(peersFolder, 'node_modules', '.modules.yaml')
  const wanted = join(peersFolder, 'pnpm-lock.yaml')
  return existsSync(done) && statSync(done).mtimeMs >= statSync(wanted).mtimeMs
}

const install = (tell: (line: string) => void): boolean => {
  if (isFresh()) return true
  tell('installing the peers (about 600 MB)')
  const { status } = spawnSync('pnpm', ['install', '--frozen-lockfile', '--ignore-scripts'], {
    cwd: peersFolder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  return status === 0
}

const hasModule = (name: string): boolean =>
  spawnSync(pythonFile, ['-c', `import numpy, ${name}`], { stdio: 'ignore' }).status === 0

/** The runners that can start here; what is missing is installed where that is possible, and told where not. */
export const available = (runners: readonly Runner[], tell: (line: string) => void): Runner[] => {
  const modules = new Map<string, boolean>()
  const packages = runners.some(({ needs }) => needs === 'packages') && install(tell)
  return runners.filter(({ name, needs }) => {
    if (needs === 'nothing') return true
    if (needs === 'packages') {
      if (!packages) tell(`without ${name}: its packages could not be installed`)
      return packages
    }
    const found = modules.get(needs.module) ?? hasModule(needs.module)
    modules.set(needs.module, found)
    if (!found) tell(`without ${name}: ${pythonFile} has no ${needs.module}`)
    return found
  })
}
