/** Text for a terminal: lines that fit, with what they are about before them. */

const columns = 100
const labelWidth = 13

/** Words in lines of at most 100 columns. The label stands before the first; the others are indented as far. */
export const paragraph = (label: string, text: string): string => {
  const room = columns - labelWidth
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || line.length + 1 + word.length > room) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines.map((line, i) => `${(i === 0 ? label : '').padEnd(labelWidth)}${line}`).join('\n')
}
