/** From graphs to executables, compiled once per backend. */
import type { Backend, Executable } from '../backends/backend.ts'
import type { Graph } from '../graph/graph.ts'
import { lower } from '../graph/lower.ts'
import { currentBackend } from './backend.ts'

const compiled = new WeakMap<Graph, Map<Backend, Executable>>()

/** The executable of a graph on the backend in force. */
export const compile = (graph: Graph): Executable => {
  const backend = currentBackend()
  const known = compiled.get(graph) ?? new Map<Backend, Executable>()
  compiled.set(graph, known)
  const found = known.get(backend) ?? backend.compile(lower(graph))
  known.set(backend, found)
  return found
}
