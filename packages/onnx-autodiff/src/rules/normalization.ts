import { elementCount } from '../model/initializer.ts'
import { floatAttribute, intAttribute, intsAttribute } from '../model/node.ts'
import type { Value } from '../model/node.ts'
import { positiveAxis, range, reduceTo, size } from './broadcasting.ts'
import type { Rule, RuleContext, RuleDefinition } from './rule.ts'

interface Normalized {
  /** The input with mean 0 and variance 1 over the axes. */
  normalized: Value
  /** 1 / standard deviation, reduced axes kept. */
  inverseDeviation: Value
}

/** Recomputes what the forward operator kept to itself. */
const normalize = (
  { graph, scalar }: RuleContext,
  x: Value,
  axes: readonly number[],
  epsilon: number,
  centred = true
): Normalized => {
  const deviation = centred ? graph.sub(x, graph.reduceMean(x, axes)) : x
  const variance = graph.reduceMean(graph.mul(deviation, deviation), axes)
  const inverseDeviation = graph.reciprocal(graph.sqrt(graph.add(variance, scalar(epsilon))))
  return { normalized: graph.mul(deviation, inverseDeviation), inverseDeviation }
}

/** Gradient through a normalization, given that of the normalized values. */
const throughNormalization = (
  { graph }: RuleContext,
  gradient: Value,
  { normalized, inverseDeviation }: Normalized,
  axes: readonly number[],
  centred = true
): Value => {
  const along = graph.mul(normalized, graph.reduceMean(graph.mul(gradient, normalized), axes))
  const centredGradient = centred ? graph.sub(gradient, graph.reduceMean(gradient, axes)) : gradient
  return graph.mul(inverseDeviation, graph.sub(centredGradient, along))
}

/** (C) as (C, 1, …), to broadcast over (B, C, …). */
const perChannel = ({ graph, shape, x }: RuleContext, value: Value): Value =>
  graph.reshape(value, [
    -1,
    ...shape(x)
      .slice(2)
      .map(() => 1)
  ])

const channelSum = ({ graph, shape, x }: RuleContext, value: Value): Value =>
  graph.reduceSum(
    value,
    range(shape(x).length).filter((axis) => axis !== 1),
    false
  )

/** At inference: an affine map of each channel. */
const batchNormalization: Rule = (context) => {
  const { graph, node, x, dy, wants, scalar } = context
  const [, scale = '', , mean = '', variance = ''] = node.inputs
  const epsilon = floatAttribute(node, 'epsilon', 1e-5)
  const inverseDeviation = graph.reciprocal(graph.sqrt(graph.add(variance, scalar(epsilon))))
  const slope = graph.mul(scale, inverseDeviation)
  const deviation = (): Value => graph.sub(x, perChannel(context, mean))
  // sum of dy (x - mean), which both the scale's and the variance's gradient need
  const moment = wants(1) || wants(4) ? channelSum(context, graph.mul(dy, deviation())) : ''
  const total = wants(2) || wants(3) ? channelSum(context, dy) : ''
  const inverseVariance = (): Value => graph.mul(inverseDeviation, inverseDeviation)
  return [
    wants(0) ? graph.mul(dy, perChannel(context, slope)) : undefined,
    wants(1) ? graph.mul(moment, inverseDeviation) : undefined,
    wants(2) ? total : undefined,
    wants(3) ? graph.neg(graph.mul(total, slope)) : undefined,
    wants(4) ? graph.mul(graph.mul(moment, slope), graph.mul(inverseVariance(), scalar(-0.5))) : undefined
  ]
}

