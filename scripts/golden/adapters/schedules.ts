/** Learning rates, listed step by step. */

import * as core from '@rootstock/core'
import { arange, cast, plateau, type Schedule, stack, type Tensor, take } from '@rootstock/core'
import type { Adapter, Adapters, Arguments } from '../arguments.ts'

/** A schedule at all steps at once. */
const listed = (schedule: Schedule, args: Arguments): Tensor =>
  cast(schedule(arange(args.number('steps'))), args.precision)

const of =
  (make: (args: Arguments) => Schedule): Adapter =>
  (args) => ({ lr: listed(make(args), args) })

const rate = (args: Arguments): { readonly rate: number } => ({ rate: args.number('lr') })

const oneCycle: Adapter = (args) => {
  const cycle = {
    steps: args.number('steps'),
    rise: args.number('pct_start'),
    along: args.text('anneal') === 'cos' ? 'cosine' : 'line',
    threePhases: args.flag('three_phase'),
  } as const
  const schedule = core.oneCycle({
    ...cycle,
    rate: args.number('max_lr'),
    startDivisor: args.number('div_factor'),
    endDivisor: args.number('final_div_factor'),
  })
  const momentum = core.oneCycleMomentum({
    ...cycle,
    least: args.number('base_momentum'),
    most: args.number('max_momentum'),
  })
  return { lr: listed(schedule, args), momentum: listed(momentum, args) }
}

const reduceOnPlateau: Adapter = (args) => {
  const schedule = plateau({
    ...rate(args),
    factor: args.number('factor'),
    patience: args.number('patience'),
    threshold: args.number('threshold'),
    cooldown: args.number('cooldown'),
    least: args.number('min_lr'),
  })
  const measures = args.tensor('metric')
  let state = schedule.init()
  const rates = Array.from({ length: measures.size }, (_, t) => {
    state = schedule.update(state, take(measures, t))
    return state.rate
  })
  return { lr: cast(stack(rates), args.precision) }
}

export const schedules: Adapters = {
  step: of((args) =>
    core.stepDecay({
      ...rate(args),
      every: args.number('step_size'),
      factor: args.number('gamma'),
    }),
  ),
  multistep: of((args) =>
    core.milestoneDecay({
      ...rate(args),
      milestones: args.numbers('milestones'),
      factor: args.number('gamma'),
    }),
  ),
  exponential: of((args) => core.exponentialDecay({ ...rate(args), factor: args.number('gamma') })),
  cosine: of((args) =>
    core.cosineDecay({
      ...rate(args),
      steps: args.number('t_max'),
      least: args.number('eta_min'),
    }),
  ),
  cosine_warm_restarts: of((args) =>
    core.cosineRestarts({
      ...rate(args),
      steps: args.number('t0'),
      growth: args.number('t_mult'),
      least: args.number('eta_min'),
    }),
  ),
  one_cycle: oneCycle,
  linear_warmup: of((args) =>
    core.linearWarmup({
      ...rate(args),
      steps: args.number('total_iters'),
      start: args.number('start_factor'),
    }),
  ),
  constant_factor: of((args) =>
    core.constantWarmup({
      ...rate(args),
      steps: args.number('total_iters'),
      start: args.number('factor'),
    }),
  ),
  polynomial: of((args) =>
    core.polynomialDecay({
      ...rate(args),
      steps: args.number('total_iters'),
      power: args.number('power'),
    }),
  ),
  warmup_cosine: of((args) =>
    core.warmupCosine({
      ...rate(args),
      warmup: args.number('warmup'),
      steps: args.number('t_max'),
      least: args.number('eta_min'),
    }),
  ),
  inverse_sqrt: of((args) =>
    core.inverseRootDecay({ ...rate(args), warmup: args.number('warmup') }),
  ),
  cyclic_triangular: of((args) =>
    core.triangularCycle({
      least: args.number('base_lr'),
      most: args.number('max_lr'),
      steps: args.number('step_up'),
    }),
  ),
  reduce_on_plateau: reduceOnPlateau,
}
