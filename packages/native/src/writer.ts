/** What the writers of statements share. */
import type { Scalar, Statement } from '@rootstock/core/backend'
import { type Names, type ScalarWriter, scalarWriter } from './scalar.ts'
import type { Division } from './task.ts'

/** Texts of a first index and of the one behind the last. */
export type Range = readonly [from: string, to: string]

/** What writing the statements of one kernel needs. */
export interface Writer extends Names {
  /** What a part has of a loop or a product that threads share; null when it is not shared. */
  readonly range: (statement: Statement, by: Division['by']) => Range | null
  /** True for buffers that do not stay in a core's caches. */
  readonly isLarge: (buffer: number) => boolean
  /** True for buffers that the kernel only writes, beside more data than caches hold. */
  readonly isStreamed: (buffer: number) => boolean
  /** Buffers that the kernel reads. */
  readonly read: ReadonlySet<number>
}

/** Writes statements of a block. */
export type Block = (statements: readonly Statement[]) => readonly string[]

/** True for what compilers put on vectors as it stands: a value, or a store. */
export const isPlain = ({ kind }: Statement): boolean => kind === 'let' || kind === 'store'

/** Statements of one kind. */
export type Of<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>

/** Lines of a block. */
export const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

/** One statement around which the declarations of its shared nodes stand. */
export const scoped = (
  writer: Writer,
  roots: readonly Scalar[],
  line: (scalars: ScalarWriter) => string,
): string[] => {
  const scalars = scalarWriter(roots, writer)
  const text = line(scalars)
  return [...scalars.declarations, text]
}
