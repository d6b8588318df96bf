/** Checks imports against the rules. */
import type { SourceFile } from '../source/sourceFile.ts'
import { type Import, importsOf } from './imports.ts'
import { coreLayers, externals, packageDirections } from './rules.ts'

type PackageName = keyof typeof packageDirections

const isPackage = (name: string): name is PackageName => Object.hasOwn(packageDirections, name)

const packageOf = (path: string): PackageName | null => {
  const name = /^packages\/([^/]+)\//.exec(path)?.[1]
  return name !== undefined && isPackage(name) ? name : null
}

/** Why a package's source may not import this specifier; null where it may. */
const wrongPackage = (from: PackageName, inTest: boolean, specifier: string): string | null => {
  const own = /^@rootstock\/([^/]+)/.exec(specifier)?.[1]
  if (own !== undefined) {
    const known: readonly string[] = packageDirections[from]
    return known.includes(own) || (inTest && own === from) ? null : `${from} may not know ${own}`
  }
  const known = externals[from].some((name) =>
    name.endsWith(':') ? specifier.startsWith(name) : `${specifier}/`.startsWith(`${name}/`),
  )
  return known || inTest ? null : `${specifier} is not among the packages that ${from} may import`
}

const corePrefix = 'packages/core/src/'

/** The part of core that a file belongs to. */
const layerOf = (path: string): string | null => {
  const file = path.slice(corePrefix.length)
  let best: { name: string; length: number } | null = null
  for (const [name, { paths }] of Object.entries(coreLayers)) {
    for (const start of paths) {
      if (file.startsWith(start) && start.length > (best?.length ?? 0)) {
        best = { name, length: start.length }
      }
    }
  }
  return best?.name ?? null
}

const wrongLayer = (path: string, target: string, typeOnly: boolean): string | null => {
  const from = layerOf(path)
  const to = layerOf(target)
  if (from === null || to === null) return `${from === null ? path : target} is in no part of core`
  const { below, types = [] } = coreLayers[from]!
  if (from === to || below.includes(to) || (typeOnly && types.includes(to))) return null
  return typeOnly ? `${from} may not know ${to}` : `${from} may not import values of ${to}`
}

const wrongTarget = (path: string, { target, typeOnly }: Import): string | null => {
  if (target === null) return null
  const folder = packageOf(path)
  if (folder !== packageOf(target)) return `${target} is in another package: import it by name`
  const inside = path.startsWith(corePrefix) && target.startsWith(corePrefix)
  return inside ? wrongLayer(path, target, typeOnly) : null
}

/** One line for every import that goes in a wrong direction. */
export const violations = (files: readonly SourceFile[]): string[] =>
  files.flatMap((file) => {
    const from = packageOf(file.path)
    if (from === null) return []
    const inTest = file.path.startsWith(`packages/${from}/test/`)
    return importsOf(file).flatMap((found) => {
      const why =
        found.target === null
          ? wrongPackage(from, inTest, found.specifier)
          : wrongTarget(file.path, found)
      return why === null ? [] : [`${file.path}:${found.line}: ${why}`]
    })
  })

/** Every cycle of value imports, each as the list of its files; type imports are erased and make none. */
export const cycles = (files: readonly SourceFile[]): string[][] => {
  const edges = new Map(
    files.map((file) => [
      file.path,
      importsOf(file).flatMap(({ target, typeOnly }) =>
        target === null || typeOnly ? [] : [target],
      ),
    ]),
  )
  const found: string[][] = []
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) found.push(trail.slice(start))
    if (start >= 0 || done.has(path)) return
    for (const next of edges.get(path) ?? []) walk(next, [...trail, path])
    done.add(path)
  }
  for (const path of edges.keys()) walk(path, [])
  return found
}
