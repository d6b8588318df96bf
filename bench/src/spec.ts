/** What a runner must know of a workload besides its arrays: the kind of program and its constants, as JSON. */

/** How parameters move. */
export interface Training {
  readonly optimizer: 'sgd' | 'adam' | 'adamW'
  readonly learningRate: number
  /** Share of a parameter removed per unit of learning rate (adamW). */
  readonly weightDecay?: number
}

/** The workloads of one kind differ in numbers only. */
export type Spec =
  | { readonly kind: 'dispatch'; readonly operations: number }
  | { readonly kind: 'matmul'; readonly size: number }
  | ({
      readonly kind: 'mlp'
      readonly sizes: readonly number[]
      readonly batch: number
    } & Training)
  | ({ readonly kind: 'tiny' } & Training)
  | ({
      readonly kind: 'autoencoder'
      readonly sizes: readonly number[]
      readonly batch: number
      /** Probability that an input is set to 0, drawn anew in every step. */
      readonly noise: number
    } & Training)
  | ({ readonly kind: 'convolution'; readonly batch: number } & Training)
  | ({
      readonly kind: 'transformer'
      readonly batch: number
      readonly length: number
      readonly width: number
      readonly heads: number
      readonly layers: number
      readonly inner: number
    } & Training)
  | ({
      readonly kind: 'lstm'
      readonly batch: number
      readonly length: number
      readonly width: number
      readonly hidden: number
    } & Training)
  | { readonly kind: 'chain' | 'chainGradient' | 'sum'; readonly size: number }
  | {
      readonly kind: 'softmax' | 'layerNorm'
      readonly rows: number
      readonly columns: number
    }
  | ({
      readonly kind: 'multitask'
      readonly trunk: readonly number[]
      readonly batch: number
      readonly regressions: number
      readonly classifications: number
      readonly classes: number
      /** Gradients of tasks are projected before they meet in the trunk (PCGrad, in the order of the tasks). */
      readonly projected?: boolean
    } & Training)
  | { readonly kind: 'inference'; readonly sizes: readonly number[] }

/** The specs of some kinds. */
export type SpecOf<K extends Spec['kind']> = Extract<Spec, { readonly kind: K }>
