/**
 * What a score means: which way is better and in which unit. Comparisons and reports ask here instead of knowing names, so a
 * gain is a gain for RMSE and for accuracy alike.
 */

/** A metric: its title in reports, the direction that is better and the unit of its values. */
export interface Metric {
  readonly name: string
  readonly title: string
  /** Which values are better. */
  readonly direction: 'higher' | 'lower'
  /** `share` lies in [0, 1], `nats` are natural logarithms, `target` is the unit of the target, `ratio` has none. */
  readonly unit: 'share' | 'nats' | 'target' | 'ratio'
}

/**
 * All metrics by name.
 *
 * @example
 * ```ts
 * import { metrics } from '@rootstock/eval'
 * console.log(metrics.rmse.direction, metrics.accuracy.direction) // lower higher
 * ```
 */
export const metrics = {
  accuracy: { name: 'accuracy', title: 'accuracy', direction: 'higher', unit: 'share' },
  balancedAccuracy: {
    name: 'balancedAccuracy',
    title: 'balanced accuracy',
    direction: 'higher',
    unit: 'share',
  },
  f1: { name: 'f1', title: 'F1 (mean over classes)', direction: 'higher', unit: 'share' },
  f1Binary: { name: 'f1Binary', title: 'F1 (class 1)', direction: 'higher', unit: 'share' },
  rocAuc: { name: 'rocAuc', title: 'ROC-AUC', direction: 'higher', unit: 'share' },
  logLoss: { name: 'logLoss', title: 'log-loss', direction: 'lower', unit: 'nats' },
  rmse: { name: 'rmse', title: 'RMSE', direction: 'lower', unit: 'target' },
  mae: { name: 'mae', title: 'MAE', direction: 'lower', unit: 'target' },
  r2: { name: 'r2', title: 'R²', direction: 'higher', unit: 'ratio' },
} as const satisfies Record<string, Metric>

/** The name of a metric. */
export type MetricName = keyof typeof metrics
