/** Number of entries for which a condition holds. */
export const countWhere = (values: ArrayLike<number>, holds: (value: number) => boolean): number =>
  Array.from(values).filter(holds).length
