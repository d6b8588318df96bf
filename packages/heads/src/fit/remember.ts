/**
 * Compiled functions kept for the objects they were compiled from, as long as those live. A comparison trains the same model
 * hundreds of times; it compiles once.
 */

/**
 * `make` remembered for a list of objects, as long as these live: the same objects give the same result.
 * @example
 * ```ts
 * import { remember } from '@rootstock/heads'
 * const doubled = remember((x: readonly number[]) => x.map((value) => 2 * value))
 * const x = [1, 2]
 * console.log(doubled(x) === doubled(x)) // true
 * ```
 */
export const remember = <Keys extends readonly object[], Made>(
  make: (...keys: Keys) => Made,
): ((...keys: Keys) => Made) => {
  const root = new WeakMap<object, unknown>()
  return (...keys) => {
    let level = root
    for (const key of keys.slice(0, -1)) {
      const next = level.get(key) ?? new WeakMap<object, unknown>()
      level.set(key, next)
      level = next as WeakMap<object, unknown>
    }
    const last = keys.at(-1)!
    if (!level.has(last)) level.set(last, make(...keys))
    return level.get(last) as Made
  }
}
