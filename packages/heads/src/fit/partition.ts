/**
 * Parameters in two trees of one structure: those that are trained and those that stay. The optimiser never sees the second
 * tree, so frozen parameters keep every bit and cost no gradient.
 */
import { ArgumentError, flatten, paths } from '@rootstock/core'

/** Two trees with the structure of the parameters; each has `undefined` where the other has a leaf. */
export interface Partition<Params> {
  readonly trained: Params
  readonly frozen: Params
}

const isUnder = (path: string, prefix: string): boolean =>
  path === prefix || path.startsWith(`${prefix}/`)

/**
 * Splits parameters: leaves at or under one of the paths are frozen. Throws when a path names nothing.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { partition } from '@rootstock/heads'
 * const params = { trunk: tensor(1), head: tensor(2) }
 * const { trained, frozen } = partition('fit', params, ['trunk'])
 * console.log(trained.trunk, frozen.trunk.item()) // undefined 1
 * ```
 */
export const partition = <Params>(
  operation: string,
  params: Params,
  frozen: readonly string[],
): Partition<Params> => {
  const leaves = paths(params)
  const unknown = frozen.find((prefix) => !leaves.some(([path]) => isUnder(path, prefix)))
  if (unknown !== undefined) {
    throw new ArgumentError({
      operation,
      inputs: { frozen: unknown },
      rule: `no parameter has this path; parameters are ${leaves.map(([path]) => path).join(', ')}`,
    })
  }
  const isFrozen = leaves.map(([path]) => frozen.some((prefix) => isUnder(path, prefix)))
  const structure = flatten(params)[1]
  const pick = (wanted: boolean) =>
    structure.build(
      leaves.map(([, leaf], i) => (isFrozen[i] === wanted ? leaf : undefined)),
    ) as Params
  return { trained: pick(false), frozen: pick(true) }
}

const overlay = (over: unknown, under: unknown): unknown => {
  if (over === undefined) return under
  if (under === undefined) return over
  if (Array.isArray(over)) {
    return over.map((child, i) => overlay(child, (under as readonly unknown[])[i]))
  }
  if (Object.getPrototypeOf(over) !== Object.prototype) return over
  const below = under as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries(over as object).map(([key, child]) => [key, overlay(child, below[key])]),
  )
}

/**
 * Undoes `partition`.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { join, partition } from '@rootstock/heads'
 * const params = { trunk: tensor(1), head: tensor(2) }
 * console.log(join(partition('fit', params, ['trunk'])).head.item()) // 2
 * ```
 */
export const join = <Params>({ trained, frozen }: Partition<Params>): Params =>
  overlay(trained, frozen) as Params
