/** A suite that passes everything proves nothing: backends that are wrong in one way each must fail it. */
import { type Backend, referenceBackend, type TypedArray } from '@rootstock/core'
import { hostStorage, type Program, readStorage } from '@rootstock/core/backend'
import { conformance } from '@rootstock/core/conformance'
import { describe, expect, it } from 'vitest'

/** Names of the cases that a backend fails: of large products, or of all but those, primitives and graphs. */
const failing = (backend: Backend, which: 'usual' | 'large' = 'usual'): string[] =>
  conformance(() => backend, { graphs: 0 })
    .filter(({ name }) =>
      which === 'large' ? name.startsWith('zeros') : !/^(\w+, |zeros)/.test(name),
    )
    .flatMap(({ name, run }) => {
      try {
        run()
        return []
      } catch {
        return [name]
      }
    })

type Run = ReturnType<Backend['compile']>['run']

/** The reference with another way of running. */
const running = (change: (run: Run) => Run, reference = referenceBackend()): Backend => {
  return {
    ...reference,
    compile: (program) => ({ run: change(reference.compile(program).run) }),
  }
}

/** The reference with programs rewritten node by node. */
const rewriting = (change: (node: Record<string, unknown>) => object): Backend => {
  const reference = referenceBackend()
  const rewrite = (program: Program): Program => {
    const done = new Map<object, unknown>()
    const visit = (x: unknown): unknown => {
      if (typeof x !== 'object' || x === null || ArrayBuffer.isView(x)) return x
      const known = done.get(x)
      if (known !== undefined) return known
      const copy = Array.isArray(x)
        ? x.map(visit)
        : change(Object.fromEntries(Object.entries(x).map(([key, part]) => [key, visit(part)])))
      done.set(x, copy)
      return copy
    }
    return visit(program) as Program
  }
  return { ...reference, compile: (program) => reference.compile(rewrite(program)) }
}

const when =
  (key: string, value: unknown, other: object) =>
  (node: Record<string, unknown>): object =>
    node[key] === value ? { ...node, ...other } : node

/** Every element of every output changed. */
const nudging = (change: (value: number) => number, reference = referenceBackend()): Backend =>
  running(
    (run) => (inputs, donated) => {
      const outputs = run(inputs, donated)
      for (const array of outputs.map(readStorage)) {
        for (let i = 0; i < array.length; i++) array[i] = change(array[i]!)
      }
      return outputs
    },
    reference,
  )

describe('a backend fails', () => {
  it('that is off in the last bit', () => {
    const found = failing(nudging((x) => x * (1 + 2 ** -23)))
    expect(found).toContain('scalar add of float32')
    expect(found).toContain('contract float32: a by rows, b by rows, c by rows')
  })

  it('that loses the sign of zero', () => {
    const found = failing(nudging((x) => x + 0))
    expect(found).toContain('scalar neg of float64')
    expect(found).toContain('reduce min of float32 in lanes')
  })

  it('that shifts in signs', () => {
    expect(failing(rewriting(when('op', 'shr', { op: 'div' })))).toEqual(['scalar shr of int32'])
  })

  it('that takes the other extremum', () => {
    const found = failing(rewriting(when('op', 'min', { op: 'max' })))
    expect(found).toContain('scalar min of int32')
    expect(found).toContain('reduce min of float64 in sequence')
  })

  it('that adds in another order', () => {
    expect(failing(rewriting(when('order', 'lanes', { order: 'sequence' })))).toEqual([
      'reduce add of float32 in lanes',
      'reduce mul of float32 in lanes',
      'reduce add of float64 in lanes',
      'reduce mul of float64 in lanes',
    ])
  })

  it('that says nothing of its fused contractions', () => {
    const found = failing({ ...referenceBackend({ fused: true }), fused: false })
    expect(found.length).toBeGreaterThan(0)
    expect(found.every((name) => name.startsWith('contract float'))).toBe(true)
  })

  it('that passes over zeros where they meet infinity', () => {
    const found = failing(
      nudging((x) => (Number.isNaN(x) ? 0 : x)),
      'large',
    )
    expect(found).toEqual([
      'zeros of a that meet infinity, float32',
      'zeros of a that meet infinity, float64',
      'zeros of b that meet infinity, float32',
      'zeros of b that meet infinity, float64',
    ])
  })

  it('that passes over zeros where fused products leave -0', () => {
    const found = failing(
      nudging((x) => x + 0, referenceBackend({ fused: true })),
      'large',
    )
    expect(found).toEqual(['zeros in sums of -0, float32', 'zeros in sums of -0, float64'])
  })

  it('that runs reversed loops forwards', () => {
    expect(failing(rewriting(when('reverse', true, { reverse: false })))).toEqual([
      'a loop of 3 steps, reversed',
      'a loop in a loop',
    ])
  })

  it('that takes the wrong branch', () => {
    const found = failing(
      rewriting((node) =>
        node.kind === 'branch' ? { ...node, then: node.otherwise, otherwise: node.then } : node,
      ),
    )
    expect(found).toEqual([
      'a branch on 1 of bool',
      'a branch on 0 of bool',
      'a branch on -7 of int32',
      'a branch on 0 of int32',
    ])
  })

  it('that ignores where an address begins', () => {
    expect(failing(rewriting(when('base', 1, { base: 0 })))).toContain('strides over 9 of bool')
  })

  it('that writes over an input it was not given', () => {
    const found = failing(
      running((run) => (inputs, donated) => {
        const outputs = run(inputs, donated)
        inputs.forEach((input) => {
          readStorage(input).fill(0)
        })
        return outputs
      }),
    )
    expect(found).toContain('scalar add of int32')
  })

  it('that puts results of later runs in the place of earlier ones', () => {
    const places = new Map<string, TypedArray>()
    const found = failing(
      running(
        (run) => (inputs, donated) =>
          run(inputs, donated).map((output, i) => {
            const array = readStorage(output)
            const name = `${output.dtype} ${output.length} ${i}`
            const place = places.get(name) ?? array
            place.set(array)
            places.set(name, place)
            return hostStorage(output.dtype, place)
          }),
      ),
    )
    expect(found).toContain('results last')
  })

  it('that reuses donated memory too early', () => {
    const found = failing(
      running((run) => (inputs, donated) => {
        if (donated[0]) readStorage(inputs[0]!).fill(1)
        return run(inputs, donated)
      }),
    )
    expect(found).toEqual([
      'donated inputs give the same results: 5 elements',
      'donated inputs give the same results: 20000 elements',
      'donated state takes no more memory: 5 elements',
      'donated state takes no more memory: 20000 elements',
    ])
  })

  it('that never frees', () => {
    let bytes = 0
    const leaking = running((run) => (inputs, donated) => {
      const outputs = run(inputs, donated)
      bytes += outputs.reduce((sum, { length }) => sum + 4 * length, 0)
      return outputs
    })
    const found = failing({
      ...leaking,
      memory: () => ({ resident: bytes, arena: 0, reserved: bytes }),
    })
    expect(found).toEqual([
      'donated state takes no more memory: 5 elements',
      'donated state takes no more memory: 20000 elements',
    ])
  })

  it('that returns one cell twice', () => {
    const found = failing(
      running((run) => (inputs, donated) => {
        const outputs = run(inputs, donated)
        return outputs.map(() => outputs[0]!)
      }),
    )
    expect(found).toContain('outputs are cells of their own')
  })
})
