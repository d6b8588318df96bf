// Runs a package script with the pinned Node and pnpm, fetching both from the package registry when they are missing, so
// that a fresh machine needs nothing but some Node and npm. No dependencies; works on Node 18 and newer.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { nodeBuild } from './nodeBuild.mjs'

const pins = { node: '26.10.0', pnpm: '12.21.0', oldestMajor: 24 }

const packages = [`pnpm@${pins.pnpm}`]
if (Number(process.versions.node.split('.')[0]) < pins.oldestMajor) {
  const build = nodeBuild()
  if (build === null) {
    console.error(`Node ${pins.oldestMajor} or newer is needed; this is ${process.version}.`)
    process.exit(1)
  }
  packages.unshift(`${build}@${pins.node}`)
}

/** @param {string} text */
const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`
const command = ['pnpm', 'run', ...process.argv.slice(2)].map(quote).join(' ')
const result = spawnSync(
  'npx',
  ['--yes', '--prefer-offline', ...packages.flatMap((name) => ['-p', name]), '-c', command],
  {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { TURBO_TELEMETRY_DISABLED: '1', ...process.env },
  },
)
process.exit(result.status ?? 1)
