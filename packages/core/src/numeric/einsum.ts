/** Sums of products in index notation. */

import { promote } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import { convert } from '../primitives/elementwise.ts'
import { range, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { diagonal } from './diagonal.ts'
import { arrange, contractPair, type Labelled, sumAlone } from './labels.ts'
import { moveAxis } from './movement.ts'
import { type Operand, single } from './operand.ts'

const fail = (spec: string, tensors: readonly Tensor[], rule: string): never => {
  const named = Object.fromEntries(tensors.map((x, i) => [`operand ${i}`, x]))
  throw new ArgumentError({ operation: 'einsum', inputs: { spec, ...named }, rule })
}

/** Labels of one term; `...` stands for the axes it leaves, named from the last so that they broadcast. */
const labelsOf = (term: string, rank: number): string[] | null => {
  const [before, after, more] = term.split('...')
  if (more !== undefined || /[^a-zA-Z]/.test((before ?? '') + (after ?? ''))) return null
  const [first, last] = [[...(before ?? '')], [...(after ?? '')]]
  if (after === undefined) return first.length === rank ? first : null
  const count = rank - first.length - last.length
  return count < 0 ? null : [...first, ...range(count).map((i) => `.${count - i}`), ...last]
}

/** Without repeated labels: `ii` is the diagonal. */
const distinct = (operand: Labelled): Labelled => {
  const { x, labels } = operand
  const second = labels.findIndex((label, axis) => labels.indexOf(label) < axis)
  if (second < 0) return operand
  const first = labels.indexOf(labels[second]!)
  // the later of the two axes last, then the earlier one (which kept its place) before it
  const paired = moveAxis(moveAxis(x, second, -1), first, -2)
  const rest = labels.filter((_, axis) => axis !== first && axis !== second)
  return distinct({ x: diagonal(paired), labels: [...rest, labels[first]!] })
}

/** Output labels when the specification has no arrow: the ellipsis, then letters that occur once, in order. */
const implicit = (operands: readonly Labelled[]): string[] => {
  const all = operands.flatMap(({ labels }) => labels)
  const dots = [...new Set(all.filter((label) => label.startsWith('.')))]
  const once = all.filter(
    (label) => !label.startsWith('.') && all.indexOf(label) === all.lastIndexOf(label),
  )
  return [...dots.sort((a, b) => Number(b.slice(1)) - Number(a.slice(1))), ...once.sort()]
}

const checkSizes = (
  spec: string,
  tensors: readonly Tensor[],
  operands: readonly Labelled[],
): void => {
  const sizes = new Map<string, number>()
  for (const { x, labels } of operands) {
    labels.forEach((label, axis) => {
      const size = x.shape[axis]!
      const known = sizes.get(label) ?? size
      const stretches = label.startsWith('.') && (known === 1 || size === 1)
      if (known !== size && !stretches) {
        throw new ShapeError({
          operation: 'einsum',
          inputs: { spec, ...Object.fromEntries(tensors.map((t, i) => [`operand ${i}`, t])) },
          rule: `axis ${label} must have one size, and has ${known} and ${size}`,
        })
      }
      sizes.set(label, Math.max(known, size))
    })
  }
}

interface Choice {
  readonly i: number
  readonly j: number
  readonly result: Labelled
}

/** The pair whose product is smallest, contracted. */
const cheapest = (operands: readonly Labelled[], output: readonly string[]): Choice => {
  let best: { i: number; j: number; size: number } | null = null
  const keptFor = (i: number, j: number) =>
    new Set([...output, ...operands.flatMap(({ labels }, k) => (k === i || k === j ? [] : labels))])
  for (const j of range(operands.length)) {
    for (const i of range(j)) {
      const kept = keptFor(i, j)
      const sizes = new Map(
        [operands[i]!, operands[j]!].flatMap(({ x, labels }) =>
          labels.map((label, axis) => [label, x.shape[axis]!] as const),
        ),
      )
      const size = sizeOf([...sizes].flatMap(([label, n]) => (kept.has(label) ? [n] : [])))
      if (best === null || size < best.size) best = { i, j, size }
    }
  }
  const { i, j } = best!
  return { i, j, result: contractPair(operands[i]!, operands[j]!, keptFor(i, j)) }
}

/**
 * Sum of products in index notation: `'ij,jk->ik'` is the matrix product. Letters name axes; a letter absent after `->` is
 * summed, a letter repeated within a term takes the diagonal, `...` stands for axes that broadcast. Operands are
 * contracted pair by pair, smallest product first.
 * @example
 * ```ts
 * import { einsum, tensor } from '@rootstock/core'
 * console.log(einsum('ij,kj->ik', tensor([[1, 2]]), tensor([[3, 4]])).toArray()) // [ [ 11 ] ]
 * ```
 */
export const einsum = (spec: string, ...operands: readonly Operand[]): Tensor => {
  const given = operands.map((x, i) => single('einsum', x, 'number', `operand ${i}`))
  const dtype = given.map((x) => x.dtype).reduce(promote, 'int32')
  const tensors = given.map((x) => convert(x, { dtype }))
  const [inputs, target, more] = spec.replaceAll(' ', '').split('->')
  const terms = (inputs ?? '').split(',')
  if (more !== undefined || terms.length !== tensors.length || tensors.length === 0) {
    fail(
      spec,
      tensors,
      'spec must have one term per operand, separated by commas, and at most one arrow',
    )
  }
  const named = terms.map((term, i) => {
    const labels =
      labelsOf(term, tensors[i]!.rank) ??
      fail(
        spec,
        tensors,
        `term ${term} must name each of the ${tensors[i]!.rank} axes of operand ${i}`,
      )
    return { x: tensors[i]!, labels }
  })
  checkSizes(spec, tensors, named)
  let rest: readonly Labelled[] = named.map(distinct)
  const dots = implicit(rest).filter((label) => label.startsWith('.'))
  const output =
    target === undefined
      ? implicit(named)
      : (labelsOf(
          target,
          target.includes('...') ? dots.length + target.length - 3 : target.length,
        ) ??
        fail(
          spec,
          tensors,
          'the result must be letters, each at most once, and at most one ellipsis',
        ))
  const known = new Set(named.flatMap(({ labels }) => labels))
  if (new Set(output).size !== output.length || output.some((label) => !known.has(label))) {
    fail(
      spec,
      tensors,
      'each letter of the result must occur in a term, and only once in the result',
    )
  }
  while (rest.length > 1) {
    const { i, j, result } = cheapest(rest, output)
    rest = [...rest.filter((_, k) => k !== i && k !== j), result]
  }
  return arrange(sumAlone(rest[0]!, new Set(output)), output)
}
