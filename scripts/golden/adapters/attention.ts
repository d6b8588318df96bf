/** Attention. The files keep weights [out, in]; the framework [in, out]. */
import { gelu, mean, relu, swapAxes, type Tensor } from '@rootstock/core'
import {
  type Attending,
  additiveAttention,
  attend,
  type EncoderBlockParams,
  encoderBlock,
  evaluation,
  type Looking,
  multiHead,
} from '@rootstock/heads'
import type { Adapter, Adapters, Arguments } from '../arguments.ts'

const turned = (x: Tensor): Tensor => swapAxes(x, 0, 1)

const dense = (args: Arguments, weight: string, bias: string) => ({
  weight: turned(args.tensor(weight)),
  bias: args.tensor(bias),
})

const scaledDotProduct: Adapter = (args) => {
  const [mask, bias, scale] = [
    args.optional('mask'),
    args.optional('bias'),
    args.numberOrNull('scale'),
  ]
  const options: Attending = {
    causal: args.flag('causal'),
    ...(mask === undefined ? {} : { mask }),
    ...(bias === undefined ? {} : { bias }),
    ...(scale === undefined ? {} : { scale }),
  }
  return attend(args.tensor('q'), args.tensor('k'), args.tensor('v'), options)
}

const keyMaskOf = (args: Arguments) => {
  const keyMask = args.optional('key_padding')
  return keyMask === undefined ? {} : { keyMask }
}

const multiHeadAttention: Adapter = (args) => {
  const query = args.tensor('query')
  const layer = multiHead({ width: query.shape.at(-1)!, heads: args.number('heads') })
  const params = {
    input: dense(args, 'in_proj_weight', 'in_proj_bias'),
    output: dense(args, 'out_proj_weight', 'out_proj_bias'),
  }
  const looking: Looking = {
    query,
    causal: args.flag('causal'),
    ...keyMaskOf(args),
    ...(args.flag('self') ? {} : { key: args.tensor('key'), value: args.tensor('value') }),
  }
  return {
    y: layer.apply(params, looking, evaluation),
    weights: mean(layer.weights(params, looking), { axis: 1 }),
  }
}

/** Parameters of an encoder layer under a prefix of their names. */
export const encoderParams = (args: Arguments, prefix = ''): EncoderBlockParams => {
  const name = (rest: string): string => `${prefix}${rest}`
  const norm = (which: string) => ({
    scale: args.tensor(name(`${which}__weight`)),
    shift: args.tensor(name(`${which}__bias`)),
  })
  const linear = (which: string) => dense(args, name(`${which}__weight`), name(`${which}__bias`))
  return {
    attention: {
      input: dense(args, name('self_attn__in_proj_weight'), name('self_attn__in_proj_bias')),
      output: linear('self_attn__out_proj'),
    },
    inner: linear('linear1'),
    outer: linear('linear2'),
    attentionNorm: norm('norm1'),
    denseNorm: norm('norm2'),
  }
}

/** The encoder layer that the attributes of a case describe. */
export const encoderOf = (args: Arguments, params: EncoderBlockParams) => {
  const [width, hidden] = params.inner.weight.shape as [number, number]
  return encoderBlock({
    width,
    hidden,
    heads: args.number('heads'),
    norm: args.flag('norm_first') ? 'pre' : 'post',
    activation: args.text('activation') === 'gelu' ? (x) => gelu(x) : relu,
    epsilon: args.number('eps'),
    dropout: 0,
  })
}

const encoderLayer: Adapter = (args) => {
  const params = encoderParams(args)
  const input = { x: args.tensor('x'), ...keyMaskOf(args) }
  return encoderOf(args, params).apply(params, input, evaluation)
}

export const attention: Adapters = {
  scaled_dot_product: scaledDotProduct,
  multi_head: multiHeadAttention,
  encoder_layer: encoderLayer,
  additive_attention: (args) => {
    const [q, k, score] = [args.tensor('q'), args.tensor('k'), args.tensor('v')]
    const params = { query: turned(args.tensor('wq')), key: turned(args.tensor('wk')), score }
    const sizes = { in: q.shape[1]!, keyIn: k.shape[2]!, hidden: score.size }
    const { seen, weights } = additiveAttention(sizes).apply(
      params,
      { query: q, key: k },
      evaluation,
    )
    return { y: seen, weights }
  },
}
