import { intAttribute, intsAttribute, stringAttribute } from '../model/node.ts'
import type { GraphNode } from '../model/node.ts'
import { size } from './broadcasting.ts'

/**
 * How a convolution's input, output and kernel positions belong together, per spatial axis:
 * input = output * stride + kernel * dilation - padBegin. A transposed convolution has the same relation with input and
 * output exchanged.
 */
export interface ConvolutionGeometry {
  batch: number
  groups: number
  /** Channels on the side of the convolution's input and output. */
  inputChannels: number
  outputChannels: number
  /** Spatial sizes. */
  inputSizes: readonly number[]
  outputSizes: readonly number[]
  kernel: readonly number[]
  strides: readonly number[]
  dilations: readonly number[]
  padBegins: readonly number[]
}

const ones = (count: number): number[] => Array.from({ length: count }, () => 1)

/** Begin pads: as written, or the share of the total that auto_pad gives to the front. */
const padBegins = (node: GraphNode, totals: readonly number[], oddGoesLast: string): number[] => {
  const autoPad = stringAttribute(node, 'auto_pad', 'NOTSET')
  if (autoPad === 'VALID') return totals.map(() => 0)
  const written = intsAttribute(node, 'pads')
  if (autoPad === 'NOTSET' && !node.attributes.has('output_shape')) {
    return totals.map((_, axis) => written?.[axis] ?? 0)
  }
  return totals.map((total) => (autoPad === oddGoesLast ? Math.floor(total / 2) : total - Math.floor(total / 2)))
}

/** Geometry of a Conv from the shapes of its input, weight and output. */
export const convolutionGeometry = (
  node: GraphNode,
  input: readonly number[],
  weight: readonly number[],
  output: readonly number[]
): ConvolutionGeometry => {
  const kernel = weight.slice(2)
  const strides = intsAttribute(node, 'strides') ?? ones(kernel.length)
  const dilations = intsAttribute(node, 'dilations') ?? ones(kernel.length)
  const inputSizes = input.slice(2)
  const outputSizes = output.slice(2)
  const totals = kernel.map((length, axis) => {
    const extent = (size(outputSizes, axis) - 1) * size(strides, axis) + (length - 1) * size(dilations, axis) + 1
    return Math.max(0, extent - size(inputSizes, axis))
  })
  return {
    batch: size(input, 0),
    groups: intAttribute(node, 'group', 1),
    inputChannels: size(input, 1),
    outputChannels: size(output, 1),
    inputSizes,
    outputSizes,
    kernel,
    strides,
    dilations,
    padBegins: padBegins(node, totals, 'SAME_UPPER')
  }
}

/** Geometry of the Conv whose adjoint a ConvTranspose is. */
export const transposedGeometry = (
  node: GraphNode,
  input: readonly number[],
  weight: readonly number[],
  output: readonly number[]
): ConvolutionGeometry => {
  const kernel = weight.slice(2)
  const strides = intsAttribute(node, 'strides') ?? ones(kernel.length)
  const dilations = intsAttribute(node, 'dilations') ?? ones(kernel.length)
  const outputPadding = intsAttribute(node, 'output_padding') ?? []
  const totals = kernel.map((length, axis) => {
    const full = (size(input, axis + 2) - 1) * size(strides, axis) + (length - 1) * size(dilations, axis) + 1
    return Math.max(0, full + (outputPadding[axis] ?? 0) - size(output, axis + 2))
  })
  return {
    batch: size(input, 0),
    groups: intAttribute(node, 'group', 1),
    inputChannels: size(output, 1),
    outputChannels: size(input, 1),
    inputSizes: output.slice(2),
    outputSizes: input.slice(2),
    kernel,
    strides,
    dilations,
    padBegins: padBegins(node, totals, 'SAME_UPPER')
  }
}
