import { type Profile, profileSvg, profileTable } from '@rootstock/native'
import { describe, expect, it } from 'vitest'

const kernel = { loops: [], bound: 'memory', share: 0.5 } as const

const given: Profile = {
  backend: 'native',
  limits: { flops: 2e11, bandwidth: 4e10, call: 1e-7 },
  seconds: 9.5e-4,
  kernels: [
    {
      ...kernel,
      name: 'contract 64 x 64 x 64',
      seconds: 5e-4,
      flops: 9e7,
      bytes: 1e6,
      bound: 'arithmetic',
      share: 0.9,
    },
    { ...kernel, name: 'tanh', seconds: 2e-4, flops: 2e6, bytes: 4e6 },
    { ...kernel, name: 'add', loops: [10], seconds: 1e-4, flops: 1e5, bytes: 5e6, share: 1.25 },
    {
      ...kernel,
      name: 'x < y & z',
      loops: [10],
      seconds: 1.5e-4,
      flops: 0,
      bytes: 1.5e5,
      share: 0.025,
    },
    { ...kernel, name: 'add', seconds: 5e-5, flops: 1e5, bytes: 1e6 },
  ],
}

describe('the table of a profile', () => {
  it('lists the slowest kernels first', () => {
    expect(profileTable(given)).toMatchInlineSnapshot(`
      "kernel                   time  of step  float ops   bytes         rate  of limit
      contract 64 x 64 x 64  500 µs     50 %       90 M    1 MB  180 GFLOP/s      90 %
      tanh                   200 µs     20 %        2 M    4 MB      20 GB/s      50 %
      x < y & z (10 times)   150 µs     15 %         0   150 kB       1 GB/s     2.5 %
      add (10 times)         100 µs     10 %      100 k    5 MB      50 GB/s  in cache
      add                     50 µs      5 %      100 k    1 MB      20 GB/s      50 %

      5 kernels on native: 1 ms one by one, 950 µs together
      limits measured here: 200 GFLOP/s, 40 GB/s"
    `)
  })

  it('sums up what it does not list', () => {
    expect(profileTable(given, { most: 2 }).split('\n').slice(0, 4)).toMatchInlineSnapshot(`
      [
        "kernel                   time  of step  float ops  bytes         rate  of limit",
        "contract 64 x 64 x 64  500 µs     50 %       90 M   1 MB  180 GFLOP/s      90 %",
        "tanh                   200 µs     20 %        2 M   4 MB      20 GB/s      50 %",
        "3 others               300 µs     30 %",
      ]
    `)
  })
})

describe('the drawing of a profile', () => {
  const svg = profileSvg(given, { title: 'A <step>' })
  const bars = [
    ...svg.matchAll(
      /<g class="bar"><title>([^<]*)<\/title><rect class="(\w+)" x="([\d.]+)" y="(\d+)" width="([\d.]+)"/g,
    ),
  ].map(([, title, kind, x, y, width]) => ({
    name: title!.split('\n')[0]!,
    kind,
    x: Number(x),
    y: Number(y),
    width: Number(width),
  }))
  const find = (name: string) => bars.find((bar) => bar.name === name)!

  it('has a bar for the step, each loop and each kernel, as wide as their time', () => {
    expect(bars.map(({ name, kind }) => `${name}: ${kind}`)).toMatchInlineSnapshot(`
      [
        "5 kernels on native, 1 ms: step",
        "contract 64 x 64 x 64: near",
        "tanh: fair",
        "add: near",
        "x &lt; y &amp; z: far",
        "loop of 10: loop",
        "add: fair",
      ]
    `)
    const step = find('5 kernels on native, 1 ms')
    expect(find('contract 64 x 64 x 64').width).toBeCloseTo(step.width / 2, 0)
    expect(find('loop of 10').width).toBeCloseTo(step.width / 4, 0)
  })

  it('puts what is inside above what it is inside of', () => {
    const [loop, inner] = [find('loop of 10'), find('x &lt; y &amp; z')]
    expect(inner.y).toBeLessThan(loop.y)
    expect(inner.x).toBeGreaterThanOrEqual(loop.x)
    expect(inner.x + inner.width).toBeLessThanOrEqual(loop.x + loop.width + 0.2)
    expect(loop.y).toBeLessThan(find('5 kernels on native, 1 ms').y)
  })

  it('draws a function that runs no kernels', () => {
    expect(profileSvg({ ...given, kernels: [] })).toContain('0 kernels')
  })

  it('escapes what it did not write', () => {
    expect(svg).toContain('A &lt;step&gt;')
    expect(svg).not.toContain('x < y')
  })
})
