import { figure, type Panel } from '@rootstock/eval'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contourLines } from '../../src/plot/contours.ts'

const rise = { kind: 'line', name: 'rise', x: [0, 1, 2], y: [0, 1, 4] } as const
const line: Panel = { series: [rise] }

/** The paths of a kind. */
const paths = (svg: string, kind: string): string[] =>
  [...svg.matchAll(new RegExp(`class="${kind}[^"]*"[^>]* d="([^"]*)"`, 'g'))].map((m) => m[1]!)

const numbersOf = (path: string): number[] => [...path.matchAll(/-?[\d.]+/g)].map(Number)

describe('figure', () => {
  test('is a document with a title, and the same each time', () => {
    const svg = figure('A < B', [line])
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]*role="img">\n<title>A &lt; B</,
    )
    expect(figure('A < B', [line])).toBe(svg)
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  })

  test('draws what rises on the page from left to right and from the bottom up', () => {
    const [path] = paths(figure('', [line]), 'line')
    const [x0, y0, x1, y1, x2, y2] = numbersOf(path!)
    expect(x2! - x1!).toBeCloseTo(x1! - x0!, 0)
    expect((y0! - y2!) / (y0! - y1!)).toBeCloseTo(4, 1)
  })

  test('has equal ratios equally far apart on a logarithmic axis', () => {
    const y = { scale: 'logarithmic' } as const
    const [path] = paths(
      figure('', [{ y, series: [{ kind: 'line', x: [0, 1, 2], y: [1, 10, 100] }] }]),
      'line',
    )
    const [, y0, , y1, , y2] = numbersOf(path!)
    expect(y2! - y1!).toBeCloseTo(y1! - y0!, 0)
  })

  test('shows the least and the largest number on a logarithmic axis', () => {
    const y = [Number.MIN_VALUE, 1, Number.MAX_VALUE]
    const svg = figure('', [
      { y: { scale: 'logarithmic' }, series: [{ kind: 'line', x: [0, 1, 2], y }] },
    ])
    expect(svg).not.toMatch(/NaN|Infinity/)
    expect(numbersOf(paths(svg, 'line')[0]!)).toHaveLength(6)
  })

  test('breaks a line where there is no number, and survives any number', () => {
    const [path] = paths(
      figure('', [{ series: [{ kind: 'line', x: [0, 1, 2, 3], y: [0, Number.NaN, 1, 2] }] }]),
      'line',
    )
    expect(path!.match(/M/g)).toHaveLength(2)
    const numbers = fc.array(fc.double(), { maxLength: 8 })
    fc.assert(
      fc.property(numbers, numbers, (x, y) => {
        const svg = figure('', [
          {
            x: { range: [-1, 1] },
            y: { range: [-1, 1] },
            series: [
              { kind: 'line', x, y, ends: true },
              { kind: 'points', x, y },
            ],
          },
        ])
        expect(svg).not.toMatch(/NaN|Infinity/)
      }),
    )
  })

  test('gives equal names equal colours, and each name one place in the legend', () => {
    const svg = figure('', [line, { series: [rise, { ...rise, name: 'b' }] }])
    expect(svg.match(/class="line c1"/g)).toHaveLength(3)
    expect(svg.match(/class="line c2"/g)).toHaveLength(2)
    expect(svg.match(/>rise</g)).toHaveLength(1)
  })

  test('puts panels in rows', () => {
    const size = (svg: string) => /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.slice(1).map(Number)
    const four = [line, line, line, line]
    const [wide, low] = size(figure('', four, { columns: 4 }))
    const [narrow, high] = size(figure('', four, { columns: 2 }))
    expect(wide! - narrow!).toBe(600)
    expect(high! - low!).toBe(230)
  })

  test('wants a panel, and a range that can be drawn', () => {
    expect(() => figure('', [])).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in figure
        panels   0
        columns  0
        rule     a figure needs at least one panel and one column]
    `)
    const y = { scale: 'logarithmic', range: [0, 1] } as const
    expect(() => figure('', [{ ...line, y }])).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in figure
        range  [0, 1]
        rule   a range must rise, and be positive on a logarithmic axis]
    `)
  })
})

describe('contours', () => {
  const square = { x: [-2, 2], y: [-2, 2] } as const

  test('of a circle are one closed line on it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1.9, noNaN: true }), (radius) => {
        const [lines] = contourLines((x, y) => Math.hypot(x, y), [radius], square)
        expect(lines).toHaveLength(1)
        expect(lines![0]!.at(-1)).toEqual(lines![0]![0])
        for (const [x, y] of lines![0]!) expect(Math.hypot(x, y)).toBeCloseTo(radius, 1)
      }),
    )
  })

  test('of a saddle are two open lines, whichever side of it', () => {
    for (const level of [-1, 1]) {
      const [lines] = contourLines((x, y) => x * y, [level], square)
      expect(lines).toHaveLength(2)
      for (const [x, y] of lines!.flat()) expect(x * y).toBeCloseTo(level, 1)
    }
  })

  test('leave out where the function is none, and levels that it does not reach', () => {
    expect(contourLines(() => Number.NaN, [0], square)).toEqual([[]])
    expect(contourLines(() => 1, [0, 2], square)).toEqual([[], []])
  })
})
