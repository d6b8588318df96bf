import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apart } from '../../src/graph/draw/place.ts'
import { numberText } from '../../src/graph/draw/svg.ts'
import {
  draw,
  exp,
  grad,
  less,
  mul,
  placeholder,
  sin,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
  where,
} from '../../src/index.ts'
import { models } from '../models.ts'

/** Throws unless every tag is closed in order. */
const expectWellFormed = (svg: string): void => {
  const open: string[] = []
  for (const [, close, name, rest] of svg.matchAll(/<(\/?)([a-z]+)([^<>]*)>/gi)) {
    if (close === '/') expect(open.pop()).toBe(name)
    else if (!rest!.endsWith('/')) open.push(name!)
  }
  expect(open).toEqual([])
  expect(svg.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/)
}

const attribute = (tag: string, name: string): number =>
  Number(new RegExp(`${name}="([^"]*)"`).exec(tag)![1])

interface Rectangle {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

const boxesOf = (svg: string): Rectangle[] =>
  [...svg.matchAll(/<rect class="box[^>]* rx="7"\/>/g)].map(([tag]) => {
    const [left, top] = [attribute(tag, 'x'), attribute(tag, 'y')]
    return {
      left,
      top,
      right: left + attribute(tag, 'width'),
      bottom: top + attribute(tag, 'height'),
    }
  })

const textsOf = (svg: string, kind: string): string[] =>
  [...svg.matchAll(new RegExp(`<text class="${kind}"[^>]*>([^<]*)</text>`, 'g'))].map(
    ([, text]) => text!,
  )

/** Those of the documentation, which its pages draw. */
const shown = ['least-squares', 'ridge-regression', 'perceptron'].map((name) => {
  const path = new URL(`../../../../docs/figures/${name}.svg`, import.meta.url)
  return [name, () => readFileSync(path, 'utf8')] as const
})

const pictures: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries(shown),
  ...Object.fromEntries(Object.entries(models).map(([name, model]) => [name, () => draw(model())])),
}

describe('a drawing', () => {
  test.each(Object.keys(pictures))('of %s is well formed and keeps its boxes apart', (name) => {
    const svg = pictures[name]!()
    expectWellFormed(svg)
    const boxes = boxesOf(svg)
    expect(boxes.length).toBeGreaterThan(1)
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1)) {
        const isApart =
          a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top
        expect(isApart).toBe(true)
      }
    })
  })

  test('shows in each box its value and the derivative of the result with respect to it', () => {
    const f = (x: Tensor) => exp(mul(sin(x), 2))
    const svg = draw(trace(f)(tensor(0.5)), { names: ['x'] })
    const s = Math.sin(0.5)
    expect(textsOf(svg, 'title')).toEqual(['x', 'sine', '2', '×', 'exp'])
    const values = [0.5, s, 2 * s, Math.exp(2 * s)]
    expect(textsOf(svg, 'number').slice(0, 4)).toEqual(values.map(numberText))
    const outer = Math.exp(2 * s)
    const partials = [outer * 2 * Math.cos(0.5), outer * 2, outer, 1]
    expect(textsOf(svg, 'number partial').slice(0, 4)).toEqual(partials.map(numberText))
    expect(grad(f)(tensor(0.5)).item()).toBeCloseTo(partials[0]!, 5)
  })

  test('writes matrices by rows, and leaves large ones to their type', () => {
    const square = tensor([
      [1, -2],
      [10, 4],
    ])
    const svg = draw(trace((x: Tensor, y: Tensor) => sum(mul(x, sum(y))))(square, placeholder([])))
    expect(textsOf(svg, 'number')).toEqual([])
    const known = draw(trace((x: Tensor) => sum(mul(x, 2)))(square))
    expect(textsOf(known, 'number').slice(0, 2)).toEqual([
      '\u00a01\u00a0\u00a0−2',
      '10\u00a0\u00a0\u00a04',
    ])
    const large = draw(trace((x: Tensor) => sum(x))(tensor(new Float32Array(100))))
    expect(textsOf(large, 'type')).toContain('float32[100]')
    expect(textsOf(large, 'number').slice(0, 1)).toEqual(['0'])
  })

  test('has no derivatives when the result is not one number, or whole numbers are in the way', () => {
    const vector = draw(trace((x: Tensor) => mul(x, 2))(tensor([1, 2])))
    expect(textsOf(vector, 'number partial')).toEqual([])
    const chosen = draw(trace((x: Tensor) => sum(where(less(x, 0), 0, x)))(tensor([-1, 2])))
    expect(textsOf(chosen, 'number')).toContain('\u00a0true\u00a0\u00a0false')
  })

  test('escapes the names it is given', () => {
    const name = '<script>"&'
    const svg = draw(trace((x: Tensor) => sub(x, 1))(tensor(1)), {
      names: [name],
      title: name,
      result: name,
    })
    expectWellFormed(svg)
    expect(svg).not.toContain('<script>')
    expect(textsOf(svg, 'title')[0]).toBe('&lt;script&gt;&quot;&amp;')
  })

  test('names arguments by their paths when it is given no names', () => {
    const f = ({ w, rest: [b] }: { w: Tensor; rest: readonly [Tensor] }) => sum(mul(w, b))
    const svg = draw(trace(f)({ w: tensor(1), rest: [tensor(2)] }))
    expect(textsOf(svg, 'title').slice(0, 2)).toEqual(['w', 'rest/0'])
  })
})

test('spots are pushed apart by as little as possible', () => {
  expect(apart([0, 0, 10], [1, 1, 1], [4, 4])).toEqual([-2, 2, 10])
  const lists = fc.array(
    fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 4 })),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  fc.assert(
    fc.property(lists, (list) => {
      const wishes = list.map(([wish]) => wish)
      const weights = list.map(([, weight]) => weight)
      const distances = list.slice(1).map(() => 5)
      const places = apart(wishes, weights, distances)
      places.slice(1).forEach((place, i) => {
        expect(place - places[i]!).toBeGreaterThanOrEqual(5 - 1e-9)
      })
      const cost = (at: readonly number[]) =>
        at.reduce((total, place, i) => total + weights[i]! * (place - wishes[i]!) ** 2, 0)
      // no shift of all spots from one on upwards is better and still keeps the distances
      for (const step of [-0.1, 0.1]) {
        for (const from of places.keys()) {
          for (const to of places.keys()) {
            const moved = places.map((place, i) => (i >= from && i <= to ? place + step : place))
            const isAllowed = moved.slice(1).every((place, i) => place - moved[i]! >= 5 - 1e-9)
            if (isAllowed) expect(cost(moved)).toBeGreaterThanOrEqual(cost(places) - 1e-9)
          }
        }
      }
    }),
  )
})

test('numbers are short, with a true minus sign', () => {
  expect(
    [0, -0, 1 / 3, -1234.5, 1e-7, -2.5e9, Infinity, -Infinity, Number.NaN].map(numberText),
  ).toEqual(['0', '0', '0.333', '−1230', '1.0e-7', '−2.5e9', '∞', '−∞', 'NaN'])
})
