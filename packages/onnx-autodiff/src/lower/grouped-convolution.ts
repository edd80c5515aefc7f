import type { Graph } from '../graph.ts'
import { typedArrayOf } from '../model/element-type.ts'
import type { ElementType } from '../model/element-type.ts'
import { intAttribute } from '../model/node.ts'
import type { GraphNode, Value } from '../model/node.ts'
import { range, size } from '../rules/broadcasting.ts'

// So many convolutions at most: more groups share one, with a weight that is zero across groups.
const maximumParts = 8

const divisorsOf = (count: number): number[] =>
  range(count + 1).filter((divisor) => divisor > 0 && count % divisor === 0)

/** (n outputs, inputs, kernel) of n groups -> (n outputs, n inputs, kernel), block diagonal. */
const blockDiagonal = (
  graph: Graph,
  weight: Value,
  shape: readonly number[],
  groups: number,
  type: ElementType
): Value => {
  const [outputs, inputs] = [size(shape, 0) / groups, size(shape, 1)]
  const repeated = graph.node('Tile', [weight, graph.integers([1, groups, ...shape.slice(2).map(() => 1)])])
  const mask = range(groups * outputs).flatMap((output) =>
    range(groups * inputs).map((input) => (Math.floor(output / outputs) === Math.floor(input / inputs) ? 1 : 0))
  )
  const dimensions = [groups * outputs, groups * inputs, ...shape.slice(2).map(() => 1)]
  return graph.mul(repeated, graph.constant(typedArrayOf(type, mask), dimensions, undefined, type))
}

/** A grouped convolution by ungrouped ones, for providers without groups. */
export const groupedConvolutionByParts = (
  graph: Graph,
  node: GraphNode,
  shape: (value: Value) => readonly number[],
  type: ElementType
): Value => {
  const [x = '', weight = '', bias = ''] = node.inputs
  const groups = intAttribute(node, 'group', 1)
  const weightShape = shape(weight)
  const parts = Math.max(...divisorsOf(groups).filter((divisor) => divisor <= maximumParts))
  const together = groups / parts
  const inputs = size(weightShape, 1) * together
  const outputs = size(weightShape, 0) / parts
  const attributes = { ...Object.fromEntries(node.attributes), group: 1 }
  const cut = (value: Value, start: number, count: number, axis: number): Value =>
    parts === 1 ? value : graph.slice(value, [start], [start + count], [axis])
  const convolved = range(parts).map((part) => {
    const own = cut(weight, part * outputs, outputs, 0)
    const dense = blockDiagonal(graph, own, [outputs, ...weightShape.slice(1)], together, type)
    const partBias = bias === '' ? [] : [cut(bias, part * outputs, outputs, 0)]
    return graph.node('Conv', [cut(x, part * inputs, inputs, 1), together === 1 ? own : dense, ...partBias], attributes)
  })
  return parts === 1 ? (convolved[0] ?? '') : graph.concat(convolved, 1)
}
