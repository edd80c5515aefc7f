import type { Graph } from './graph.ts'
import type { Attribute } from './model/attribute.ts'
import { isFloating, typedArrayOf } from './model/element-type.ts'
import { Initializer, elementCount } from './model/initializer.ts'
import type { Value } from './model/node.ts'
import type { Evaluate, Tensor } from './model/tensor.ts'

// Sequences, maps and optionals have no shape.
const withoutShape = /^Sequence|^SplitToSequence$|^Optional|^ZipMap$/

// Weights of more elements than this are stood in for by zeros: shapes don't depend on what they hold.
const steeringElements = 1024

/** Zeros in place of the large weights, so that they are neither copied nor, where they are external, needed at all. */
const replaceWeights = (probe: Graph): void => {
  const nodes = probe.nodes
  probe.nodes = []
  for (const [value, { type, shape }] of [...probe.initializers]) {
    if (!isFloating(type) || elementCount(shape) <= steeringElements) continue
    probe.initializers.delete(value)
    const zero: Attribute = { kind: 'tensor', value: Initializer.fromData(typedArrayOf(type, [0]), [1], type) }
    const inputs = [probe.integers(shape)]
    const attributes = new Map([['value', zero]])
    probe.nodes.push({ opType: 'ConstantOfShape', domain: '', name: '', inputs, outputs: [value], attributes })
  }
  probe.nodes.push(...nodes)
}

/**
 * Shapes of every value of a graph, inputs and constants included, taken from one run on `feeds`. Each value gets a Shape
 * node, so that the run fetches a few integers and the runtime may free the tensors as it goes. Large weights are
 * replaced by zeros, which have the same shapes: external data need not be at hand.
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
  replaceWeights(probe)
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
