import {
  applyUpdates,
  constantWarmup,
  cosineDecay,
  cosineRestarts,
  exponentialDecay,
  inverseRootDecay,
  inverseTimeDecay,
  jit,
  joinSchedules,
  linearWarmup,
  milestoneDecay,
  oneCycle,
  oneCycleMomentum,
  type PlateauState,
  plateau,
  polynomialDecay,
  type Schedule,
  sgd,
  stepDecay,
  type Tensor,
  tensor,
  triangularCycle,
  warmupCosine,
} from '@rootstock/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const at = (schedule: Schedule, step: number): number =>
  schedule(tensor(Int32Array.of(step), { shape: [] })).item()

const schedules: Readonly<Record<string, Schedule>> = {
  stepDecay: stepDecay({ rate: 1, every: 10 }),
  milestoneDecay: milestoneDecay({ rate: 1, milestones: [5, 30] }),
  exponentialDecay: exponentialDecay({ rate: 1, factor: 0.9 }),
  polynomialDecay: polynomialDecay({ rate: 1, steps: 50, power: 0.5 }),
  inverseTimeDecay: inverseTimeDecay({ rate: 1, decay: 0.1 }),
  inverseRootDecay: inverseRootDecay({ rate: 1, warmup: 10 }),
  cosineDecay: cosineDecay({ rate: 1, steps: 50, least: 0.01 }),
  cosineRestarts: cosineRestarts({ rate: 1, steps: 7, growth: 1.5 }),
  warmupCosine: warmupCosine({ rate: 1, warmup: 10, steps: 50 }),
  linearWarmup: linearWarmup({ rate: 1 }),
  constantWarmup: constantWarmup({ rate: 1 }),
  oneCycle: oneCycle({ rate: 1, steps: 50 }),
  'oneCycle, rising at once': oneCycle({ rate: 1, steps: 3, rise: 0.1 }),
  oneCycleMomentum: oneCycleMomentum({ steps: 50, threePhases: true }),
  triangularCycle: triangularCycle({ least: 0.1, most: 1, steps: 10 }),
}

describe.each(Object.entries(schedules))('%s', (_, schedule) => {
  it('stays between 0 and its rate at any step, however late', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(60), fc.nat(2 ** 31 - 1)), (step) => {
        const rate = at(schedule, step)
        expect(rate).toBeGreaterThanOrEqual(0)
        expect(rate).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
  })

  it('is the same compiled', () => {
    const compiled = jit((step: Tensor) => schedule(step))
    for (const step of [0, 1, 13, 49, 50, 51]) {
      expect(compiled(tensor(Int32Array.of(step), { shape: [] })).item()).toBe(at(schedule, step))
    }
  })
})

describe('schedules', () => {
  it('restart at the first step of each cycle, however many there were', () => {
    const schedule = cosineRestarts({ rate: 1, steps: 3, growth: 2 })
    for (let n = 0; n < 20; n++) expect(at(schedule, 3 * (2 ** n - 1))).toBe(1)
  })

  it('follow one another with steps of their own', () => {
    const schedule = joinSchedules([() => tensor(7), (step) => step, (step) => step.neg()], [2, 5])
    expect([0, 1, 2, 3, 4, 5, 6].map((step) => at(schedule, step) + 0)).toEqual([
      7, 7, 0, 1, 2, 0, -1,
    ])
  })

  it('may be a momentum', () => {
    const optimizer = sgd({
      learningRate: 1,
      momentum: milestoneDecay({ rate: 0.5, milestones: [2], factor: 0 }),
    })
    let x = tensor([0])
    let state = optimizer.init(x)
    const places: number[] = []
    for (let i = 0; i < 3; i++) {
      const [updates, next] = optimizer.update(tensor([-1]), state, x)
      x = applyUpdates(x, updates)
      state = next
      places.push(x.item())
    }
    expect(places).toEqual([1, 2.5, 3.5])
  })
})

describe('plateau', () => {
  it('has the same rates in a compiled step', () => {
    const { init, update } = plateau({ rate: 1, factor: 0.5, patience: 1, cooldown: 1, least: 0.2 })
    const compiled = jit((state: PlateauState, measure: Tensor) => update(state, measure))
    let [eager, traced] = [init(), init()]
    const rates: number[] = []
    for (const measure of [5, 4, 4, 4, 4, 4, 4, 4, 4, Number.NaN, Number.NaN, Number.NaN]) {
      eager = update(eager, measure)
      traced = compiled(traced, tensor(measure))
      expect(traced.rate.item()).toBe(eager.rate.item())
      rates.push(eager.rate.item())
    }
    expect(rates).toMatchInlineSnapshot(`
      [
        1,
        1,
        1,
        0.5,
        0.5,
        0.5,
        0.25,
        0.25,
        0.25,
        0.2,
        0.2,
        0.2,
      ]
    `)
  })
})
