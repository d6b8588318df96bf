/** The budgets of the design. */
import { type Budget, budgets as measureBudgets } from '../budgets/budgets.ts'
import { type Step, verdict } from './step.ts'

const isExceeded = ({ value, limit }: Budget): boolean => value > limit

const row = (budget: Budget): string => {
  const number = budget.value.toLocaleString('en').padStart(7)
  const limit = budget.limit.toLocaleString('en').padStart(7)
  const mark = isExceeded(budget) ? 'over' : '  of'
  return `  ${budget.what.padEnd(38)} ${number} ${mark} ${limit}   ${budget.where}`.trimEnd()
}

/** Prints every budget and fails when one is exceeded. */
export const budgets: Step = {
  name: 'budgets',
  after: [],
  run: () => {
    const rows = measureBudgets()
    const over = rows.filter(isExceeded)
    const outcome = verdict(over.length === 0, over.map(row).join('\n'))
    return Promise.resolve({ ...outcome, table: rows.map(row).join('\n') })
  },
}
