/** Which loops are computed several iterations at a time, and how many. */
import type { Scalar, Statement } from '../../loop/loop.ts'
import { argumentsOf } from './scalar.ts'
import { strideOf, vectorLength } from './writer.ts'

type For = Extract<Statement, { readonly kind: 'for' }>
type Reduce = Extract<Statement, { readonly kind: 'reduce' }>

/** What a loop's body contains, as far as vectorising it is concerned. */
interface Survey {
  readonly index: number
  readonly stored: Set<number>
  readonly declared: Set<number>
  readonly seen: Set<Scalar>
  nodes: number
  /** Accesses of neighbouring elements, and of others that differ between iterations. */
  neighbours: number
  scattered: number
  /** Longest loop inside whose iterations are independent. */
  inner: number
  nested: boolean
  /** False when something inside cannot run in vector registers. */
  possible: boolean
}

/** How vectors compute a body. */
export interface BodyPlan {
  /** True when the processor would not overlap one vector's work with the next one's. */
  readonly isLong: boolean
  readonly stored: ReadonlySet<number>
}

/** How to run a loop with vectors. */
export interface VectorPlan extends BodyPlan {
  /** Vectors per iteration. */
  readonly unroll: number
}

const surveyAccess = (survey: Survey, stride: number, isData: boolean): void => {
  if (stride === 1 && !isData) survey.neighbours++
  else if (stride !== 0 || isData) survey.scattered++
}

const surveyScalar = (survey: Survey, node: Scalar | undefined): void => {
  if (node === undefined || survey.seen.has(node)) return
  survey.seen.add(node)
  if ('args' in node) survey.nodes++
  if (node.op === 'load') {
    surveyAccess(survey, strideOf(node.at, survey.index), node.at.offset !== undefined)
  }
  for (const argument of argumentsOf(node)) surveyScalar(survey, argument)
}

const surveyStore = (survey: Survey, statement: Extract<Statement, { kind: 'store' }>): void => {
  const { buffer, at, value } = statement
  survey.stored.add(buffer)
  surveyScalar(survey, value)
  surveyScalar(survey, at.offset)
  const stride = strideOf(at, survey.index)
  surveyAccess(survey, stride, at.offset !== undefined)
  // all iterations would write one element
  if (stride === 0 && at.offset === undefined) survey.possible = false
}

const surveyStatement = (survey: Survey, statement: Statement): void => {
  switch (statement.kind) {
    case 'let':
    case 'var':
      survey.declared.add(statement.id)
      surveyScalar(survey, statement.value)
      break
    case 'set':
      if (!survey.declared.has(statement.id)) survey.possible = false
      surveyScalar(survey, statement.value)
      break
    case 'store':
      surveyStore(survey, statement)
      break
    case 'for':
      survey.nested = true
      if (statement.parallel) survey.inner = Math.max(survey.inner, statement.extent)
      for (const inner of statement.body) surveyStatement(survey, inner)
      break
    case 'reduce':
      survey.nested = true
      survey.declared.add(statement.id)
      if (statement.order === 'lanes') survey.possible = false
      for (const inner of statement.body) surveyStatement(survey, inner)
      surveyScalar(survey, statement.value)
      break
    default:
      survey.possible = false
  }
}

const surveyOf = (index: number, body: readonly Statement[], value?: Scalar): Survey => {
  const survey: Survey = {
    index,
    stored: new Set(),
    declared: new Set(),
    seen: new Set(),
    nodes: 0,
    neighbours: 0,
    scattered: 0,
    inner: 0,
    nested: false,
    possible: true,
  }
  for (const statement of body) surveyStatement(survey, statement)
  surveyScalar(survey, value)
  return survey
}

/** True where a processor does not see a body's end from its beginning, and where it is not memory that it waits for. */
const isLong = ({ nodes, neighbours, scattered }: Survey): boolean =>
  nodes >= 20 && nodes >= 6 * (neighbours + scattered)

/** Short bodies are repeated, so that counting and moving pointers cost less. */
const unrollOf = ({ nodes, neighbours, nested }: Survey): number =>
  nested ? 1 : nodes + neighbours <= 8 ? 4 : nodes + neighbours <= 32 ? 2 : 1

/** Moving single elements into vectors must pay for itself by arithmetic or by neighbours. */
const pays = ({ nodes, neighbours, scattered }: Survey): boolean =>
  neighbours >= scattered || nodes >= 2 * scattered

/** The plan for a loop of independent iterations, or null when it runs one by one. */
export const vectorPlan = ({ index, extent, parallel, body }: For): VectorPlan | null => {
  if (!parallel) return null
  const survey = surveyOf(index, body)
  // a long loop inside is the better one: it walks neighbours
  const fits =
    survey.possible && extent >= vectorLength && survey.inner < vectorLength && pays(survey)
  if (!fits) return null
  return { unroll: unrollOf(survey), isLong: isLong(survey), stored: survey.stored }
}

/** Iterations of an outer loop that go through an inner one together: those of a cache line. */
export const stripRows = 16

/** The inner of two loops that would walk some array with large steps, while the outer one walks it along neighbours. */
export const crossedLoop = ({ index, extent, parallel, body }: For): For | null => {
  const [inner] = body
  if (inner?.kind !== 'for' || body.length > 1 || !parallel || !inner.parallel) return null
  if (Math.min(extent, inner.extent) < 2 * stripRows) return null
  const [along, across] = [surveyOf(index, inner.body), surveyOf(inner.index, inner.body)]
  const simple = across.possible && !across.nested
  return simple && along.neighbours > 0 && across.scattered > 0 ? inner : null
}

/** The plan for a reduction in lanes, or null when vectors cannot compute its values. */
export const reducePlan = ({ index, body, value }: Reduce): BodyPlan | null => {
  const survey = surveyOf(index, body, value)
  return survey.possible ? { isLong: isLong(survey), stored: survey.stored } : null
}
