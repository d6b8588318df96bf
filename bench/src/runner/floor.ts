/** The program of the folder `peers/c`, which takes part where a C compiler, OpenMP and OpenBLAS are there. */
import { existsSync, globSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileProgram } from '../machine/compile.ts'

const folder = fileURLToPath(new URL('../../peers/c', import.meta.url))

/** Debian keeps OpenBLAS's builds apart; the one that shares OpenMP's threads comes first. */
const openMpBuilds = (): string[][] =>
  globSync('/usr/lib/*/openblas-openmp').flatMap((libraries) => {
    const headers = `/usr/include/${basename(dirname(libraries))}/openblas-openmp`
    return existsSync(headers)
      ? [[`-I${headers}`, `-L${libraries}`, `-Wl,-rpath,${libraries}`]]
      : []
  })

const flags = [
  '-ffast-math',
  '-fopenmp',
  ...(process.arch === 'x64' ? ['-mprefer-vector-width=512'] : []),
]

let found: string | null | undefined

/** The compiled program, or null where it cannot be; compiled when it is first asked for. */
export const floorProgram = (): string | null => {
  if (found === undefined) {
    const choices = [...openMpBuilds(), []].map((paths) => [
      ...flags,
      ...paths,
      '-lopenblas',
      '-lm',
    ])
    found = compileProgram(globSync(`${folder}/*.c`), choices)
  }
  return found
}
