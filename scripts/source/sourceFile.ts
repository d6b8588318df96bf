/** The TypeScript sources of the workspace, parsed once for all checks that look at code. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ParseResult, parseSync } from 'oxc-parser'

/** The folder of the workspace, with a slash at its end. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** One parsed file. */
export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly parsed: ParseResult
}

const generated = ['node_modules', 'dist', '.examples']

/** Paths of files by glob pattern, relative to the root and sorted; build output is left out. */
export const findFiles = (...patterns: string[]): string[] =>
  globSync(patterns, { cwd: root, exclude: (name) => generated.includes(name) })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()

/** Parses the text of a file; a syntax error is thrown with its path. */
export const parseSource = (path: string, text: string): SourceFile => {
  const parsed = parseSync(path, text)
  const [error] = parsed.errors
  if (error !== undefined) throw new Error(`${path}: ${error.message}`)
  return { path, text, parsed }
}

/** Reads and parses one file. */
export const readSource = (path: string): SourceFile =>
  parseSource(path, readFileSync(join(root, path), 'utf8'))

/** Reads and parses every file that matches. */
export const readSources = (...patterns: string[]): SourceFile[] =>
  findFiles(...patterns).map(readSource)

/** The line, from 1, of an offset into a text. */
export const lineAt = (text: string, offset: number): number =>
  text.slice(0, offset).split('\n').length
