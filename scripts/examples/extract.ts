/**
 * Finds the programs in documentation: every fenced `ts` block of a docstring, and of a Markdown page. A program keeps the
 * line numbers of the text it comes from, so that a compiler error or a stack trace points at the documentation.
 */

/** A program written in documentation. */
export interface Example {
  /** The file that holds it, relative to the root. */
  readonly path: string
  /** Line, from 1, of its first statement. */
  readonly line: number
  /** The code on the lines it has in the file; all other lines are empty. */
  readonly code: string
}

interface Block {
  readonly line: number
  readonly lines: readonly string[]
}

const fence = /^```(\S*)/

/** Fenced `ts` blocks of lines that have had their comment prefix taken off; null stands for a line outside comments. */
const blocksOf = (lines: readonly (string | null)[]): Block[] => {
  const blocks: Block[] = []
  let open: { line: number; lines: string[]; runs: boolean } | null = null
  lines.forEach((line, i) => {
    const mark = line === null ? null : fence.exec(line)
    if (open === null) {
      if (mark !== null) open = { line: i + 2, lines: [], runs: mark[1] === 'ts' }
    } else if (mark === null) {
      open.lines.push(line ?? '')
    } else {
      if (open.runs) blocks.push(open)
      open = null
    }
  })
  return blocks
}

const toExample = (path: string, blocks: readonly Block[]): Example => {
  const code: string[] = []
  for (const { line, lines } of blocks) {
    while (code.length < line - 1) code.push('')
    code.push(...lines)
  }
  // a file without imports is a script, and its names would be global
  return { path, line: blocks[0]?.line ?? 1, code: `${code.join('\n')}\nexport {}\n` }
}

/** Each block of a docstring is a program of its own. */
export const examplesOfSource = (path: string, text: string): Example[] => {
  const lines = text.split('\n').map((line) => /^\s*\*(?!\/) ?(.*)$/.exec(line)?.[1] ?? null)
  return blocksOf(lines).map((block) => toExample(path, [block]))
}

/** On a page, a block that begins with an import begins a program; any other goes on with the one before it. */
export const examplesOfPage = (path: string, text: string): Example[] => {
  const programs: Block[][] = []
  for (const block of blocksOf(text.split('\n'))) {
    const begins = block.lines.find((line) => line.trim() !== '')?.startsWith('import ') ?? true
    const last = programs.at(-1)
    if (begins || last === undefined) programs.push([block])
    else last.push(block)
  }
  return programs.map((blocks) => toExample(path, blocks))
}
