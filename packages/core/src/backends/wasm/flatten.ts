/** Bodies of loops without locals of their own. */
import { loadsOf } from '../../loop/access.ts'
import type { Address, Scalar, Statement } from '../../loop/loop.ts'

type Store = Extract<Statement, { readonly kind: 'store' }>
type Load = Extract<Scalar, { readonly op: 'load' }>

/** What an iteration stores, the value it has for somebody else, and all it loads; a node has the same value throughout. */
export interface Flat {
  readonly stores: readonly Store[]
  readonly value: Scalar | undefined
  readonly loads: readonly Load[]
}

/** Puts values in the place of locals; null for bodies that have other statements, or load from what they have stored to. */
export const flatten = (body: readonly Statement[], value: Scalar | undefined): Flat | null => {
  const lets = new Map<number, Scalar>()
  const known = new Map<Scalar, Scalar>()
  const stores: Store[] = []
  const loads: Load[] = []
  const flatPlace = (place: Address): Address =>
    place.offset === undefined ? place : { ...place, offset: flat(place.offset) }
  const rebuilt = (node: Scalar): Scalar => {
    if (node.op === 'const') return node
    if (node.op === 'local') return lets.get(node.id) ?? node
    if (node.op === 'index') return { ...node, at: flatPlace(node.at) }
    if (node.op !== 'load')
      return { ...node, args: node.args.map(flat) as readonly Scalar[] } as Scalar
    const result = { ...node, at: flatPlace(node.at) }
    loads.push(result)
    return result
  }
  const flat = (node: Scalar): Scalar => {
    const result = known.get(node) ?? rebuilt(node)
    known.set(node, result)
    return result
  }
  const last: readonly Statement[] =
    value === undefined ? [] : [{ kind: 'let', id: Infinity, value }]
  for (const statement of [...body, ...last]) {
    const isLate = loadsOf([statement]).some((load) => stores.some((x) => x.buffer === load.buffer))
    if (isLate) return null
    if (statement.kind === 'let') lets.set(statement.id, flat(statement.value))
    else if (statement.kind === 'store') {
      stores.push({ ...statement, at: flatPlace(statement.at), value: flat(statement.value) })
    } else return null
  }
  return { stores, value: lets.get(Infinity), loads }
}
