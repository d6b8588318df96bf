/** The packages as users get them: packed, linted, installed in an empty folder, and run under every promised Node. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeBuild } from '../nodeBuild.mjs'
import { findFiles, root } from '../source/sourceFile.ts'
import { bundle } from './bundle.ts'
import { command, type Ended } from './command.ts'
import type { Outcome, Step } from './step.ts'

const programs = ['road.ts', 'browser.ts']
const nodes = ['22.23.3', '24.21.0', '26.10.0']

interface Case {
  readonly name: string
  readonly ended: Ended
}

const pack = async (folder: string): Promise<Case[]> => {
  const cases: Case[] = []
  for (const manifest of findFiles('packages/*/package.json')) {
    const cwd = join(root, manifest, '..')
    const ended = await command('pnpm', ['pack', '--pack-destination', folder], { cwd })
    if (ended.code !== 0) cases.push({ name: `pack ${manifest}`, ended })
  }
  return cases
}

const lintTarball = async (tarball: string): Promise<Case[]> => [
  { name: `publint ${tarball}`, ended: await command('publint', ['run', tarball, '--strict']) },
  {
    name: `attw ${tarball}`,
    ended: await command('attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color']),
  },
]

/** Installs the tarballs beside the smoke program, with npm as a user would. */
const install = (folder: string, tarballs: readonly string[]): Promise<Ended> => {
  mkdirSync(folder)
  for (const name of programs) copyFileSync(join(root, 'scripts/smoke', name), join(folder, name))
  const manifest = { name: 'consumer', private: true, type: 'module' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2023', 'dom'],
    module: 'nodenext',
    types: [],
    strict: true,
    noEmit: true,
  }
  const config = { compilerOptions, files: programs }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline']
  return command('npm', ['install', ...quiet, ...tarballs, 'fp-ts@2.16.11'], { cwd: folder })
}

const runUnder = async (version: string, build: string, cwd: string): Promise<Case> => {
  const args = ['--yes', '--prefer-offline', '-p', `${build}@${version}`, '-c', 'node road.ts']
  return { name: `Node ${version}`, ended: await command('npx', args, { cwd }) }
}

const tally = (cases: readonly Case[], note: string, skipped = 0): Outcome => {
  const failed = cases.filter(({ ended }) => ended.code !== 0)
  return {
    passed: cases.length - failed.length,
    failed: failed.length,
    skipped,
    note,
    log: failed.map(({ name, ended }) => `${name}\n${ended.output}`).join('\n'),
  }
}

const checkPackages = async (folder: string): Promise<Outcome> => {
  const built = await command('turbo', ['run', 'build', '--output-logs=errors-only'])
  if (built.code !== 0) return tally([{ name: 'build', ended: built }], 'not built')
  const unpacked = await pack(folder)
  if (unpacked.length > 0) return tally(unpacked, 'not packed')
  const tarballs = readdirSync(folder).map((name) => join(folder, name))
  const cases: Case[] = []
  for (const tarball of tarballs) cases.push(...(await lintTarball(tarball)))
  const consumer = join(folder, 'consumer')
  const installed = { name: 'install', ended: await install(consumer, tarballs) }
  cases.push(installed)
  if (installed.ended.code !== 0) return tally(cases, 'not installed')
  cases.push({ name: 'types', ended: await command('tsc', ['-p', '.'], { cwd: consumer }) })
  const { ended, kibibytes } = await bundle(consumer, 'browser.ts')
  cases.push({ name: 'bundle', ended })
  const size = `core in a bundle: ${kibibytes?.toFixed(0) ?? '?'} KiB`
  const build = nodeBuild()
  if (build === null) return tally(cases, `${size}; no Node builds for this machine`, nodes.length)
  for (const version of nodes) cases.push(await runUnder(version, build, consumer))
  return tally(cases, `Node ${nodes.join(', ')}; ${size}`)
}

/** What is published is complete, typed and runs. */
export const packages: Step = {
  name: 'packages',
  after: ['types'],
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rootstock-packages-'))
    try {
      return await checkPackages(folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
