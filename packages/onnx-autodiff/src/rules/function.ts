import { intAttribute } from '../model/node.ts'
import type { Value } from '../model/node.ts'
import { isFloating } from '../model/element-type.ts'
import type { RuleContext, RuleDefinition } from './rule.ts'

/** An operator of one input whose gradient is dy times a slope. */
const derivative = (slope: (context: RuleContext) => Value): RuleDefinition => ({
  gradient: (context) => [context.graph.mul(context.dy, slope(context))]
})

/** dy divided by something. */
const over = (denominator: (context: RuleContext) => Value): RuleDefinition => ({
  gradient: (context) => [context.graph.div(context.dy, denominator(context))]
})

/** The gradient is the output gradient itself. */
const passThrough: RuleDefinition = {
  gradient: ({ dy, node }) => node.inputs.map((_, index) => (index === 0 ? dy : undefined))
}

const unary = ({ graph, x }: RuleContext, opType: string): Value => graph.node(opType, [x])

/** sqrt(sign x^2 + constant) */
const root = ({ graph, x, scalar }: RuleContext, sign: 1 | -1, constant: 1 | -1): Value => {
  const squared = graph.mul(x, x)
  return graph.sqrt(graph.add(sign === 1 ? squared : graph.neg(squared), scalar(constant)))
}

const onePlusSquare = ({ graph, x, scalar }: RuleContext, sign: 1 | -1): Value =>
  graph.add(scalar(1), graph.mul(graph.mul(x, x), scalar(sign)))

const cast: RuleDefinition = {
  gradient: ({ graph, dy, type }) => [graph.cast(dy, type)],
  refuses: (node) => (intAttribute(node, 'to', 1) === 0 ? 'it names no type' : undefined)
}

/** Dropout and Identity at inference; extra outputs (the mask) have no gradient. */
export const elementaryFunctions: Record<string, RuleDefinition> = {
  Identity: passThrough,
  Dropout: passThrough,
  Cast: cast,
  CastLike: {
    gradient: ({ graph, dy, x, type }) => [isFloating(type) ? graph.node('CastLike', [dy, x]) : dy, undefined]
  },
  Neg: { gradient: ({ graph, dy }) => [graph.neg(dy)] },
  Abs: derivative((context) => unary(context, 'Sign')),
  Sqrt: { gradient: ({ graph, dy, y, scalar }) => [graph.div(graph.mul(dy, scalar(0.5)), y)] },
  Exp: derivative(({ y }) => y),
  Log: over(({ x }) => x),
  Reciprocal: { gradient: ({ graph, dy, y }) => [graph.neg(graph.mul(dy, graph.mul(y, y)))] },
  Erf: derivative(({ graph, x, scalar }) =>
    graph.mul(graph.exp(graph.neg(graph.mul(x, x))), scalar(2 / Math.sqrt(Math.PI)))
  ),
  Sin: derivative((context) => unary(context, 'Cos')),
  Cos: derivative((context) => context.graph.neg(unary(context, 'Sin'))),
  Tan: derivative(({ graph, y, scalar }) => graph.add(graph.mul(y, y), scalar(1))),
  Sinh: derivative((context) => unary(context, 'Cosh')),
  Cosh: derivative((context) => unary(context, 'Sinh')),
  Asin: over((context) => root(context, -1, 1)),
  Acos: over((context) => context.graph.neg(root(context, -1, 1))),
  Atan: over((context) => onePlusSquare(context, 1)),
  Asinh: over((context) => root(context, 1, 1)),
  Acosh: over((context) => root(context, 1, -1)),
  Atanh: over((context) => onePlusSquare(context, -1))
}
