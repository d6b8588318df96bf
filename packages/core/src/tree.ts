/**
 * Trees: plain objects and arrays with leaves. Parameters, optimiser states and batches are trees; transformations take
 * them apart into a list of leaves and a structure, and put results back together. Class instances are leaves.
 */
import { Tensor } from './tensor.ts'

/** A tree of `Leaf`: the leaf itself, or plain arrays and objects of trees. */
export type Tree<Leaf> = Leaf | readonly Tree<Leaf>[] | { readonly [key: string]: Tree<Leaf> }

/** The same structure with other leaves. */
export type Mapped<T, From, To> = T extends From
  ? To
  : T extends readonly unknown[]
    ? { [K in keyof T]: Mapped<T[K], From, To> }
    : T extends object
      ? { [K in keyof T]: Mapped<T[K], From, To> }
      : T

/** The shape of a tree without its leaves; compare by `key`. */
export interface Structure {
  readonly key: string
  readonly build: (leaves: readonly unknown[]) => unknown
  readonly leaves: number
}

const isPlain = (x: unknown): x is Record<string, unknown> => {
  if (typeof x !== 'object' || x === null) return false
  const prototype: unknown = Object.getPrototypeOf(x)
  return prototype === Object.prototype || prototype === null
}

const isBranch = (x: unknown): x is readonly unknown[] | Record<string, unknown> =>
  Array.isArray(x) || isPlain(x)

// Object keys are visited in insertion order, so that a tree's leaves are in the order the user wrote them.
const visit = (tree: unknown, path: string, leaf: (x: unknown, path: string) => void): void => {
  if (tree === undefined) return
  if (!isBranch(tree)) leaf(tree, path)
  else {
    const prefix = path === '' ? '' : `${path}/`
    for (const [key, child] of Object.entries(tree)) visit(child, prefix + key, leaf)
  }
}

/** Leaves of a tree in order. `undefined` entries are absent. */
export const leaves = (tree: unknown): unknown[] => {
  const found: unknown[] = []
  visit(tree, '', (x) => found.push(x))
  return found
}

/** Leaves with their paths, `layers/0/weight`. */
export const paths = (tree: unknown): (readonly [path: string, leaf: unknown])[] => {
  const found: (readonly [string, unknown])[] = []
  visit(tree, '', (x, path) => found.push([path, x]))
  return found
}

const keyOf = (tree: unknown): string => {
  if (tree === undefined) return '_'
  if (Array.isArray(tree)) return `[${tree.map(keyOf).join(',')}]`
  if (!isPlain(tree)) return '*'
  return `{${Object.entries(tree)
    .map(([key, child]) => `${JSON.stringify(key)}:${keyOf(child)}`)
    .join(',')}}`
}

const rebuild = (tree: unknown, next: () => unknown): unknown => {
  if (tree === undefined) return undefined
  if (Array.isArray(tree)) return tree.map((child) => rebuild(child, next))
  if (!isPlain(tree)) return next()
  // defineProperty semantics of fromEntries: a key named __proto__ stays an ordinary key
  return Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, rebuild(child, next)]))
}

/** Takes a tree apart into leaves and structure. */
export const flatten = (tree: unknown): readonly [leaves: unknown[], structure: Structure] => {
  const found = leaves(tree)
  // the structure must not keep the leaves alive
  const skeleton = rebuild(tree, () => 0)
  const build = (values: readonly unknown[]): unknown => {
    let i = 0
    return rebuild(skeleton, () => values[i++])
  }
  return [found, { key: keyOf(tree), build, leaves: found.length }]
}

/**
 * Applies a function to every leaf. Further trees must have the same structure; their leaves are passed along.
 * @example
 * ```ts
 * import { map } from '@rootstock/core'
 * console.log(map((x: number) => 2 * x, { a: 1, b: [2, 3] })) // { a: 2, b: [4, 6] }
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: leaves of several trees have no common type the compiler can follow
export const map = <T, To>(
  f: (leaf: any, ...others: any[]) => To,
  tree: T,
  ...others: unknown[]
): any => {
  const [first, structure] = flatten(tree)
  const rest = others.map((other) => {
    const [values, shape] = flatten(other)
    if (shape.key !== structure.key) {
      throw new TypeError(`map: trees differ in structure: ${structure.key} and ${shape.key}`)
    }
    return values
  })
  return structure.build(first.map((leaf, i) => f(leaf, ...rest.map((values) => values[i]))))
}

/** Leaves that must be tensors; anything else is named by its path. */
export const tensors = (tree: unknown, operation: string): Tensor[] =>
  paths(tree).map(([path, leaf]) => {
    if (leaf instanceof Tensor) return leaf
    throw new TypeError(`${operation}: expected a tensor at "${path}", found ${typeof leaf}`)
  })
