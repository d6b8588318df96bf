/** What the programs of this package do with their command lines. */

/** A number greater than 0; throws an `Error` that names the option. */
export const positive = (name: string, text: string): number => {
  const value = Number(text)
  if (value > 0) return value
  throw new Error(`--${name} must be a number greater than 0, not ${text}`)
}

/**
 * Runs a program on this process's arguments and gives its exit code. `parse` throws where it cannot understand them, which
 * gives 2, and gives null for a request for help.
 */
export const runCommand = async <R>(
  parse: (args: readonly string[]) => R | null,
  usage: string,
  run: (request: R) => Promise<number>,
): Promise<number> => {
  let request: R | null
  try {
    request = parse(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`)
    return 2
  }
  if (request !== null) return run(request)
  process.stdout.write(`${usage}\n`)
  return 0
}
