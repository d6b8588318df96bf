/** Statements of the loop IR as code. */
import type { Kernel, Scalar, Statement } from '../../loop/loop.ts'
import { contractLoops } from './contract.ts'
import type { Code } from './encode.ts'
import { scalarMemory, set, store, valueType, when, whileTrue } from './instructions.ts'
import { lanesInMemory, sequence } from './reduce.ts'
import { scalarCode, scalarPlace, sharedIn } from './scalar.ts'
import { bindLocal, type Writer, writeLoop } from './writer.ts'

type Of<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>

/** Statements in order. */
export const block = (w: Writer, statements: readonly Statement[]): Code =>
  statements.map((statement) => statementCode(w, statement))

const declare = (w: Writer, { id, value }: Of<'let' | 'var'>): Code => {
  const code = scalarCode(w, sharedIn([value]), value)
  return set(bindLocal(w, id, w.f.local(valueType[value.dtype])), code)
}

const assign = (w: Writer, { id, value }: Of<'set'>): Code =>
  set(w.bindings.get(id)!.local, scalarCode(w, sharedIn([value]), value))

const storeOne = (w: Writer, { buffer, at, value }: Of<'store'>): Code => {
  const shared = sharedIn([at.offset, value])
  const place = scalarPlace(w, shared, { dtype: value.dtype, buffer, at })
  return store(scalarMemory[value.dtype].store, place, scalarCode(w, shared, value))
}

const loop = (w: Writer, { index, extent, body }: Of<'for'>): Code =>
  writeLoop(w, index, [{ count: extent, width: 1, body: () => block(w, body) }])

const reduce = (w: Writer, statement: Of<'reduce'>): Code => {
  const inner = (): Code => block(w, statement.body)
  return statement.order === 'lanes'
    ? lanesInMemory(w, statement, inner)
    : sequence(w, statement, inner)
}

const condition = (w: Writer, value: Scalar): Code => scalarCode(w, sharedIn([value]), value)

const statementCode = (w: Writer, statement: Statement): Code => {
  switch (statement.kind) {
    case 'let':
    case 'var':
      return declare(w, statement)
    case 'set':
      return assign(w, statement)
    case 'store':
      return storeOne(w, statement)
    case 'for':
      return loop(w, statement)
    case 'reduce':
      return reduce(w, statement)
    case 'while':
      return whileTrue(condition(w, statement.condition), block(w, statement.body))
    case 'if':
      return when(
        condition(w, statement.condition),
        block(w, statement.then),
        block(w, statement.otherwise),
      )
    case 'contract':
      return statementCode(w, contractLoops(w, statement))
  }
}

/** The code of a kernel. */
export const kernelCode = (w: Writer, kernel: Kernel): Code => block(w, kernel.body)
