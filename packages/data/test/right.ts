/** What is inside of an Either, for tests that know which side it is. */
import { type ConfigError, type DataError, explain, explainConfig } from '@rootstock/data'
import * as E from 'fp-ts/lib/Either.js'

const isConfigError = (error: DataError | ConfigError): error is ConfigError =>
  error._tag.startsWith('Config')

const explained = (error: DataError | ConfigError): string =>
  isConfigError(error) ? explainConfig(error) : explain(error)

/** The value; a failure fails the test with its message. */
export const right = <A>(either: E.Either<DataError | ConfigError, A>): A => {
  if (E.isRight(either)) return either.right
  throw new Error(explained(either.left))
}

/** The message for a user; a success fails the test. */
export const message = (either: E.Either<DataError | ConfigError, unknown>): string => {
  if (E.isLeft(either)) return explained(either.left)
  throw new Error('there is no error')
}

/** True for a success, and for a failure whose message begins with the name of the file. */
export const isReadOrExplained = (
  either: E.Either<DataError | ConfigError, unknown>,
  file: string,
): boolean => E.isRight(either) || explained(either.left).startsWith(file)
