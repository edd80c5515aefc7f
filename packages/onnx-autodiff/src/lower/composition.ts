import type { Graph } from '../graph.ts'
import type { ElementType } from '../model/element-type.ts'
import { elementCount } from '../model/initializer.ts'
import { floatAttribute, intAttribute } from '../model/node.ts'
import type { GraphNode, Value } from '../model/node.ts'
import { size } from '../rules/broadcasting.ts'

export interface CompositionContext {
  graph: Graph
  node: GraphNode
  shape: (value: Value) => readonly number[]
  type: ElementType
}

/** An operator written with simpler ones. */
export type Composition = (context: CompositionContext) => Value

const input = ({ node }: CompositionContext, index: number): Value => node.inputs[index] ?? ''

const or: Composition = (context) => {
  const { graph } = context
  const negated = [0, 1].map((index) => graph.node('Not', [input(context, index)]))
  return graph.node('Not', [graph.node('And', negated)])
}

const sign: Composition = (context) => {
  const { graph, type } = context
  const x = input(context, 0)
  const zero = graph.scalar(0, type)
  const below = graph.where(graph.less(x, zero), graph.scalar(-1, type), zero)
  return graph.where(graph.greater(x, zero), graph.scalar(1, type), below)
}

const softsign: Composition = (context) => {
  const { graph, type } = context
  const x = input(context, 0)
  return graph.div(x, graph.add(graph.node('Abs', [x]), graph.scalar(1, type)))
}

const selu: Composition = (context) => {
  const { graph, node, type } = context
  const elu = graph.node('Elu', [input(context, 0)], { alpha: floatAttribute(node, 'alpha', 1.6732632) })
  return graph.mul(elu, graph.scalar(floatAttribute(node, 'gamma', 1.050701), type))
}

const celu: Composition = (context) => {
  const { graph, node, type } = context
  const alpha = floatAttribute(node, 'alpha', 1)
  const x = input(context, 0)
  const below = graph.node('Elu', [graph.div(x, graph.scalar(alpha, type))], { alpha })
  return graph.where(graph.greater(x, graph.scalar(0, type)), x, below)
}

/** Group normalization as an instance normalization of the groups, then the affine map of the channels. */
const groupNormalization: Composition = (context) => {
  const { graph, node, shape, type } = context
  const from = shape(input(context, 0))
  const groups = intAttribute(node, 'num_groups', 1)
  const [batch, channels] = [size(from, 0), size(from, 1)]
  const filled = (value: number): Value => graph.expand(graph.scalar(value, type), [groups])
  const grouping = [batch, groups, elementCount(from) / (batch * groups)]
  const grouped = graph.reshape(input(context, 0), grouping)
  const normalized = graph.node('InstanceNormalization', [grouped, filled(1), filled(0)], {
    epsilon: floatAttribute(node, 'epsilon', 1e-5)
  })
  const perChannel = (value: Value): Value => {
    const ones = from.slice(2).map(() => 1)
    if (size(shape(value), 0) === channels) return graph.reshape(value, [1, channels, ...ones])
    // Until opset 20 there is one a group.
    const repeated = graph.expand(graph.reshape(value, [groups, 1]), [groups, channels / groups])
    return graph.reshape(repeated, [1, channels, ...ones])
  }
  const scaled = graph.mul(graph.reshape(normalized, from), perChannel(input(context, 1)))
  return graph.add(scaled, perChannel(input(context, 2)))
}

/** A product with a vector, by making a matrix of it. */
const matrixVector: Composition = (context) => {
  const { graph, node, shape } = context
  const [a, b] = [shape(input(context, 0)), shape(input(context, 1))]
  const left = a.length === 1 ? graph.reshape(input(context, 0), [1, size(a, 0)]) : input(context, 0)
  const right = b.length === 1 ? graph.reshape(input(context, 1), [size(b, 0), 1]) : input(context, 1)
  return graph.reshape(graph.matmul(left, right), shape(node.outputs[0] ?? ''))
}

export const compositions: Record<string, Composition> = {
  Or: or,
  Sign: sign,
  Softsign: softsign,
  Selu: selu,
  Celu: celu,
  GroupNormalization: groupNormalization,
  MatMul: matrixVector
}
