/** What a file imports. */
import { posix } from 'node:path'
import { lineAt, type SourceFile } from '../source/sourceFile.ts'

/** One import or re-export. */
export interface Import {
  /** As written: `./shape.ts`, `@rootstock/core`, `node:fs`. */
  readonly specifier: string
  /** The file it names, for a relative one. */
  readonly target: string | null
  /** Erased before anything runs. */
  readonly typeOnly: boolean
  readonly line: number
}

/** Static imports, re-exports and dynamic imports with a literal specifier, in the order of the text. */
export const importsOf = ({ path, text, parsed }: SourceFile): Import[] => {
  const found: Import[] = []
  const add = (start: number, specifier: string, typeOnly: boolean): void => {
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null
    found.push({ specifier, target, typeOnly, line: lineAt(text, start) })
  }
  const { staticImports, staticExports, dynamicImports } = parsed.module
  for (const { start, moduleRequest, entries } of staticImports) {
    add(start, moduleRequest.value, entries.length > 0 && entries.every(({ isType }) => isType))
  }
  for (const { start, entries } of staticExports) {
    const [entry] = entries
    if (entry?.moduleRequest == null) continue
    add(
      start,
      entry.moduleRequest.value,
      entries.every(({ isType }) => isType),
    )
  }
  for (const { start, moduleRequest } of dynamicImports) {
    const literal = /^['"`](.*)['"`]$/.exec(text.slice(moduleRequest.start, moduleRequest.end))
    if (literal !== null) add(start, literal[1]!, false)
  }
  return found.toSorted((a, b) => a.line - b.line)
}
