import { describe, expect, it } from 'vitest'
import type { Graph, Value } from '../src/index.ts'
import { checkGradient } from './support/check-gradient.ts'
import { gradientAt } from './support/gradient-at.ts'
import { normal } from './support/random.ts'
import { onRandomShapes } from './support/shapes.ts'
import type { Random } from './support/random.ts'

const between =
  (low: number, high: number) =>
  (random: Random): number =>
    low + (high - low) * random()

const cases: [string, (random: Random) => number][] = [
  ['Neg', normal],
  ['Abs', between(0.3, 2)],
  ['Sqrt', between(0.5, 3)],
  ['Exp', normal],
  ['Log', between(0.5, 3)],
  ['Reciprocal', between(0.7, 3)],
  ['Erf', normal],
  ['Sin', normal],
  ['Cos', normal],
  ['Tan', between(-0.9, 0.9)],
  ['Sinh', normal],
  ['Cosh', normal],
  ['Asin', between(-0.6, 0.6)],
  ['Acos', between(-0.6, 0.6)],
  ['Atan', normal],
  ['Asinh', normal],
  ['Acosh', between(1.6, 4)],
  ['Atanh', between(-0.6, 0.6)],
  ['Identity', normal],
  ['Dropout', normal]
]

describe('elementary functions', () => {
  it.each(cases)('%s', async (opType, draw) => {
    await onRandomShapes(async (shape, seed) => {
      await checkGradient({
        inputs: { x: { shape, draw } },
        seed,
        tolerance: 3e-4,
        build: (graph, { x = '' }) => graph.node(opType, [x])
      })
    })
  })

  it('Cast there and back', async () => {
    await checkGradient({
      inputs: { x: { shape: [3, 5] } },
      build: (graph, { x = '' }) => graph.cast(graph.exp(graph.cast(x, 'float64')), 'float32')
    })
  })

  it('CastLike', async () => {
    await checkGradient({
      inputs: { x: { shape: [3, 5] } },
      build: (graph, { x = '' }) => {
        const double = graph.node('CastLike', [x, graph.scalar(0, 'float64')])
        return graph.node('CastLike', [graph.exp(double), graph.scalar(0)])
      }
    })
  })

  it.each<[string, (graph: Graph, x: Value) => Value]>([
    ['Floor', (graph, x) => graph.node('Floor', [x])],
    ['Sign', (graph, x) => graph.node('Sign', [x])],
    ['a cast to integers', (graph, x) => graph.cast(graph.cast(x, 'int64'), 'float32')]
  ])('%s has the gradient zero', async (_, build) => {
    expect(await gradientAt([0.3, 1.7], build)).toEqual([0, 0])
    expect(await gradientAt([0.5, 2], (graph, x) => graph.mul(x, build(graph, x)))).not.toContain(NaN)
  })
})