/** Instance and group normalization: statistics over groups of channels of each sample, then an affine map. */
const grouped =
  (groupsOf: (context: RuleContext, channels: number) => number): Rule =>
  (context) => {
    const { graph, node, x, dy, wants, shape } = context
    const from = shape(x)
    const [batch = 1, channels = 1] = from
    const groups = groupsOf(context, channels)
    const grouping = [batch, groups, elementCount(from) / (batch * groups)]
    const epsilon = floatAttribute(node, 'epsilon', 1e-5)
    const [, scale = ''] = node.inputs
    // Until opset 20 a GroupNormalization has one scale a group.
    const scalePerGroup = size(shape(scale), 0) === groups && groups !== channels
    const parts = normalize(context, graph.reshape(x, grouping), [2], epsilon)
    const spread = (value: Value): Value => {
      if (!scalePerGroup) return perChannel(context, value)
      const repeated = graph.expand(graph.reshape(value, [groups, 1]), [groups, channels / groups])
      return graph.reshape(repeated, [channels, ...from.slice(2).map(() => 1)])
    }
    const total = (value: Value): Value => {
      const sums = channelSum(context, value)
      return scalePerGroup ? graph.reduceSum(graph.reshape(sums, [groups, channels / groups]), [1], false) : sums
    }
    const input = (): Value => {
      const scaled = graph.reshape(graph.mul(dy, spread(scale)), grouping)
      return graph.reshape(throughNormalization(context, scaled, parts, [2]), from)
    }
    return [
      wants(0) ? input() : undefined,
      wants(1) ? total(graph.mul(dy, graph.reshape(parts.normalized, from))) : undefined,
      wants(2) ? total(dy) : undefined
    ]
  }

/** Layer and root-mean-square normalization over the last axes, then an affine map element by element. */
const overLastAxes =
  (centred: boolean): Rule =>
  (context) => {
    const { graph, node, x, dy, wants, shape, input } = context
    const from = shape(x)
    const axes = range(from.length).slice(positiveAxis(intAttribute(node, 'axis', -1), from.length))
    const parts = normalize(context, x, axes, floatAttribute(node, 'epsilon', 1e-5), centred)
    const scale = input(1)
    const bias = input(2)
    const scaled = scale === undefined ? dy : graph.mul(dy, scale)
    const toShapeOf = (value: Value, other: Value | undefined): Value | undefined =>
      other === undefined ? undefined : reduceTo(graph, value, from, shape(other))
    return [
      wants(0) ? throughNormalization(context, scaled, parts, axes, centred) : undefined,
      wants(1) ? toShapeOf(graph.mul(dy, parts.normalized), scale) : undefined,
      wants(2) ? toShapeOf(dy, bias) : undefined
    ]
  }

/** x / ||x|| along one axis, for the 1- and the 2-norm. */
const unitLength: Rule = ({ graph, node, x, y, dy, shape }) => {
  const axis = positiveAxis(intAttribute(node, 'axis', -1), shape(x).length)
  const absolute = intAttribute(node, 'p', 2) === 1
  const length = graph.reduce(absolute ? 'ReduceL1' : 'ReduceL2', x, [axis])
  const direction = absolute ? graph.node('Sign', [x]) : y
  const along = graph.mul(direction, graph.reduceSum(graph.mul(dy, y), [axis]))
  return [graph.div(graph.sub(dy, along), length)]
}

const softmaxAxis = ({ node, x, shape }: RuleContext): number =>
  positiveAxis(intAttribute(node, 'axis', -1), shape(x).length)

const softmax: Rule = (context) => {
  const { graph, y, dy } = context
  const weighted = graph.mul(dy, y)
  const total = graph.reduceSum(weighted, [softmaxAxis(context)])
  return [graph.sub(weighted, graph.mul(y, total))]
}

const logSoftmax: Rule = (context) => {
  const { graph, y, dy } = context
  return [graph.sub(dy, graph.mul(graph.exp(y), graph.reduceSum(dy, [softmaxAxis(context)])))]
}

/** (x - mean) / standard deviation over given axes, without parameters. */
const meanVariance: Rule = (context) => {
  const { node, x, dy } = context
  const axes = intsAttribute(node, 'axes') ?? [0, 2, 3]
  // The operator adds 1e-9 to the deviation, far below float32's resolution of it.
  return [throughNormalization(context, dy, normalize(context, x, axes, 1e-18), axes)]
}

export const normalizations: Record<string, RuleDefinition> = {
  BatchNormalization: {
    gradient: batchNormalization,
    refuses: (node) =>
      intAttribute(node, 'training_mode', 0) === 0 ? undefined : 'it is in training mode; export it for inference'
  },
  InstanceNormalization: { gradient: grouped((_, channels) => channels) },
  GroupNormalization: { gradient: grouped(({ node }) => intAttribute(node, 'num_groups', 1)) },
  LayerNormalization: { gradient: overLastAxes(true) },
  RMSNormalization: { gradient: overLastAxes(false) },
  MeanVarianceNormalization: { gradient: meanVariance },
  LpNormalization: { gradient: unitLength },
  Softmax: { gradient: softmax },
  LogSoftmax: { gradient: logSoftmax }
}
