/** Metrics against scikit-learn's values, where the folder of golden values lies beside the repository. */
import { existsSync, readFileSync } from 'node:fs'
import {
  accuracy,
  balancedAccuracy,
  confusionMatrix,
  f1,
  logLoss,
  mae,
  r2,
  rmse,
  rocAuc,
  rocAucMacro,
} from '@rootstock/eval'
import { describe, expect, test } from 'vitest'

interface Column {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}
interface Case {
  readonly name: string
  readonly op: string
  readonly attrs: Readonly<Record<string, unknown>>
  readonly inputs: Readonly<Record<string, Column>>
  readonly outputs: Readonly<Record<string, Column>>
}

const file = new URL('../../../../../shared/golden/metrics.json', import.meta.url)
const present = existsSync(file)
const golden: readonly Case[] = present ? JSON.parse(readFileSync(file, 'utf8')).cases : []

const run = ({ attrs, inputs, op }: Case): readonly number[] | null => {
  const column = (name: string) => inputs[name]?.data ?? []
  const weights = inputs.w?.data
  const width = (name: string) => inputs[name]?.shape[1] ?? 1
  const t = column('t')
  const y = column('y')
  const regression = { weights, outputs: width('t') }
  switch (op) {
    case 'accuracy':
      return [accuracy(t, y, { weights })]
    case 'balanced_accuracy':
      return [balancedAccuracy(t, y, { weights })]
    case 'confusion_matrix':
      return confusionMatrix(t, y, { weights, classes: attrs.classes as number }).flat()
    case 'precision_recall_f1':
      return attrs.average === 'macro' || attrs.average === 'binary'
        ? [f1(t, y, { weights, average: attrs.average, classes: attrs.classes as number })]
        : null
    case 'roc_auc':
      return [rocAuc(t, column('s'), { weights })]
    case 'roc_auc_multiclass':
      return attrs.multi_class === 'ovr' && attrs.average === 'macro'
        ? [rocAucMacro(t, column('s'), { weights, classes: width('s') })]
        : null
    case 'log_loss':
      return [logLoss(t, column('p'), { weights, classes: width('p') })]
    case 'r2':
      return [r2(t, y, regression)]
    case 'rmse':
      return [rmse(t, y, regression)]
    case 'mae':
      return [mae(t, y, regression)]
    default:
      return null
  }
}

const cases = golden.flatMap((item) => {
  const found = run(item)
  const expected = (item.outputs.value ?? item.outputs.matrix ?? item.outputs.f1)?.data ?? []
  return found === null ? [] : [{ name: item.name, found, expected }]
})

describe.skipIf(!present)('golden metrics (skipped without ../shared/golden/metrics.json)', () => {
  test('every family that is implemented has cases', () => expect(cases).toHaveLength(42))

  test.for(cases)('$name', ({ found, expected }) => {
    expect(found).toHaveLength(expected.length)
    expected.forEach((value, i) => {
      expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(1e-9 + 1e-9 * Math.abs(value))
    })
  })
})
