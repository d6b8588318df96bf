/** The items in their order, but each after those that it needs, which must be among them. Needs must not go in circles. */
export const inOrder = <T>(items: Iterable<T>, needsOf: (item: T) => Iterable<T>): T[] => {
  const done = new Set<T>()
  for (const root of items) {
    const todo = [root]
    for (let top = todo.at(-1); top !== undefined; top = todo.at(-1)) {
      const missing = done.has(top) ? [] : [...needsOf(top)].filter((x) => !done.has(x))
      if (missing.length > 0) todo.push(...missing)
      else done.add(todo.pop()!)
    }
  }
  return [...done]
}
