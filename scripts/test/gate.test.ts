import { expect, test } from 'vitest'
import { runGate } from '../check/gate.ts'
import { describeStep, describeTotal } from '../check/report.ts'
import { type Outcome, type Step, verdict } from '../check/step.ts'

const step = (name: string, outcome: Outcome | Error, after: readonly string[] = []): Step => ({
  name,
  after,
  run: () => (outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome)),
})

const run = async (lanes: number, ...steps: Step[]) => {
  const order: string[] = []
  const finished = await runGate(steps, lanes, {
    started: () => {},
    ended: (done) => order.push(done.step.name),
  })
  return { order, finished }
}

test('a step waits for those it needs, whatever the order they are written in', async () => {
  const good = verdict(true, '')
  const { order } = await run(
    2,
    step('examples', good, ['types']),
    step('types', good),
    step('lint', good),
  )
  expect(order.indexOf('types')).toBeLessThan(order.indexOf('examples'))
  expect(order.toSorted()).toEqual(['examples', 'lint', 'types'])
})

test('a step whose need failed is not run and counts as failed; the others run', async () => {
  const { finished } = await run(
    1,
    step('types', verdict(false, 'a.ts: wrong')),
    step('examples', verdict(true, ''), ['types']),
    step('lint', verdict(true, '')),
  )
  const failed = finished.filter(({ outcome }) => outcome.failed > 0)
  expect(failed.map(({ step: { name }, outcome: { log } }) => [name, log])).toEqual([
    ['types', 'a.ts: wrong'],
    ['examples', 'not run: it needs types, which failed'],
  ])
})

test('a need that was not asked for is taken as met', async () => {
  const { order } = await run(1, step('examples', verdict(true, ''), ['types']))
  expect(order).toEqual(['examples'])
})

test('a step that throws has failed', async () => {
  const { finished } = await run(1, step('tests', new Error('no report')))
  expect(finished[0]!.outcome).toMatchObject({ passed: 0, failed: 1 })
  expect(finished[0]!.outcome.log).toContain('no report')
})

test('steps that need each other are a mistake', async () => {
  const good = verdict(true, '')
  await expect(
    run(1, step('a', good, ['b']), step('b', good, ['a'])),
  ).rejects.toThrowErrorMatchingInlineSnapshot(`[Error: steps need each other: a, b]`)
})

test('the report counts every case, and ends with the counts alone', async () => {
  const { finished } = await run(
    1,
    step('types', verdict(true, '', '9 expected errors')),
    step('tests', { passed: 10, failed: 2, skipped: 1, log: 'a test failed\n' }),
  )
  const still = finished.map((done) => ({ ...done, seconds: 1.25 }))
  expect(still.map(describeStep).join('\n')).toMatchInlineSnapshot(`
    "ok   types         1.3 s  1 passed (9 expected errors)
    FAIL tests         1.3 s  10 passed, 2 failed, 1 skipped
    a test failed"
  `)
  expect(describeTotal(still, 61)).toMatchInlineSnapshot(`
    "
    61 s. Counted: 1 types, 12 tests.
    11 passed, 2 failed, 1 skipped"
  `)
})
