import type { Graph } from './graph.ts'
import type { Value } from './model/node.ts'
import type { Evaluate, Tensor } from './model/tensor.ts'

// Sequences, maps and optionals have no shape.
const withoutShape = /^Sequence|^SplitToSequence$|^Optional|^ZipMap$/

/**
 * Shapes of every value of a graph, inputs and constants included, taken from one run on `feeds`. Each value gets a Shape
 * node, so that the run fetches a few integers and the runtime may free the tensors as it goes.
 */
export const inferShapes = async (
  graph: Graph,
  feeds: Record<string, Tensor>,
  evaluate: Evaluate
): Promise<Map<Value, number[]>> => {
  const shapes = new Map<Value, number[]>()
  for (const { name } of graph.inputs) {
    const fed = feeds[name]
    if (fed !== undefined) shapes.set(name, [...fed.dims])
  }
  for (const [name, { shape }] of graph.initializers) shapes.set(name, [...shape])
  const probe = graph.clone()
  probe.clearOutputs()
  const asked = new Map<string, Value>()
  for (const { opType, outputs } of graph.nodes) {
    if (withoutShape.test(opType)) continue
    for (const value of outputs) {
      if (value === '') continue
      const output = probe.node('Shape', [value])
      probe.outputs.push({ name: output, type: 'int64' })
      asked.set(output, value)
    }
  }
  if (asked.size === 0) return shapes
  const results = await evaluate(probe.encode(), feeds, [...asked.keys()])
  for (const [output, value] of asked) {
    const result = results[output]
    if (result !== undefined) shapes.set(value, Array.from(result.data as ArrayLike<number | bigint>, Number))
  }
  return shapes
}
