/** JSON documents decoded by a codec and by the rules that no single codec can see. */
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { type ConfigError, type ConfigProblem, problemsOf } from './problem.ts'

/** What a document of one kind is. */
export interface DocumentKind<A> {
  readonly codec: t.Type<A>
  /** Rules between fields. */
  readonly conflicts: (value: A) => readonly ConfigProblem[]
}

/** A decoded document. Left: `ConfigInvalid` with every problem. */
export const decodeDocument = <A>(
  { codec, conflicts }: DocumentKind<A>,
  json: unknown,
  file: string,
): E.Either<ConfigError, A> => {
  const invalid = (problems: readonly ConfigProblem[]): E.Either<ConfigError, never> =>
    E.left({ _tag: 'ConfigInvalid', file, problems })
  const decoded = codec.decode(json)
  if (E.isLeft(decoded)) return invalid(problemsOf(decoded.left))
  const problems = conflicts(decoded.right)
  return problems.length > 0 ? invalid(problems) : decoded
}

/** A decoded document from its text. Left: `ConfigSyntax`, `ConfigInvalid`. */
export const parseDocument = <A>(
  kind: DocumentKind<A>,
  source: string,
  file: string,
): E.Either<ConfigError, A> => {
  let json: unknown
  try {
    json = JSON.parse(source.replace(/^\uFEFF/, ''))
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    return E.left({ _tag: 'ConfigSyntax', file, reason })
  }
  return decodeDocument(kind, json, file)
}
