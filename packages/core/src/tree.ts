/**
 * Trees: plain objects and arrays with leaves. Parameters, optimiser states and batches are trees; transformations take
 * them apart into a list of leaves and a structure, and put results back together. Class instances are leaves.
 */
import { ArgumentError } from './errors.ts'
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
  readonly leaves: number
  readonly build: (leaves: readonly unknown[]) => unknown
  /** Appends the leaves of a tree of this structure to a list; false, with part of them appended, for any other tree. */
  readonly read: (tree: unknown, into: unknown[]) => boolean
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

/** A structure as data: `names` of the children of objects, null for arrays. */
type Skeleton =
  | 'absent'
  | 'leaf'
  | { readonly names: readonly string[] | null; readonly children: readonly Skeleton[] }

const skeletonOf = (tree: unknown): Skeleton => {
  if (tree === undefined) return 'absent'
  if (Array.isArray(tree)) return { names: null, children: Array.from(tree, skeletonOf) }
  if (!isPlain(tree)) return 'leaf'
  return { names: Object.keys(tree), children: Object.values(tree).map(skeletonOf) }
}

const keyOf = (skeleton: Skeleton): string => {
  if (skeleton === 'absent') return '_'
  if (skeleton === 'leaf') return '*'
  const { names, children } = skeleton
  if (names === null) return `[${children.map(keyOf).join(',')}]`
  return `{${children.map((child, i) => `${JSON.stringify(names[i])}:${keyOf(child)}`).join(',')}}`
}

/** A tree with the leaves that `next` gives. */
const build = (skeleton: Skeleton, next: () => unknown): unknown => {
  if (skeleton === 'absent') return undefined
  if (skeleton === 'leaf') return next()
  const { names, children } = skeleton
  if (names === null) return children.map((child) => build(child, next))
  const result: Record<string, unknown> = {}
  for (let i = 0; i < children.length; i++) {
    const value = build(children[i]!, next)
    // assigning it would set the prototype instead
    if (names[i] === '__proto__') Object.defineProperty(result, '__proto__', { value, ...ordinary })
    else result[names[i]!] = value
  }
  return result
}

const ordinary = { configurable: true, enumerable: true, writable: true } as const

const read = (skeleton: Skeleton, tree: unknown, into: unknown[]): boolean => {
  if (skeleton === 'absent') return tree === undefined
  if (skeleton === 'leaf') {
    if (tree === undefined || isBranch(tree)) return false
    into.push(tree)
    return true
  }
  const { names, children } = skeleton
  if (names === null) {
    if (!Array.isArray(tree) || tree.length !== children.length) return false
    for (let i = 0; i < children.length; i++) if (!read(children[i]!, tree[i], into)) return false
    return true
  }
  if (!isPlain(tree)) return false
  const found = Object.keys(tree)
  if (found.length !== children.length) return false
  for (let i = 0; i < children.length; i++) {
    if (found[i] !== names[i] || !read(children[i]!, tree[names[i]!], into)) return false
  }
  return true
}

/** Takes a tree apart into leaves and structure, which does not keep the leaves alive. */
export const flatten = (tree: unknown): readonly [leaves: unknown[], structure: Structure] => {
  const found: unknown[] = []
  const skeleton = skeletonOf(tree)
  read(skeleton, tree, found)
  const structure: Structure = {
    key: keyOf(skeleton),
    leaves: found.length,
    build: (values) => {
      let i = 0
      return build(skeleton, () => values[i++])
    },
    read: (other, into) => read(skeleton, other, into),
  }
  return [found, structure]
}

/**
 * Applies a function to every leaf. Further trees must have the same structure; their leaves are passed along.
 * @example
 * ```ts
 * import { map } from '@rootstock/core'
 * console.log(map((x: number) => 2 * x, { a: 1, b: [2, 3] })) // { a: 2, b: [4, 6] }
 * ```
 */
export const map = <T, To>(
  // biome-ignore lint/suspicious/noExplicitAny: leaves of several trees have no common type the compiler can follow
  f: (leaf: any, ...others: any[]) => To,
  tree: T,
  ...others: unknown[]
  // biome-ignore lint/suspicious/noExplicitAny: a tree of the same structure, which is as precise as a type can say
): any => {
  const [first, structure] = flatten(tree)
  const rest = others.map((other) => {
    const [values, shape] = flatten(other)
    if (shape.key !== structure.key) {
      throw new ArgumentError({
        operation: 'map',
        inputs: { first: structure.key, other: shape.key },
        rule: 'all trees must have the same structure, where * is a leaf',
      })
    }
    return values
  })
  return structure.build(first.map((leaf, i) => f(leaf, ...rest.map((values) => values[i]))))
}

/** Leaves that must be tensors; anything else is named by its path. */
export const tensors = (tree: unknown, operation: string): Tensor[] =>
  paths(tree).map(([path, leaf]) => {
    if (leaf instanceof Tensor) return leaf
    throw new ArgumentError({
      operation,
      inputs: { [path]: leaf },
      rule: 'every leaf must be a tensor',
    })
  })
