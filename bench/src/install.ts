/**
 * The peers' packages. They live in a package of their own outside the workspace, so that nobody who does not compare
 * installs them; their install scripts never run (onnxruntime-node's would fetch files for graphics cards).
 */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { explainUnavailable, selectBackend } from '@rootstock/native'
import { floorProgram } from './runner/floor.ts'
import { peersFolder, pythonFile, type Runner } from './runner/runners.ts'

type Tell = (line: string) => void

const isFresh = (): boolean => {
  const done = join(peersFolder, 'node_modules', '.modules.yaml')
  const wanted = join(peersFolder, 'pnpm-lock.yaml')
  return existsSync(done) && statSync(done).mtimeMs >= statSync(wanted).mtimeMs
}

const install = (tell: Tell): boolean => {
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

/** The floor says which OpenBLAS it found when it is not given a problem. */
const buildOf = (program: string): string => spawnSync(program, { encoding: 'utf8' }).stdout.trim()

const hasFloor = (tell: Tell): boolean => {
  const program = floorProgram()
  tell(
    program === null
      ? 'nothing here compiles C with OpenMP and OpenBLAS (cblas.h)'
      : `hand-written C multiplies with OpenBLAS, ${buildOf(program)}`,
  )
  return program !== null
}

/** Whether a need is met; what is missing is installed where that is possible, and told where not. */
const isMet = async (needs: Runner['needs'], tell: Tell): Promise<boolean> => {
  if (needs === 'nothing') return true
  if (needs === 'packages') {
    const isThere = install(tell)
    if (!isThere) tell('the packages of peers could not be installed')
    return isThere
  }
  if (needs === 'compiler') {
    const found = await selectBackend('native')()
    if (found._tag === 'Left') tell(explainUnavailable(found.left))
    return found._tag === 'Right'
  }
  if (needs === 'openblas') return hasFloor(tell)
  const isThere = hasModule(needs.module)
  if (!isThere) tell(`${pythonFile} has no ${needs.module}`)
  return isThere
}

/** The runners that can start here. Each need is looked at once. */
export const available = async (runners: readonly Runner[], tell: Tell): Promise<Runner[]> => {
  const met = new Map<string, boolean>()
  const found: Runner[] = []
  for (const runner of runners) {
    const key = JSON.stringify(runner.needs)
    if (!met.has(key)) met.set(key, await isMet(runner.needs, tell))
    if (met.get(key)) found.push(runner)
    else tell(`without ${runner.name}`)
  }
  return found
}
