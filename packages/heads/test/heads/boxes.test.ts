/** The head for a box, and labels of several values. */
import { adam, evalShape, grad, ones, random, type Tensor, tensor } from '@rootstock/core'
import { boxes, evaluation, fit, gather, mlp, multitask, type Rows } from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

const logit = (share: number): number => Math.log(share / (1 - share))
/** Outputs for centres (0.5, 0.4) and sizes (0.2, 0.6). */
const outputs = tensor([[0.5, 0.4, 0.2, 0.6].map(logit), [Number.NaN, 0, 0, 0]])
const corners = [0.4, 0.1, 0.6, 0.7]
const mask = tensor([true, false])
const target = (box: readonly number[]) => ({
  values: tensor([box, [Number.NaN, 0, 0, 0]] as number[][]),
  mask,
})
const round = (values: Iterable<number>) => [...values].map((x) => Math.round(x * 1e5) / 1e5)

describe('boxes', () => {
  it('predicts left, top, right and bottom', () => {
    const predicted = boxes().predict(outputs)
    expect(predicted.shape).toEqual([2, 4])
    expect(round(predicted.data().slice(0, 4))).toEqual(corners)
  })

  it('has no loss where the box is right', () => {
    expect(boxes().loss(outputs, target(corners)).item()).toBeCloseTo(0, 5)
  })

  it('adds the distances of centre and size to what generalised overlap lacks', () => {
    // the box moved right by its width: centre off by 0.2, no overlap, nothing between
    const moved = target([0.6, 0.1, 0.8, 0.7])
    expect(boxes({ overlap: 0 }).loss(outputs, moved).item()).toBeCloseTo(5 * 0.2, 5)
    expect(boxes({ distance: 0 }).loss(outputs, moved).item()).toBeCloseTo(2, 5)
    expect(boxes({ distance: 1, overlap: 0.5 }).loss(outputs, moved).item()).toBeCloseTo(0.7, 5)
  })

  it('gives rows without a box no influence, not even where they hold NaN', () => {
    const gradient = grad((x: Tensor) => boxes().loss(x, target([0.1, 0.2, 1, 1])))(outputs)
    const [first, second] = gradient.toArray() as number[][]
    expect(first!.every((value) => Number.isFinite(value) && value !== 0)).toBe(true)
    expect(second).toEqual([0, 0, 0, 0])
  })

  it('is exactly 0 when no row has a box', () => {
    const none = { ...target(corners), mask: tensor([false, false]) }
    expect(boxes().loss(outputs, none).item()).toBe(0)
  })

  it('fits a trunk of another width not at all', () => {
    const head = boxes({ features: 3 })
    const params = head.init(random.key(0), 3)
    expect(() =>
      evalShape(() => head.outputs(params, ones([2, 5]), evaluation))(),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in matmul, at dense
        left   float32[2, 5]
        right  float32[3, 4]
        rule   columns of left (5) must equal rows of right (3)
        hint   the trunk is declared with out: 5; this head was initialised for 3 features]
    `)
  })

  it('says when labels are not four values a row', () => {
    const numbers = { values: tensor([0.5, 0.5]), mask }
    expect(() => boxes().loss(outputs, numbers)).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in boxes
        outputs  float32[2, 4]
        labels   float32[2]
        rule     outputs, labels must have the same shape]
    `)
  })

  it('refuses weights that are none', () => {
    expect(() => boxes({ distance: -1 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in boxes
        distance  -1
        overlap   2
        rule      distance and overlap must be finite and at least 0]
    `)
  })
})

describe('labels of several values', () => {
  const box = {
    values: Float32Array.of(0, 0, 0.5, 0.5, Number.NaN, 0, 0, 0, 0.5, 0.5, 1, 1),
    mask: Uint8Array.of(1, 0, 1),
    width: 4,
  }
  const data: Rows<'box'> = {
    rows: 3,
    width: 1,
    inputs: Float32Array.of(-1, 0, 1),
    targets: { box },
  }
  const model = multitask(mlp({ in: 1, hidden: [16] }), { box: boxes() })
  const recipe = { model, optimizer: adam({ learningRate: 0.03 }), batchSize: 2, seed: 5 }

  it('reach a head as rows', () => {
    const { batch, labelled } = gather(data, ['box'], Int32Array.of(2, 1))
    expect(batch.targets.box.values.toArray()).toEqual([
      [0.5, 0.5, 1, 1],
      [0, 0, 0, 0],
    ])
    expect(labelled).toEqual({ box: 1 })
  })

  it('are learned', async () => {
    const fitted = await fit({ ...recipe, data, epochs: 200 })()
    if (fitted._tag === 'Left') throw new Error(fitted.left._tag)
    const predicted = model.apply(fitted.right.params, tensor([[-1], [1]]), evaluation)
    const wanted = [0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1]
    const distances = [...predicted.box.data()].map((x, i) => Math.abs(x - wanted[i]!))
    expect(Math.max(...distances)).toBeLessThan(0.05)
  })

  it('are named with their row where they are not finite', async () => {
    const values = box.values.with(10, Number.POSITIVE_INFINITY)
    const bad = { ...data, targets: { box: { ...box, values } } }
    const fitted = await fit({ ...recipe, data: bad, epochs: 1 })()
    expect(fitted).toMatchObject({
      _tag: 'Left',
      left: { _tag: 'Diverged', source: { row: 2, label: 'box' } },
    })
  })

  it('must be as many as their width says', () => {
    const few = { ...data, targets: { box: { ...box, width: 3 } } }
    expect(() => fit({ ...recipe, data: few, epochs: 1 })()).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in fit
        task    box
        rows    3
        width   3
        values  12
        mask    3
        rule    a task must have \`width\` values and a mask entry for each row]
    `)
  })
})
