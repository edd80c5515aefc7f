import type { Graph } from '../graph.ts'
import type { ElementType } from '../model/element-type.ts'
import type { GraphNode, Value } from '../model/node.ts'
import { range, size } from '../rules/broadcasting.ts'
import { convolutionInputAdjoint } from '../rules/convolution-adjoint.ts'
import { transposedGeometry } from '../rules/convolution-geometry.ts'

type ShapeOf = (value: Value) => readonly number[]

/**
 * A ConvTranspose by convolutions: with kernel equal to stride a 1x1x1 convolution and a pixel shuffle, otherwise one
 * convolution for each phase of the stride. Groups are taken one by one.
 */
export const transposedConvolutionByConvolutions = (
  graph: Graph,
  node: GraphNode,
  shape: ShapeOf,
  type: ElementType
): Value => {
  const [x = '', weight = '', bias = ''] = node.inputs
  const [y = ''] = node.outputs
  const geometry = transposedGeometry(node, shape(x), shape(weight), shape(y))
  const { groups, inputChannels, outputChannels } = geometry
  const each = {
    ...geometry,
    groups: 1,
    inputChannels: inputChannels / groups,
    outputChannels: outputChannels / groups
  }
  const parts = range(groups).map((group) => {
    if (groups === 1) return convolutionInputAdjoint(graph, x, weight, each, type)
    const [start, end] = [group * each.outputChannels, (group + 1) * each.outputChannels]
    const input = graph.slice(x, [start], [end], [1])
    return convolutionInputAdjoint(graph, input, graph.slice(weight, [start], [end], [0]), each, type)
  })
  const joined = groups === 1 ? (parts[0] ?? '') : graph.concat(parts, 1)
  if (bias === '') return joined
  const rank = shape(y).length
  return graph.add(joined, graph.reshape(bias, [1, size(shape(y), 1), ...range(rank - 2).map(() => 1)]))
}
