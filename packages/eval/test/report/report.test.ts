import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  explainReport,
  type Run,
  renderText,
  reportHtml,
  reportJson,
  summarise,
  type Trial,
  writeReport,
} from '@rootstock/eval'
import { describe, expect, test } from 'vitest'
import { dishes } from './dishes.ts'

const summary = summarise(dishes)

/** Names as bad as names of columns can be. */
const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(2)>',
  "' onmouseover='alert(3)",
  '</title></svg><style>*{display:none}</style>',
  '&lt;b&gt; {{alert(4)}} \u202e\u0007\u001b[31m',
  '__proto__',
]

const hostileRun: Run = {
  ...dishes,
  name: hostile[0]!,
  backend: hostile[1]!,
  arms: ['scratch', hostile[2]!],
  tasks: hostile.map((name) => ({ name, kind: 'regression', metric: 'rmse', unit: hostile[1]! })),
  labelCounts: [10, 100],
  seeds: [1, 2, 3],
  scores: hostile.flatMap((task, t) =>
    [10, 100].flatMap((labels) =>
      [1, 2, 3].flatMap((seed) =>
        ['scratch', hostile[2]!].map((arm, a) => ({
          arm,
          labels,
          seed,
          task,
          metrics: { rmse: 2 + t - a - 0.1 * seed - labels / 200 + 0.02 * seed * a },
        })),
      ),
    ),
  ),
  phases: [{ name: hostile[3]!, seconds: 1 }],
  config: { [hostile[0]!]: hostile[3]! },
  curves: hostile.flatMap((phase) => [
    { phase, task: phase, points: [[0, 1] as const, [1, 0.5] as const] },
    { phase, task: hostile[0]!, arm: hostile[2]!, labels: 10, points: [[0, 1] as const] },
  ]),
}

interface Tag {
  readonly name: string
  readonly attributes: readonly string[]
  readonly closed: boolean
}

