import { Graph, gradient, inferShapes } from '../../src/index.ts'
import type { Value } from '../../src/index.ts'
import { numbers } from './random.ts'
import { evaluate } from './runtime.ts'

/** Gradient of the sum of a vector function at given points. */
export const gradientAt = async (
  points: readonly number[],
  build: (graph: Graph, x: Value) => Value,
  opset = 17,
  portable = false
): Promise<number[]> => {
  const graph = new Graph({ opset })
  const x = graph.input('x', 'float32', [points.length])
  const feeds = { x: { type: 'float32' as const, data: Float32Array.from(points), dims: [points.length] } }
  const y = build(graph, x)
  const shapes = await inferShapes(graph, feeds, evaluate)
  graph.output(gradient(graph, { of: y, withRespectTo: [x], shapes, portable })[x] ?? '', 'dx')
  return numbers((await evaluate(graph.encode(), feeds, ['dx'])).dx)
}
