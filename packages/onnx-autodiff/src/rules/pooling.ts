import { typedArrayOf } from '../model/element-type.ts'
import { elementCount } from '../model/initializer.ts'
import { intAttribute, intsAttribute } from '../model/node.ts'
import type { GraphNode, Value } from '../model/node.ts'
import { range, size } from './broadcasting.ts'
import { convolutionInputAdjoint } from './convolution-adjoint.ts'
import type { ConvolutionGeometry } from './convolution-geometry.ts'
import { maxPool } from './max-pool.ts'
import { windowGeometry } from './pooling-window.ts'
import type { Rule, RuleContext, RuleDefinition } from './rule.ts'

/** How many elements each window of one axis averages over. */
const windowCounts = (node: GraphNode, geometry: ConvolutionGeometry, axis: number): number[] => {
  const rank = geometry.kernel.length
  const includesPads = intAttribute(node, 'count_include_pad', 0) === 1
  const length = size(geometry.inputSizes, axis)
  const before = geometry.padBegins[axis] ?? 0
  const written = intsAttribute(node, 'pads')?.[rank + axis]
  const reach = (size(geometry.outputSizes, axis) - 1) * size(geometry.strides, axis)
  const needed = reach + (size(geometry.kernel, axis) - 1) * size(geometry.dilations, axis) + 1 - before - length
  const after = written ?? Math.max(0, needed)
  const [low, high] = includesPads ? [-before, length + after] : [0, length]
  return range(size(geometry.outputSizes, axis)).map((at) => {
    const start = at * size(geometry.strides, axis) - before
    const positions = range(size(geometry.kernel, axis)).map((tap) => start + tap * size(geometry.dilations, axis))
    return positions.filter((position) => position >= low && position < high).length
  })
}

/** dy over the static number of elements in each window. */
const dividedByCounts = ({ graph, node, dy, type, scalar }: RuleContext, geometry: ConvolutionGeometry): Value => {
  const counts = range(geometry.kernel.length).map((axis) => windowCounts(node, geometry, axis))
  if (counts.every((list) => list.every((count) => count === list[0]))) {
    return graph.mul(dy, scalar(1 / elementCount(counts.map((list) => size(list, 0)))))
  }
  return counts.reduce((value, list, axis) => {
    const dimensions = [list.length, ...Array.from({ length: counts.length - 1 - axis }, () => 1)]
    const inverse = typedArrayOf(
      type,
      list.map((count) => 1 / count)
    )
    return graph.mul(value, graph.constant(inverse, dimensions, undefined, type))
  }, dy)
}

const averagePool: Rule = (context) => {
  const { graph, x, type, shape } = context
  const geometry = windowGeometry(context)
  const { batch, outputSizes, kernel } = geometry
  const scaled = graph.reshape(dividedByCounts(context, geometry), [batch, 1, ...outputSizes])
  const taps = typedArrayOf(
    type,
    range(elementCount(kernel)).map(() => 1)
  )
  const weight = graph.constant(taps, [1, 1, ...kernel], undefined, type)
  return [graph.reshape(convolutionInputAdjoint(graph, scaled, weight, geometry, type), shape(x))]
}

const globalAveragePool: Rule = ({ graph, x, dy, shape, scalar }) => {
  const from = shape(x)
  return [graph.expand(graph.mul(dy, scalar(1 / elementCount(from.slice(2)))), from)]
}

/** Equal maxima share the gradient. */
const globalMaxPool: Rule = ({ graph, x, y, dy, type, shape }) => {
  const attained = graph.cast(graph.equal(x, y), type)
  const axes = range(shape(x).length).slice(2)
  return [graph.mul(attained, graph.div(dy, graph.reduceSum(attained, axes)))]
}

export const pooling: Record<string, RuleDefinition> = {
  AveragePool: { gradient: averagePool },
  MaxPool: {
    gradient: maxPool,
    refuses: (node) => (intAttribute(node, 'storage_order', 0) === 0 ? undefined : 'its indices are column major')
  },
  GlobalAveragePool: { gradient: globalAveragePool },
  GlobalMaxPool: { gradient: globalMaxPool }
}
