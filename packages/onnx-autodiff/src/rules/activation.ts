import type { Value } from '../model/node.ts'
import { floatAttribute, stringAttribute } from '../model/node.ts'
import { reduceTo } from './broadcasting.ts'
import type { Rule, RuleContext, RuleDefinition } from './rule.ts'

/** An operator of one floating-point input, element by element. */
const elementwise = (gradient: (context: RuleContext) => Value): RuleDefinition => ({
  gradient: (context) => [gradient(context)]
})

/** Elementwise with the derivative itself given: the gradient is dy times it. */
const derivative = (slope: (context: RuleContext) => Value): RuleDefinition =>
  elementwise((context) => context.graph.mul(context.dy, slope(context)))

/** The gradient passes where `condition` holds and is zero elsewhere. */
const passWhere = ({ graph, dy, scalar }: RuleContext, condition: Value): Value => graph.where(condition, dy, scalar(0))

const sigmoidOf = (context: RuleContext, factor: number): Value =>
  context.graph.sigmoid(context.graph.mul(context.x, context.scalar(factor)))

const oneMinus = ({ graph, scalar }: RuleContext, value: Value): Value => graph.sub(scalar(1), value)
const onePlus = ({ graph, scalar }: RuleContext, value: Value): Value => graph.add(scalar(1), value)
const square = ({ graph }: RuleContext, value: Value): Value => graph.mul(value, value)

/** slope below zero, 1 above */
const leaky = (context: RuleContext, below: Value): Value => {
  const { graph, x, scalar } = context
  return graph.where(graph.greater(x, scalar(0)), scalar(1), below)
}

const relu = elementwise((context) => passWhere(context, context.graph.greater(context.x, context.scalar(0))))

const leakyRelu = derivative((context) => leaky(context, context.scalar(floatAttribute(context.node, 'alpha', 0.01))))

const parametricRelu: Rule = (context) => {
  const { graph, node, dy, x, y, scalar, wants, shape } = context
  const [, slope = ''] = node.inputs
  const positive = graph.greater(x, scalar(0))
  return [
    wants(0) ? graph.where(positive, dy, graph.mul(dy, slope)) : undefined,
    wants(1) ? reduceTo(graph, graph.where(positive, scalar(0), graph.mul(dy, x)), shape(y), shape(slope)) : undefined
  ]
}

/** alpha (exp(x / c) - 1) below zero: its slope is (y + alpha) / c. */
const exponentialBelow = (context: RuleContext, alpha: number, scale: number, above: number): Value => {
  const { graph, x, y, scalar } = context
  const slope = graph.mul(graph.add(y, scalar(alpha)), scalar(scale))
  return graph.where(graph.greater(x, scalar(0)), scalar(above), slope)
}

const elu = derivative((context) => exponentialBelow(context, floatAttribute(context.node, 'alpha', 1), 1, 1))
const celu = derivative((context) => {
  const alpha = floatAttribute(context.node, 'alpha', 1)
  return exponentialBelow(context, alpha, 1 / alpha, 1)
})
const selu = derivative((context) => {
  const alpha = floatAttribute(context.node, 'alpha', 1.6732632)
  const gamma = floatAttribute(context.node, 'gamma', 1.050701)
  return exponentialBelow(context, alpha * gamma, 1, gamma)
})

const sigmoid = elementwise((context) => {
  const { graph, dy, y } = context
  return graph.mul(graph.mul(dy, y), oneMinus(context, y))
})

const tanh = derivative((context) => oneMinus(context, square(context, context.y)))

/** Inside the two limits, where a hard activation is linear. */
const between = ({ graph, x, scalar }: RuleContext, low: number, high: number): Value =>
  graph.node('And', [graph.greater(x, scalar(low)), graph.less(x, scalar(high))])

