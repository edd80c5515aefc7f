import type { Value } from '../model/node.ts'
import { range } from './broadcasting.ts'
import { convolutionInputAdjoint, convolutionWeightAdjoint, convolve } from './convolution-adjoint.ts'
import { convolutionGeometry, transposedGeometry } from './convolution-geometry.ts'
import type { Rule, RuleContext, RuleDefinition } from './rule.ts'

/** Sum over everything but the channels. */
const biasGradient = ({ graph, dy, y, shape, input }: RuleContext): Value | undefined => {
  if (input(2) === undefined) return undefined
  const axes = range(shape(y).length).filter((axis) => axis !== 1)
  return graph.reduceSum(dy, axes, false)
}

const convolution: Rule = (context) => {
  const { graph, node, x, y, dy, wants, shape, type } = context
  const [, weight = ''] = node.inputs
  const geometry = convolutionGeometry(node, shape(x), shape(weight), shape(y))
  return [
    wants(0) ? convolutionInputAdjoint(graph, dy, weight, geometry, type) : undefined,
    wants(1) ? convolutionWeightAdjoint(graph, x, dy, geometry) : undefined,
    wants(2) ? biasGradient(context) : undefined
  ]
}

/** A transposed convolution is the adjoint of a convolution, so its own adjoint is that convolution. */
const transposedConvolution: Rule = (context) => {
  const { graph, node, x, y, dy, wants, shape } = context
  const [, weight = ''] = node.inputs
  const geometry = transposedGeometry(node, shape(x), shape(weight), shape(y))
  return [
    wants(0) ? convolve(graph, dy, weight, geometry) : undefined,
    wants(1) ? convolutionWeightAdjoint(graph, dy, x, geometry) : undefined,
    wants(2) ? biasGradient(context) : undefined
  ]
}

export const convolutions: Record<string, RuleDefinition> = {
  Conv: { gradient: convolution },
  ConvTranspose: { gradient: transposedConvolution }
}
