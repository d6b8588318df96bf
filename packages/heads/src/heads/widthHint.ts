/** What to say when a head meets a trunk of another width. */

/** The hint of a ShapeError in a head. */
export const widthHint = (given: number, width: number): string =>
  `the trunk is declared with out: ${given}; this head was initialised for ${width} features`
