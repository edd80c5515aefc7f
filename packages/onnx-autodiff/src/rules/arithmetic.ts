import type { Value } from '../model/node.ts'
import { reduceTo } from './broadcasting.ts'
import type { Rule, RuleContext, RuleDefinition } from './rule.ts'

/** A broadcasting operator: `partials` gives the gradient of input `index` at the output's shape. */
const broadcasting =
  (partial: (context: RuleContext, index: number) => Value): Rule =>
  (context) =>
    context.node.inputs.map((input, index) =>
      context.wants(index)
        ? reduceTo(context.graph, partial(context, index), context.shape(context.y), context.shape(input))
        : undefined
    )

const addition = broadcasting(({ dy }) => dy)

const subtraction: Rule = ({ graph, node, dy, wants, shape, y }) =>
  node.inputs.map((input, index) => {
    if (!wants(index)) return undefined
    // Negating after the reduction touches fewer elements.
    const reduced = reduceTo(graph, dy, shape(y), shape(input))
    return index === 0 ? reduced : graph.neg(reduced)
  })

const multiplication: Rule = (context) => {
  const { graph, node, dy, x, wants, shape, y } = context
  const [, other = ''] = node.inputs
  if (x === other) {
    return [wants(0) ? graph.mul(graph.mul(dy, x), context.scalar(2)) : undefined, undefined]
  }
  return [other, x].map((factor, index) =>
    wants(index) ? reduceTo(graph, graph.mul(dy, factor), shape(y), shape(node.inputs[index] ?? '')) : undefined
  )
}

const division = broadcasting(({ graph, node, dy, y }, index) => {
  const [, divisor = ''] = node.inputs
  return index === 0 ? graph.div(dy, divisor) : graph.neg(graph.mul(dy, graph.div(y, divisor)))
})

const powerOfConstant = ({ graph, x, dy, y, scalar }: RuleContext, exponent: number): Value => {
  if (exponent === 1) return dy
  if (exponent === 2) return graph.mul(graph.mul(dy, x), scalar(2))
  if (exponent === 0.5) return graph.div(graph.mul(dy, scalar(0.5)), y)
  return graph.mul(graph.mul(dy, scalar(exponent)), graph.pow(x, scalar(exponent - 1)))
}

const power = broadcasting((context, index) => {
  const { graph, node, dy, x, y, type, scalar } = context
  const [, given = ''] = node.inputs
  if (index === 0) {
    const constant = graph.constantNumbers(given)
    const [single] = constant ?? []
    if (constant?.length === 1 && single !== undefined) return powerOfConstant(context, single)
    // Pow allows an exponent of another type than x's.
    const exponent = graph.cast(given, type)
    return graph.mul(graph.mul(dy, exponent), graph.pow(x, graph.sub(exponent, scalar(1))))
  }
  // d x^e / de = x^e log x, which tends to 0 with x for e > 0.
  const positive = graph.greater(x, scalar(0))
  const logarithm = graph.log(graph.where(positive, x, scalar(1)))
  return graph.mul(graph.mul(dy, y), logarithm)
})

/** Max and Min of any number of inputs: the gradient goes to the first one that attains it. */
const extremum: Rule = ({ graph, node, dy, y, wants, shape, scalar }) => {
  let remaining = dy
  return node.inputs.map((input, index) => {
    const attained = graph.equal(input, y)
    const part = wants(index)
      ? reduceTo(graph, graph.where(attained, remaining, scalar(0)), shape(y), shape(input))
      : undefined
    if (index < node.inputs.length - 1) remaining = graph.where(attained, scalar(0), remaining)
    return part
  })
}

const mean = broadcasting(({ graph, node, dy, scalar }) => graph.mul(dy, scalar(1 / node.inputs.length)))

const selection: Rule = ({ graph, node, dy, x, y, wants, shape, scalar }) => {
  const [, a = '', b = ''] = node.inputs
  return [
    undefined,
    wants(1) ? reduceTo(graph, graph.where(x, dy, scalar(0)), shape(y), shape(a)) : undefined,
    wants(2) ? reduceTo(graph, graph.where(x, scalar(0), dy), shape(y), shape(b)) : undefined
  ]
}

export const arithmetic: Record<string, RuleDefinition> = {
  Add: { gradient: addition },
  Sum: { gradient: addition },
  Sub: { gradient: subtraction },
  Mul: { gradient: multiplication },
  Div: { gradient: division },
  Pow: { gradient: power },
  Max: { gradient: extremum },
  Min: { gradient: extremum },
  Mean: { gradient: mean },
  Where: { gradient: selection }
}
