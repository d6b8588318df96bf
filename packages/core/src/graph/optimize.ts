/** The graph -> graph passes in their order. */
import type { Graph } from './graph.ts'
import { joinHeads } from './heads.ts'
import { inline } from './inline.ts'
import { simplify, simplifyApart } from './simplify.ts'

/** A pass: the same function, written differently. */
export type Pass = (graph: Graph) => Graph

/** Passes that run before scheduling. Calls are opened once repetitions are gone, so that those inside calls stay. */
export const passes: readonly Pass[] = [simplify, inline, simplifyApart, joinHeads]

/** The same function, bit for bit, with fewer equations and no calls. */
export const optimize: Pass = (graph) => passes.reduce((result, pass) => pass(result), graph)
