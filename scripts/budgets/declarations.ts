/** Counts the members of what a file declares, from its text: a budget must be readable while the code is broken. */
import type { Declaration, Expression } from 'oxc-parser'
import type { SourceFile } from '../source/sourceFile.ts'

const declarations = ({ parsed }: SourceFile): Declaration[] =>
  parsed.program.body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration') return []
    return statement.declaration === null ? [] : [statement.declaration]
  })

/** Methods and fields of an exported interface. */
export const countMembers = (file: SourceFile, name: string): number => {
  for (const node of declarations(file)) {
    if (node.type === 'TSInterfaceDeclaration' && node.id.name === name)
      return node.body.body.length
  }
  throw new Error(`${file.path}: there is no interface ${name}`)
}

const withoutAs = (node: Expression | null): Expression | null =>
  node?.type === 'TSAsExpression' || node?.type === 'TSSatisfiesExpression'
    ? withoutAs(node.expression)
    : node

/** Properties of an exported object literal. */
export const countProperties = (file: SourceFile, name: string): number => {
  for (const node of declarations(file)) {
    if (node.type !== 'VariableDeclaration') continue
    for (const { id, init } of node.declarations) {
      const value = withoutAs(init)
      if (id.type !== 'Identifier' || id.name !== name) continue
      if (value?.type === 'ObjectExpression') return value.properties.length
    }
  }
  throw new Error(`${file.path}: there is no object ${name}`)
}
