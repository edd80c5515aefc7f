import { elementCount } from '../model/initializer.ts'
import { intAttribute, intsAttribute } from '../model/node.ts'
import type { Value } from '../model/node.ts'
import { positiveAxis, range, size } from './broadcasting.ts'
import type { Rule, RuleContext, RuleDefinition } from './rule.ts'

/** The axes a reduction sums over, from attribute or input, all of them by default. */
const reducedAxes = (context: RuleContext): number[] => {
  const { node, x, shape, input, constant } = context
  const rank = shape(x).length
  const given = input(1)
  const axes = given === undefined ? (intsAttribute(node, 'axes') ?? []) : constant(given)
  if (axes.length > 0) return axes.map((axis) => positiveAxis(axis, rank))
  return intAttribute(node, 'noop_with_empty_axes', 0) === 1 ? [] : range(rank)
}

interface Reduction {
  axes: number[]
  /** How many elements make one result. */
  count: number
  /** A tensor of the result's shape as one that broadcasts against the input. */
  keep: (value: Value) => Value
  /** The same, repeated to the input's shape. */
  spread: (value: Value) => Value
}

const reduction = (context: RuleContext): Reduction => {
  const { graph, node, x, shape } = context
  const axes = reducedAxes(context)
  const from = shape(x)
  const kept = from.map((length, axis) => (axes.includes(axis) ? 1 : length))
  const squeezed = intAttribute(node, 'keepdims', 1) === 0 && axes.length > 0
  const keep = (value: Value): Value => (squeezed ? graph.reshape(value, kept) : value)
  const spread = (value: Value): Value => (axes.length === 0 ? value : graph.expand(keep(value), from))
  return { axes, count: elementCount(axes.map((axis) => size(from, axis))), keep, spread }
}

const rule =
  (gradient: (context: RuleContext, reduced: Reduction) => Value): Rule =>
  (context) => {
    const result = gradient(context, reduction(context))
    return context.node.inputs.map((_, index) => (index === 0 ? result : undefined))
  }

const sum = rule(({ dy }, { spread }) => spread(dy))

const mean = rule(({ graph, dy, scalar }, { spread, count }) => spread(graph.mul(dy, scalar(1 / count))))

/** Equal elements share the gradient, so that it is the mean of the one-sided ones. */
const extremum = rule(({ graph, x, y, dy, type }, { axes, keep }) => {
  const attained = graph.cast(graph.equal(x, keep(y)), type)
  return graph.mul(attained, graph.div(keep(dy), graph.reduceSum(attained, axes)))
})

const product = rule(({ graph, x, y, dy }, { keep }) => graph.div(graph.mul(keep(dy), keep(y)), x))

const absoluteSum = rule(({ graph, x, dy }, { keep }) => graph.mul(keep(dy), graph.node('Sign', [x])))

const norm = rule(({ graph, x, y, dy, scalar }, { keep }) => {
  // At the zero vector every direction is as good; 0 is the subgradient PyTorch takes too.
  const safe = graph.where(graph.equal(y, scalar(0)), scalar(1), y)
  return graph.mul(x, keep(graph.div(dy, safe)))
})

const squareSum = rule(({ graph, x, dy, scalar }, { keep }) => graph.mul(x, keep(graph.mul(dy, scalar(2)))))

const logSum = rule(({ graph, y, dy }, { spread }) => spread(graph.div(dy, graph.exp(y))))

const logSumExp = rule(({ graph, x, y, dy }, { keep }) => graph.mul(keep(dy), graph.exp(graph.sub(x, keep(y)))))

/** The adjoint of a running sum is one in the other direction. */
const cumulativeSum: Rule = ({ graph, node, dy }) => [
  graph.node('CumSum', [dy, node.inputs[1] ?? ''], {
    exclusive: intAttribute(node, 'exclusive', 0),
    reverse: 1 - intAttribute(node, 'reverse', 0)
  }),
  undefined
]

export const reductions: Record<string, RuleDefinition> = {
  ReduceSum: { gradient: sum },
  ReduceMean: { gradient: mean },
  ReduceMax: { gradient: extremum },
  ReduceMin: { gradient: extremum },
  ReduceProd: { gradient: product },
  ReduceL1: { gradient: absoluteSum },
  ReduceL2: { gradient: norm },
  ReduceSumSquare: { gradient: squareSum },
  ReduceLogSum: { gradient: logSum },
  ReduceLogSumExp: { gradient: logSumExp },
  CumSum: { gradient: cumulativeSum }
}