/** A reader of HTML that knows tags and quoted attributes only; anything else makes it stop. */
const tagsOf = (page: string): readonly Tag[] => {
  const body = page.replace(/<style>[^<]*<\/style>/, '')
  const tags: Tag[] = []
  const rest = body.replace(
    /<(!?\/?[a-z][a-z0-9]*)((?: [a-z][a-z0-9-]*(?:="[^"<>]*")?)*)(\/?)>/gi,
    (_, name: string, attributes: string, closed: string) => {
      const names = [...attributes.matchAll(/ ([a-z][a-z0-9-]*)="[^"]*"/gi)].map(
        (match) => match[1]!,
      )
      tags.push({ name: name.toLowerCase(), attributes: names, closed: closed !== '' })
      return ''
    },
  )
  expect(rest.match(/.{0,40}[<>].{0,40}/)?.[0]).toBeUndefined()
  return tags
}

describe('the report as text', () => {
  test('is a table and sentences of at most 100 columns', () => {
    const text = renderText(summary, dishes)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(text).toMatchInlineSnapshot(`
      "Restaurants: gains over scratch, 8 seeds, 95 % intervals

      food quality: accuracy, higher is better
        arm         labels  accuracy                    gain                    verdict        × labels
        scratch         10     0.483  [0.450, 0.514]
                        30     0.604  [0.596, 0.618]
                       100     0.726  [0.705, 0.741]
                       300     0.802  [0.794, 0.809]
                     1,000     0.852  [0.847, 0.857]
        probe           10     0.635  [0.591, 0.665]  +0.152  [+0.147, +0.156]  helps              4.1×
                        30     0.713  [0.703, 0.724]  +0.110  [+0.104, +0.114]  helps              3.0×
                       100     0.731  [0.716, 0.746]  +0.005  [−0.010, +0.013]  no gain shown      1.1×
                       300     0.719  [0.714, 0.725]  −0.083  [−0.093, −0.074]  hurts             0.31×
                     1,000     0.723  [0.717, 0.730]  −0.128  [−0.140, −0.119]  hurts             0.10×
        fine-tuned      10     0.632  [0.596, 0.660]  +0.149  [+0.142, +0.155]  helps              4.0×
                        30     0.728  [0.717, 0.736]  +0.124  [+0.116, +0.139]  helps              3.4×
                       100     0.821  [0.802, 0.838]  +0.095  [+0.090, +0.100]  helps              4.7×
                       300     0.854  [0.848, 0.861]  +0.052  [+0.042, +0.063]  helps            > 3.3×
                     1,000     0.889  [0.882, 0.897]  +0.037  [+0.028, +0.045]  helps            > 1.0×
        probe: helps, +0.011 accuracy, 95 % interval +0.007 to +0.014, 8 pairs; hurts at 300 and 1,000
          labels
        fine-tuned: helps, +0.091 accuracy, 95 % interval +0.087 to +0.095, 8 pairs

      walkability: ROC-AUC, higher is better
        arm         labels  rocAuc                    gain                    verdict        × labels
        scratch         10   0.492  [0.470, 0.510]
                        30   0.608  [0.585, 0.639]
                       100   0.722  [0.698, 0.743]
                       300   0.788  [0.773, 0.807]
                     1,000   0.855  [0.826, 0.884]
        probe           10   0.479  [0.423, 0.512]  −0.013  [−0.061, +0.021]  no gain shown    < 1.0×
                        30   0.600  [0.585, 0.645]  −0.007  [−0.033, +0.034]  no gain shown     0.93×
                       100   0.724  [0.700, 0.756]  +0.002  [−0.030, +0.021]  no gain shown      1.0×
                       300   0.729  [0.713, 0.742]  −0.059  [−0.094, −0.037]  hurts             0.38×
                     1,000   0.721  [0.694, 0.739]  −0.134  [−0.167, −0.090]  hurts             0.10×
        fine-tuned      10   0.479  [0.390, 0.528]  −0.013  [−0.072, +0.029]  no gain shown    < 1.0×
                        30   0.608  [0.587, 0.631]  +0.000  [−0.049, +0.039]  no gain shown      1.0×
                       100   0.733  [0.705, 0.759]  +0.011  [−0.036, +0.044]  no gain shown      1.2×
                       300   0.794  [0.773, 0.808]  +0.006  [−0.013, +0.021]  no gain shown      1.1×
                     1,000   0.870  [0.852, 0.889]  +0.016  [−0.024, +0.054]  no gain shown    > 1.0×
        probe: hurts, −0.042 ROC-AUC, 95 % interval −0.054 to −0.028, 8 pairs
        fine-tuned: no gain shown, +0.004 ROC-AUC, 95 % interval −0.010 to +0.017, 8 pairs

      price: RMSE (US dollars), lower is better
        arm         labels    rmse                      gain                    verdict  × labels
        scratch         10  44,041  [43,499, 44,681]
                        30  41,091  [40,804, 41,396]
                       100  37,916  [37,547, 38,338]
                       300  36,355  [36,023, 36,685]
                     1,000  34,505  [34,198, 34,690]
        probe           10  46,540  [45,723, 47,254]  −2,499  [−3,009, −2,087]  hurts      < 1.0×
                        30  43,124  [42,852, 43,939]  −2,033  [−2,444, −1,540]  hurts       0.47×
                       100  39,525  [39,003, 40,006]  −1,609  [−2,033, −707]    hurts       0.54×
                       300  38,293  [38,077, 38,504]  −1,938  [−2,220, −1,661]  hurts       0.29×
                     1,000  38,060  [37,719, 38,385]  −3,555  [−4,225, −3,100]  hurts       0.09×
        fine-tuned      10  46,194  [45,398, 47,506]  −2,153  [−2,647, −1,494]  hurts      < 1.0×
                        30  43,449  [42,914, 43,945]  −2,359  [−2,779, −1,915]  hurts       0.42×
                       100  39,721  [39,119, 40,039]  −1,805  [−2,418, −1,436]  hurts       0.50×
                       300  37,532  [37,171, 37,868]  −1,177  [−1,624, −770]    hurts       0.44×
                     1,000  35,431  [35,059, 35,874]    −926  [−1,319, −573]    hurts       0.55×
        probe: hurts, −2,327 RMSE, 95 % interval −2,620 to −2,084, 8 pairs
        fine-tuned: hurts, −1,684 RMSE, 95 % interval −1,856 to −1,463, 8 pairs

      If no arm had any effect, about 0.3 of these 6 overall verdicts would still say helps or hurts.

      backend wasm, 1 thread, reading 420 ms, pretraining 11.3 s, training the arms 28.1 s, evaluation
        1.9 s"
    `)
  })

  test('of long names gives up the score intervals, then the end of names', () => {
    const long = `an arm whose name goes ${'on and '.repeat(14)}on`
    const renamed: Run = {
      ...dishes,
      arms: dishes.arms.map((arm) => (arm === 'probe' ? long : arm)),
      scores: dishes.scores.map((s) => (s.arm === 'probe' ? { ...s, arm: long } : s)),
    }
    const rows = renderText(summarise(renamed)).split('\n')
    expect(Math.max(...rows.map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(rows.find((line) => line.includes('\u2026'))).toMatchInlineSnapshot(
      `"  an arm whose name goes on an…      10     0.635  +0.152  [+0.147, +0.156]  helps              4.1×"`,
    )
  })

  test('of one seed and one label count says what cannot be said', () => {
    const one = {
      ...dishes,
      seeds: [1],
      labelCounts: [10],
      scores: dishes.scores.filter((score) => score.seed === 1 && score.labels === 10),
    }
    expect(renderText(summarise(one))).toMatchInlineSnapshot(`
      "Restaurants: gains over scratch, 1 seed, 95 % intervals

      food quality: accuracy, higher is better
        arm         labels  accuracy    gain  verdict            × labels
        scratch         10     0.517
        probe           10     0.666  +0.148  no gain shown  not measured
        fine-tuned      10     0.667  +0.149  no gain shown  not measured
        probe: no gain shown, +0.148 accuracy, one seed gives no interval, 1 pair
        fine-tuned: no gain shown, +0.149 accuracy, one seed gives no interval, 1 pair

      walkability: ROC-AUC, higher is better
        arm         labels  rocAuc    gain  verdict            × labels
        scratch         10   0.505
        probe           10   0.497  −0.008  no gain shown  not measured
        fine-tuned      10   0.515  +0.010  no gain shown  not measured
        probe: no gain shown, −0.008 ROC-AUC, one seed gives no interval, 1 pair
        fine-tuned: no gain shown, +0.010 ROC-AUC, one seed gives no interval, 1 pair

      price: RMSE (US dollars), lower is better
        arm         labels    rmse    gain  verdict            × labels
        scratch         10  43,139
        probe           10  45,377  −2,238  no gain shown  not measured
        fine-tuned      10  45,576  −2,437  no gain shown  not measured
        probe: no gain shown, −2,238 RMSE, one seed gives no interval, 1 pair
        fine-tuned: no gain shown, −2,437 RMSE, one seed gives no interval, 1 pair"
    `)
  })

  test('sends no control characters to the terminal', () => {
    const text = renderText(summarise(hostileRun), hostileRun)
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
  })
})

describe('the report as a page', () => {
  test('holds a plot of each kind for each task, and every verdict', () => {
    const page = reportHtml(summary, dishes)
    const count = (text: string) => page.split(text).length - 1
    expect(count('aria-label="Learning curves of')).toBe(3)
    expect(count('aria-label="Gains over scratch on')).toBe(3)
    expect(count('aria-label="Loss of')).toBe(4 + 3 * 5)
    expect(count('class="badge')).toBe(3 * 2)
    expect(page).toContain('masking')
    expect(page).toContain('wasm, 1 thread')
  })

  test('says at its head what each arm does, and what its labels are worth', () => {
    const tiles = /<div class="tiles">(.*?)<dl/s.exec(reportHtml(summary, dishes))![1]!
    const text = (html: string) =>
      html
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim()
    expect(text(tiles)).toMatchInlineSnapshot(
      `"probe helps on 1 of 3 tasks and hurts on 2 worth &lt; 1.0× to 4.1× the labels at 10 labels fine-tuned helps on 1 of 3 tasks, no gain shown on 1 and hurts on 1 worth &lt; 1.0× to 4.0× the labels at 10 labels"`,
    )
    expect(tiles.split('<i class=').length - 1).toBe(2 * 3)
    const one = {
      ...dishes,
      tasks: dishes.tasks.slice(0, 1),
      scores: dishes.scores.filter(({ task }) => task === 'food quality'),
    }
    const single = /<div class="tiles">(.*?)<dl/s.exec(reportHtml(summarise(one), one))![1]!
    expect(text(single)).toMatchInlineSnapshot(
      `"probe helps +0.011 accuracy [+0.007, +0.014] worth 4.1× the labels at 10 labels fine-tuned helps +0.091 accuracy [+0.087, +0.095] worth 4.0× the labels at 10 labels"`,
    )
  })

  test('shows every seed, and how many labels the best arm saves', () => {
    const page = reportHtml(summary, dishes)
    expect(page.split('<circle class="seed"').length - 1).toBeGreaterThan(0.9 * 3 * 3 * 5 * 8)
    expect(
      [...page.matchAll(/<title>([^<]* is as good as [^<]*)</g)].map((found) => found[1]),
    ).toEqual(['probe with 10 labels is as good as scratch with 41'])
  })

  test('tells the steps of every arm, and which trainings failed', () => {
    const trials: readonly Trial[] = dishes.arms.flatMap((arm) =>
      dishes.labelCounts.flatMap((labels) =>
        dishes.seeds.map((seed) => ({
          arm,
          labels,
          seed,
          steps: arm === 'probe' ? 20 + seed : 500,
          seconds: 0.25,
          failure: arm === 'probe' && labels === 10 ? 'the loss is not finite <here>' : null,
        })),
      ),
    )
    const run = { ...dishes, trials }
    const page = reportHtml(summary, run)
    expect(page).toContain(
      '8 of 120 trainings failed; they have no score, and their pairs are left out.',
    )
    expect(page).toContain('probe with 10 labels, seed 1: the loss is not finite &lt;here&gt;')
    expect(page).toContain('and 3 more')
    expect(page).toContain('21 to 28<small>250 ms</small>')
    expect(renderText(summary, run).split('\n\n').slice(-3)).toMatchInlineSnapshot(`
      [
        "8 of 120 trainings failed; they have no score, and their pairs are left out.
        probe with 10 labels, seed 1: the loss is not finite <here>
        probe with 10 labels, seed 2: the loss is not finite <here>
        probe with 10 labels, seed 3: the loss is not finite <here>
        probe with 10 labels, seed 4: the loss is not finite <here>
        probe with 10 labels, seed 5: the loss is not finite <here>
        and 3 more",
        "Steps of a training: scratch 500, probe 21 to 28 and fine-tuned 500.",
        "backend wasm, 1 thread, reading 420 ms, pretraining 11.3 s, training the arms 28.1 s, evaluation
        1.9 s",
      ]
    `)
    expect(reportHtml(summary, dishes)).not.toMatch(/failed|Budgets/)
  })

  test('loads nothing and runs nothing', () => {
    for (const run of [dishes, hostileRun]) {
      const tags = tagsOf(reportHtml(summarise(run), run))
      const names = new Set(tags.map((tag) => tag.name))
      for (const forbidden of ['script', 'img', 'link', 'iframe', 'object', 'a', 'b'])
        expect(names.has(forbidden)).toBe(false)
      const attributes = new Set(tags.flatMap((tag) => tag.attributes))
      for (const attribute of attributes) expect(attribute).not.toMatch(/^on|^src$|^href$|^style$/)
    }
  })

  test('closes every tag it opens, whatever the names', () => {
    const empty = new Set(['!doctype', 'meta', 'br'])
    for (const run of [dishes, hostileRun]) {
      const open: string[] = []
      for (const { closed, name } of tagsOf(reportHtml(summarise(run), run))) {
        if (name.startsWith('/')) expect(open.pop()).toBe(name.slice(1))
        else if (!closed && !empty.has(name)) open.push(name)
      }
      expect(open).toEqual([])
    }
  })

  test('has no coordinate that is not a number', () => {
    const flat: Run = {
      ...dishes,
      scores: dishes.scores.map((s) => ({ ...s, metrics: { accuracy: 0, rocAuc: 0, rmse: 0 } })),
      curves: [
        { phase: 'pretraining', task: 'x', points: [[0, Number.NaN]] },
        { phase: 'pretraining', task: 'y', points: [[0, 0]] },
        { phase: 'pretraining', task: 'z', points: [] },
        {
          phase: 'pretraining',
          task: 'w',
          points: [
            [0, 1e-9],
            [5, 1e9],
            [6, Infinity],
          ],
        },
      ],
    }
    const nothing: Run = { ...dishes, scores: [], curves: [], phases: [], config: undefined }
    const bare: Run = { ...nothing, labelCounts: [], seeds: [], tasks: dishes.tasks }
    const noTasks: Run = { ...bare, tasks: [] }
    for (const run of [flat, nothing, bare, noTasks, hostileRun]) {
      const page = reportHtml(summarise(run), run)
      expect(page).not.toMatch(/NaN|Infinity|undefined/)
    }
  })
})

describe('the report as files', () => {
  const inFolder = async (act: (folder: string) => Promise<void>) => {
    const folder = mkdtempSync(join(tmpdir(), 'report-'))
    try {
      await act(folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  test('are both written, into a folder that is made', () =>
    inFolder(async (folder) => {
      const target = join(folder, 'runs', 'dishes')
      const written = await writeReport(target, summary, dishes)()
      expect(written).toEqual({
        _tag: 'Right',
        right: { html: join(target, 'report.html'), json: join(target, 'report.json') },
      })
      expect(readdirSync(target).toSorted()).toEqual(['report.html', 'report.json'])
      const read = JSON.parse(readFileSync(join(target, 'report.json'), 'utf8'))
      expect(read).toEqual({ format: 'rootstock-report/1', summary, run: dishes })
      expect(summarise(read.run)).toEqual(summary)
    }))

  test('that cannot be written are a value that says where and why', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'file')
      writeFileSync(file, '')
      const written = await writeReport(join(file, 'runs'), summary, dishes)()
      expect(written._tag).toBe('Left')
      if (written._tag === 'Right') return
      expect(explainReport(written.left).replaceAll(folder, '.')).toMatchInlineSnapshot(
        `"The report could not be written to ./file/runs: ENOTDIR: not a directory, mkdir './file/runs'"`,
      )
    }))

  test('hold null where a number is not finite', () => {
    const odd = { ...dishes, phases: [{ name: 'x', seconds: Number.NaN }] }
    expect(JSON.parse(reportJson(summary, odd)).run.phases[0].seconds).toBeNull()
  })
})
