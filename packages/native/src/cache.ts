/**
 * Compiled code on disk: a private folder of this user, entries named by the content of their source and compiler. An entry
 * is written under another name and renamed, so that several processes may compile the same program at once; it ends with
 * its own checksum (loaders read no further than the sections), so that a damaged one is never loaded but made again.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import {
  type Compiler,
  compileFile,
  flagsOf,
  type Pending,
  type Role,
  startCompiling,
} from './compiler.ts'
import { type BackendUnavailable, messageOf } from './unavailable.ts'

/** A folder of compiled code. */
export interface Cache {
  readonly folder: string
  /** Bytes that entries may take together; the longest unused go first. */
  readonly limit: number
}

const defaultLimit = 256 * 2 ** 20

/** The user's own folder for caches. */
const defaultFolder = (): string =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'rootstock', 'native')

const isPrivate = (folder: string): boolean => {
  const { uid, mode } = lstatSync(folder)
  return (process.getuid === undefined || uid === process.getuid()) && (mode & 0o077) === 0
}

/** Opens the folder, making it if need be; only its owner may read or write it. */
export const openCache = ({
  folder = defaultFolder(),
  limit = defaultLimit,
}: Partial<Cache> = {}): E.Either<BackendUnavailable, Cache> => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!isPrivate(folder)) chmodSync(folder, 0o700)
    if (isPrivate(folder)) return E.right({ folder, limit })
    return E.left({ _tag: 'CacheUnusable', folder, reason: 'others may write to it' })
  } catch (thrown) {
    return E.left({ _tag: 'CacheUnusable', folder, reason: messageOf(thrown) })
  }
}

const digestLength = 32

const digest = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex').slice(0, digestLength)
}

const remove = (path: string): void => {
  rmSync(path, { recursive: true, force: true })
}

const pathOf = ({ folder }: Cache, key: string): string => join(folder, `${key}.so`)

/** The entry of a key when it is there and whole. */
const find = (cache: Cache, key: string): string | null => {
  const path = pathOf(cache, key)
  try {
    const bytes = readFileSync(path)
    const end = bytes.length - digestLength
    if (bytes.toString('latin1', end) !== digest(bytes.subarray(0, end))) return null
    const now = new Date()
    utimesSync(path, now, now)
    return path
  } catch {
    // not there, or removed by another process meanwhile: it is made again
    return null
  }
}

/** Removes the longest unused entries until the rest fits the limit. */
const prune = ({ folder, limit }: Cache, keep: string): void => {
  const entries = readdirSync(folder).flatMap((name) => {
    try {
      const { size, mtimeMs } = statSync(join(folder, name))
      return [{ path: join(folder, name), size, mtimeMs }]
    } catch {
      return []
    }
  })
  let total = entries.reduce((sum, { size }) => sum + size, 0)
  for (const { path, size } of entries.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= limit) return
    if (path === keep) continue
    remove(path)
    total -= size
  }
}

/** Bytes added to each folder since it was pruned: looking at every entry for every new one would take longer than compiling. */
const added = new Map<string, number>()

const pruneSometimes = (cache: Cache, keep: string, size: number): void => {
  const total = (added.get(cache.folder) ?? Infinity) + size
  added.set(cache.folder, total < cache.limit / 8 ? total : 0)
  if (total >= cache.limit / 8) prune(cache, keep)
}

/** A source to compile: its files by name, all of which are compiled or included. */
export interface Source {
  readonly role: Role
  readonly files: Readonly<Record<string, string>>
}

/** A compilation under way: a folder of its own, and where its result belongs. */
interface Work {
  readonly folder: string
  readonly sources: readonly string[]
  readonly object: string
  readonly path: string
}

const prepare = (cache: Cache, { files }: Source, key: string): Work => {
  const folder = join(cache.folder, `work-${process.pid}-${randomBytes(6).toString('hex')}`)
  mkdirSync(folder, { mode: 0o700 })
  const sources = Object.entries(files).flatMap(([name, text]) => {
    writeFileSync(join(folder, name), text)
    return name.endsWith('.c') ? [join(folder, name)] : []
  })
  return { folder, sources, object: join(folder, 'object.so'), path: pathOf(cache, key) }
}

const finish = (cache: Cache, { object, path }: Work): string => {
  appendFileSync(object, digest(readFileSync(object)))
  renameSync(object, path)
  pruneSometimes(cache, path, statSync(path).size)
  return path
}

const build = (
  cache: Cache,
  compiler: Compiler,
  source: Source,
  key: string,
): E.Either<string, string> => {
  let work: Work | null = null
  try {
    work = prepare(cache, source, key)
    const compiled = compileFile(compiler, source.role, work.sources, work.object)
    return E.isLeft(compiled) ? compiled : E.right(finish(cache, work))
  } catch (thrown) {
    return E.left(messageOf(thrown))
  } finally {
    if (work !== null) remove(work.folder)
  }
}

/** Macros are part of it: in a home that machines share, "native" is another processor on each. */
const keyOf = (compiler: Compiler, { role, files }: Source): string => {
  const { command, version, macros } = compiler
  const texts = Object.keys(files)
    .toSorted()
    .flatMap((name) => [name, files[name]!])
  const flags = flagsOf(compiler, role).join(' ')
  return digest(command, version, flags, [...macros].join(' '), process.arch, ...texts)
}

/** The shared object of a source, from the cache or compiled now; the left is what went wrong. */
export const objectOf = (
  cache: Cache,
  compiler: Compiler,
  source: Source,
): E.Either<string, string> => {
  const key = keyOf(compiler, source)
  const found = find(cache, key)
  return found === null ? build(cache, compiler, source, key) : E.right(found)
}

/** The shared object of a source once it is there, compiled in another process if need be. */
export const objectLater = (cache: Cache, compiler: Compiler, source: Source): Pending<string> => {
  const key = keyOf(compiler, source)
  const found = find(cache, key)
  if (found !== null) return () => E.right(found)
  try {
    const work = prepare(cache, source, key)
    const pending = startCompiling(compiler, source.role, work)
    return () => {
      const compiled = pending()
      if (compiled === null) return null
      const result = E.isLeft(compiled)
        ? compiled
        : E.tryCatch(() => finish(cache, work), messageOf)
      remove(work.folder)
      return result
    }
  } catch (thrown) {
    const failed = E.left(messageOf(thrown))
    return () => failed
  }
}
