/** Who may import whom. A direction that is not written here is a mistake. */

/** The packages each package may know. */
export const packageDirections = {
  core: [],
  native: ['core'],
  data: ['core'],
  heads: ['core'],
  pretrain: ['core', 'data', 'heads'],
  eval: ['core', 'data', 'heads'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** The npm packages, by first path segment of the specifier, that the sources of a package may import. */
export const externals: Readonly<Record<keyof typeof packageDirections, readonly string[]>> = {
  core: [],
  native: ['fp-ts', 'koffi', 'node:'],
  data: ['apache-arrow', 'fp-ts', 'hyparquet', 'hyparquet-compressors', 'io-ts', 'node:'],
  heads: ['fp-ts'],
  pretrain: ['fp-ts'],
  eval: ['apache-arrow', 'fp-ts', 'node:'],
}

/** A part of core: the files under these paths, and the parts whose values they may import beside their own. */
export interface Layer {
  readonly paths: readonly string[]
  readonly below: readonly string[]
  /** Parts of which only types may be imported: they are erased, so nothing depends on them when it runs. */
  readonly types?: readonly string[]
}

/** The parts of core from the ground up. The longest path that fits a file names its part. */
export const coreLayers: Readonly<Record<string, Layer>> = {
  foundation: {
    paths: ['dtype.ts', 'shape.ts', 'errors.ts', 'tensor.ts', 'tree.ts', 'backends/storage.ts'],
    below: [],
  },
  loop: { paths: ['loop/'], below: ['foundation'] },
  backends: { paths: ['backends/'], below: ['loop', 'foundation'] },
  // a graph holds primitives as data: it reads their rules and never names one
  graph: { paths: ['graph/'], below: ['loop', 'foundation'], types: ['calculus'] },
  // derivative rules are written with primitives, and primitives are applied by interpreters
  calculus: { paths: ['trace/', 'primitives/'], below: ['graph', 'loop', 'foundation'] },
  numeric: { paths: ['numeric/'], below: ['calculus', 'foundation'], types: ['graph'] },
  // the one place that joins the compiler and the backends
  engine: { paths: ['engine/'], below: ['calculus', 'graph', 'backends', 'foundation'] },
  transforms: {
    paths: ['transforms/'],
    below: ['engine', 'numeric', 'calculus', 'graph', 'foundation'],
    types: ['backends'],
  },
  models: { paths: ['optim/', 'init/'], below: ['numeric', 'transforms', 'foundation'] },
  surface: {
    paths: ['index.ts', 'backend.ts', 'conformance/'],
    below: [
      'models',
      'transforms',
      'engine',
      'numeric',
      'calculus',
      'graph',
      'backends',
      'loop',
      'foundation',
    ],
  },
}