const hardSigmoid = elementwise((context) => {
  const { graph, node, dy, scalar } = context
  const alpha = floatAttribute(node, 'alpha', 0.2)
  const beta = floatAttribute(node, 'beta', 0.5)
  const limits = [-beta / alpha, (1 - beta) / alpha].sort((a, b) => a - b)
  return graph.where(between(context, limits[0] ?? 0, limits[1] ?? 0), graph.mul(dy, scalar(alpha)), scalar(0))
})

/** x clip(x / 6 + 1/2, 0, 1) */
const hardSwish = derivative((context) => {
  const { graph, x, scalar } = context
  const inside = graph.add(graph.mul(x, scalar(1 / 3)), scalar(0.5))
  const outside = graph.where(graph.greater(x, scalar(0)), scalar(1), scalar(0))
  return graph.where(between(context, -3, 3), inside, outside)
})

/** x tanh(softplus(x)) */
const mish = derivative((context) => {
  const { graph, x } = context
  const bounded = graph.tanh(graph.softplus(x))
  const slope = graph.mul(graph.mul(x, sigmoidOf(context, 1)), oneMinus(context, square(context, bounded)))
  return graph.add(bounded, slope)
})

const gelu = derivative((context) => {
  const { graph, node, x, scalar } = context
  if (stringAttribute(node, 'approximate', 'none') === 'tanh') {
    const k = Math.sqrt(2 / Math.PI)
    const x2 = square(context, x)
    const inner = graph.mul(graph.mul(x, scalar(k)), onePlus(context, graph.mul(x2, scalar(0.044715))))
    const t = graph.tanh(inner)
    const innerSlope = graph.mul(scalar(k), onePlus(context, graph.mul(x2, scalar(3 * 0.044715))))
    const rest = graph.mul(graph.mul(x, oneMinus(context, square(context, t))), innerSlope)
    return graph.mul(graph.add(onePlus(context, t), rest), scalar(0.5))
  }
  // Phi(x) + x phi(x) with the normal distribution's Phi and phi
  const distribution = graph.mul(onePlus(context, graph.node('Erf', [graph.mul(x, scalar(Math.SQRT1_2))])), scalar(0.5))
  const density = graph.mul(graph.exp(graph.mul(square(context, x), scalar(-0.5))), scalar(1 / Math.sqrt(2 * Math.PI)))
  return graph.add(distribution, graph.mul(x, density))
})

const thresholdedRelu = elementwise((context) =>
  passWhere(context, context.graph.greater(context.x, context.scalar(floatAttribute(context.node, 'alpha', 1))))
)

const softsign = elementwise((context) => {
  const { graph, dy, x } = context
  return graph.div(dy, square(context, onePlus(context, graph.node('Abs', [x]))))
})

/** Clip's limits are optional inputs; the gradient passes at the limits themselves, as in PyTorch. */
const clip: Rule = (context) => {
  const { graph, x, dy, input, wants, shape, scalar } = context
  const [low, high] = [input(1), input(2)]
  const below = low === undefined ? undefined : graph.less(x, low)
  const above = high === undefined ? undefined : graph.greater(x, high)
  const outside = below === undefined || above === undefined ? (below ?? above) : graph.node('Or', [below, above])
  const total = (condition: Value | undefined, limit: Value | undefined): Value | undefined =>
    condition === undefined || limit === undefined
      ? undefined
      : reduceTo(graph, graph.where(condition, dy, scalar(0)), shape(x), shape(limit))
  return [
    !wants(0) ? undefined : outside === undefined ? dy : graph.where(outside, scalar(0), dy),
    wants(1) ? total(below, low) : undefined,
    wants(2) ? total(above, high) : undefined
  ]
}

export const activation: Record<string, RuleDefinition> = {
  Relu: relu,
  LeakyRelu: leakyRelu,
  PRelu: { gradient: parametricRelu },
  Elu: elu,
  Celu: celu,
  Selu: selu,
  Sigmoid: sigmoid,
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  Mish: mish,
  Gelu: gelu,
  Tanh: tanh,
  Softplus: derivative((context) => sigmoidOf(context, 1)),
  Softsign: softsign,
  ThresholdedRelu: thresholdedRelu,
  Clip: { gradient: clip }
}
