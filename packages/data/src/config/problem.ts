/** What is wrong with a config: all of it at once, each with its path, what is expected there and what was found. */
import type * as t from 'io-ts'

/** One thing that is wrong. */
export interface ConfigProblem {
  /** `trunk.hidden[1]`; empty for the whole document. */
  readonly path: string
  readonly reason: 'unknown' | 'missing' | 'wrong'
  /** What belongs there; for an unknown key, the valid keys. */
  readonly expected: string
  /** What is there. */
  readonly found: string
  /** The nearest valid key or word, when there is one. */
  readonly nearest?: string | undefined
}

/** A config that cannot be used. */
export type ConfigError =
  /** The file cannot be read. */
  | { readonly _tag: 'ConfigUnreadable'; readonly file: string; readonly reason: string }
  /** The text is not JSON. */
  | { readonly _tag: 'ConfigSyntax'; readonly file: string; readonly reason: string }
  /** The JSON is not a config. */
  | {
      readonly _tag: 'ConfigInvalid'
      readonly file: string
      readonly problems: readonly ConfigProblem[]
    }

/** A short description of any JSON value, for messages; never walks into it. */
export const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value))
    return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) {
    return Object.keys(value).length === 0 ? 'an empty object' : 'an object'
  }
  // What is left has no parts that could be printed: texts, numbers, truth values and null.
  const text = JSON.stringify(value) ?? typeof value
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

const pathOf = (context: t.Context): string => {
  let path = ''
  for (const { key } of context) {
    if (key === '') continue
    if (/^\d+$/.test(key)) path += `[${key}]`
    else if (/^[\w$-]+$/.test(key)) path += path === '' ? key : `.${key}`
    else path += `[${JSON.stringify(key)}]`
  }
  return path
}

// Codecs of this folder put what only they know into the message of an error, as JSON.
interface Note {
  readonly reason: ConfigProblem['reason']
  readonly expected: string
  readonly nearest?: string
}

/** The message of an error that `problemsOf` understands. */
export const note = (content: Note): string => JSON.stringify(content)

const isNote = (value: unknown): value is Note =>
  typeof value === 'object' && value !== null && 'reason' in value && 'expected' in value

/** Problems from the errors of a codec, in the order of the document. */
export const problemsOf = (errors: t.Errors): readonly ConfigProblem[] =>
  errors.map(({ value, context, message }) => {
    const parsed: unknown = message === undefined ? undefined : JSON.parse(message)
    const expected = context[context.length - 1]?.type.name ?? 'something else'
    const content: Note = isNote(parsed) ? parsed : { reason: 'wrong', expected }
    return { path: pathOf(context), found: shown(value), ...content }
  })

const line = ({
  path,
  reason,
  expected,
  found,
  nearest,
}: ConfigProblem): readonly [string, string] => {
  const where = path === '' ? '(all of it)' : path
  const hint = nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`
  switch (reason) {
    case 'unknown':
      return [where, `there is no such key${hint === '' ? `; there are ${expected}` : hint}`]
    case 'missing':
      return [where, `is missing: expected ${expected}`]
    case 'wrong':
      return [where, `expected ${expected}, found ${found}${hint}`]
  }
}

/**
 * The message for a user: every problem on a line of its own.
 *
 * @example
 * ```ts
 * import { decodeConfig, explainConfig } from '@rootstock/data'
 *
 * const config = decodeConfig({ data: {}, epocs: 3 })
 * if (config._tag === 'Left') console.log(explainConfig(config.left))
 * ```
 */
export const explainConfig = (error: ConfigError): string => {
  switch (error._tag) {
    case 'ConfigUnreadable':
      return `${error.file}: cannot be read: ${error.reason}`
    case 'ConfigSyntax':
      return `${error.file}: is not JSON: ${error.reason}`
    case 'ConfigInvalid': {
      const lines = error.problems.map(line)
      const width = Math.min(40, Math.max(...lines.map(([where]) => where.length)))
      const count = lines.length === 1 ? 'one thing is wrong' : `${lines.length} things are wrong`
      return [
        `${error.file}: ${count}`,
        ...lines.map(([where, what]) => `  ${where.padEnd(width)}  ${what}`),
      ].join('\n')
    }
  }
}
