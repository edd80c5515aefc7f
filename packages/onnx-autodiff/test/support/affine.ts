import { Graph } from '../../src/index.ts'
import type { Tensor } from '../../src/index.ts'

export const vector = (values: number[]): Tensor => ({
  type: 'float32',
  data: Float32Array.from(values),
  dims: [values.length]
})

/** 2 x + 1, the 2 a weight by that name. */
export const affine = (opset = 17): Graph => {
  const graph = new Graph({ opset, name: 'affine' })
  const x = graph.input('x', 'float32', ['n'])
  const scaled = graph.mul(x, graph.constant(Float32Array.of(2), [1], 'weight'))
  graph.output(graph.add(scaled, graph.scalar(1)), 'y')
  return graph
}
