import type { Graph } from '../graph.ts'
import type { ElementType } from '../model/element-type.ts'
import { elementCount } from '../model/initializer.ts'
import type { Value } from '../model/node.ts'
import { range, sameShape, size } from './broadcasting.ts'
import type { ConvolutionGeometry } from './convolution-geometry.ts'

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b))

/** All tuples with one element of each list, the last list running fastest. */
export const combinations = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists.reduce<T[][]>((tuples, list) => tuples.flatMap((tuple) => list.map((item) => [...tuple, item])), [[]])

/**
 * Along one axis, input positions of one residue modulo the stride receive a stride-1 convolution of the output gradient
 * with every (stride / gcd)-th kernel tap.
 */
interface AxisPhase {
  /** Kernel taps in the order of the flipped sub-kernel. */
  taps: number
  firstTap: number
  tapStep: number
  dilation: number
  /** Zero padding of the output gradient; negative cuts off. */
  padBegin: number
  padEnd: number
}

const axisPhases = (geometry: ConvolutionGeometry, axis: number): (AxisPhase | undefined)[] => {
  const stride = size(geometry.strides, axis)
  const dilation = size(geometry.dilations, axis)
  const kernel = size(geometry.kernel, axis)
  const pad = geometry.padBegins[axis] ?? 0
  const divisor = greatestCommonDivisor(dilation, stride)
  const tapStep = stride / divisor
  const positions = Math.ceil(size(geometry.inputSizes, axis) / stride)
  return range(stride).map((residue) => {
    const firstTap = range(Math.min(kernel, tapStep)).find((tap) => (residue + pad - tap * dilation) % stride === 0)
    if (firstTap === undefined) return undefined
    const taps = Math.ceil((kernel - firstTap) / tapStep)
    const step = dilation / divisor
    const extent = (taps - 1) * step
    const padBegin = extent - (residue + pad - firstTap * dilation) / stride
    const padEnd = positions - size(geometry.outputSizes, axis) + extent - padBegin
    return { taps, firstTap, tapStep, dilation: step, padBegin, padEnd }
  })
}

/** Exchanges the channels of a weight (outputs, inputs a group, kernel): (inputs, outputs a group, kernel). */
const exchangeChannels = (
  graph: Graph,
  weight: Value,
  geometry: ConvolutionGeometry,
  kernel: readonly number[]
): Value => {
  const { groups, inputChannels, outputChannels } = geometry
  const spatial = range(kernel.length)
  if (groups === 1) return graph.transpose(weight, [1, 0, ...spatial.map((axis) => axis + 2)])
  const [inputs, outputs] = [inputChannels / groups, outputChannels / groups]
  const grouped = graph.reshape(weight, [groups, outputs, inputs, ...kernel])
  const exchanged = graph.transpose(grouped, [0, 2, 1, ...spatial.map((axis) => axis + 3)])
  return graph.reshape(exchanged, [inputChannels, outputs, ...kernel])
}

/** The taps of one phase, in flipped order. */
const flippedTaps = (graph: Graph, weight: Value, phases: readonly AxisPhase[]): Value => {
  const last = phases.map(({ firstTap, taps, tapStep }) => firstTap + (taps - 1) * tapStep)
  return graph.slice(
    weight,
    last,
    // Before the first element; a plain -1 would mean the last one.
    phases.map(() => -(2 ** 31)),
    phases.map((_, axis) => axis + 2),
    phases.map(({ tapStep }) => -tapStep)
  )
}

/** A stride-1 convolution whose pads may be negative; undefined where nothing of the input is left. */
const convolveWithPads = (
  graph: Graph,
  value: Value,
  weight: Value,
  phases: readonly AxisPhase[],
  sizes: readonly number[],
  groups: number
): Value | undefined => {
  const starts = phases.map(({ padBegin }) => Math.max(0, -padBegin))
  const ends = phases.map(({ padEnd }, axis) => size(sizes, axis) - Math.max(0, -padEnd))
  if (starts.some((start, axis) => start >= (ends[axis] ?? 0))) return undefined
  const axes = range(phases.length).filter((axis) => starts[axis] !== 0 || ends[axis] !== sizes[axis])
  const pick = (list: readonly number[]): number[] => axes.map((axis) => list[axis] ?? 0)
  const cropped =
    axes.length === 0
      ? value
      : graph.slice(
          value,
          pick(starts),
          pick(ends),
          axes.map((axis) => axis + 2)
        )
  return graph.node('Conv', [cropped, weight], {
    kernel_shape: phases.map(({ taps }) => taps),
    dilations: phases.map(({ dilation }) => dilation),
    pads: [...phases.map(({ padBegin }) => Math.max(0, padBegin)), ...phases.map(({ padEnd }) => Math.max(0, padEnd))],
    group: groups
  })
}

/** (strides…, B C, positions…) -> (B, C, positions x strides…), cut to the input's sizes. */
export const interleave = (
  graph: Graph,
  stacked: Value,
  geometry: ConvolutionGeometry,
  positions: readonly number[]
): Value => {
  const { batch, inputChannels, inputSizes, strides } = geometry
  const rank = strides.length
  const parts = graph.reshape(stacked, [...strides, batch * inputChannels, ...positions])
  const order = [rank, ...range(rank).flatMap((axis) => [rank + 1 + axis, axis])]
  const full = positions.map((count, axis) => count * size(strides, axis))
  const shuffled = graph.reshape(graph.transpose(parts, order), [batch, inputChannels, ...full])
  return fitEnds(graph, shuffled, full, inputSizes)
}

/** Cuts spatial axes, or fills them with zeros, at the end. */
const fitEnds = (graph: Graph, value: Value, sizes: readonly number[], wanted: readonly number[]): Value => {
  if (sameShape(sizes, wanted)) return value
  const axes = range(sizes.length).filter((axis) => size(sizes, axis) > size(wanted, axis))
  const cut =
    axes.length === 0
      ? value
      : graph.slice(
          value,
          axes.map(() => 0),
          axes.map((axis) => size(wanted, axis)),
          axes.map((axis) => axis + 2)
        )
  const missing = wanted.map((length, axis) => Math.max(0, length - size(sizes, axis)))
  if (missing.every((count) => count === 0)) return cut
  return graph.pad(cut, [...Array.from({ length: sizes.length + 4 }, () => 0), ...missing])
}

/** Kernel equal to stride, no padding: every input belongs to one output, so one 1x1x1 convolution does it. */
const patchAdjoint = (graph: Graph, gradient: Value, weight: Value, geometry: ConvolutionGeometry): Value => {
  const { batch, inputChannels, outputChannels, kernel, outputSizes, inputSizes } = geometry
  const rank = kernel.length
  const point = Array.from({ length: rank }, () => 1)
  const taps = elementCount(kernel)
  const byTap = graph.transpose(weight, [...range(rank).map((axis) => axis + 2), 1, 0])
  const pointWeight = graph.reshape(byTap, [taps * inputChannels, outputChannels, ...point])
  const values = graph.node('Conv', [gradient, pointWeight], { kernel_shape: point })
  const parts = graph.reshape(values, [batch, ...kernel, inputChannels, ...outputSizes])
  const order = [0, rank + 1, ...range(rank).flatMap((axis) => [rank + 2 + axis, axis + 1])]
  const full = outputSizes.map((count, axis) => count * size(kernel, axis))
  const shuffled = graph.reshape(graph.transpose(parts, order), [batch, inputChannels, ...full])
  return fitEnds(graph, shuffled, full, inputSizes)
}

/**
 * Adjoint of a convolution with respect to its input, without ConvTranspose: a convolution with the flipped kernel at
 * stride 1, one such convolution for each phase of the stride and a pixel shuffle otherwise (much faster than
 * ConvTranspose, and runs where a provider has none).
 *
 * `gradient` (B, outputs, …), `weight` (outputs, inputs a group, …) -> (B, inputs, …).
 */
export const convolutionInputAdjoint = (
  graph: Graph,
  gradient: Value,
  weight: Value,
  geometry: ConvolutionGeometry,
  type: ElementType
): Value => {
  const { batch, groups, inputChannels, inputSizes, outputSizes, kernel, strides, padBegins, dilations } = geometry
  const strided = strides.some((stride) => stride > 1)
  const undilated = dilations.every((dilation) => dilation === 1)
  if (strided && groups === 1 && undilated && sameShape(kernel, strides) && padBegins.every((pad) => pad === 0)) {
    return patchAdjoint(graph, gradient, weight, geometry)
  }
  const exchanged = exchangeChannels(graph, weight, geometry, kernel)
  const positions = inputSizes.map((length, axis) => Math.ceil(length / size(strides, axis)))
  const zeros = (): Value => graph.expand(graph.scalar(0, type), [batch, inputChannels, ...positions])
  const phases = combinations(range(kernel.length).map((axis) => axisPhases(geometry, axis)))
  const parts = phases.map((phase) => {
    const complete = phase.filter((axis) => axis !== undefined)
    if (complete.length < phase.length) return zeros()
    const taps = flippedTaps(graph, exchanged, complete)
    return convolveWithPads(graph, gradient, taps, complete, outputSizes, groups) ?? zeros()
  })
  const [only] = parts
  if (!strided && only !== undefined) return only
  return interleave(graph, graph.concat(parts, 0), geometry, positions)
}

/** The convolution itself, for the gradient of its adjoint: `input` (B, inputs, …) -> (B, outputs, …). */
export const convolve = (graph: Graph, input: Value, weight: Value, geometry: ConvolutionGeometry): Value => {
  const { groups, inputSizes, outputSizes, kernel, strides, dilations, padBegins } = geometry
  const extents = kernel.map(
    (length, axis) => (size(outputSizes, axis) - 1) * size(strides, axis) + (length - 1) * size(dilations, axis) + 1
  )
  const padEnds = extents.map((extent, axis) => extent - size(inputSizes, axis) - (padBegins[axis] ?? 0))
  const lastNeeded = inputSizes.map((length, axis) => length + Math.min(0, padEnds[axis] ?? 0))
  const fitted = fitEnds(graph, input, inputSizes, lastNeeded)
  return graph.node('Conv', [fitted, weight], {
    kernel_shape: kernel,
    strides,
    dilations,
    group: groups,
    pads: [...padBegins, ...padEnds.map((pad) => Math.max(0, pad))]
  })
}

/**
 * Gradient of a convolution with respect to its weight, one matrix product for each kernel tap: works on every provider
 * and for large volumes, where a convolution with a kernel of the volume's size does not.
 */
export const convolutionWeightAdjoint = (
  graph: Graph,
  input: Value,
  gradient: Value,
  geometry: ConvolutionGeometry
): Value => {
  const { batch, groups, inputChannels, outputChannels, inputSizes, outputSizes, kernel } = geometry
  const { strides, dilations, padBegins } = geometry
  const rank = kernel.length
  const spans = outputSizes.map((length, axis) => (length - 1) * size(strides, axis) + 1)
  const padEnds = kernel.map((length, axis) => {
    const reach = size(spans, axis) + (length - 1) * size(dilations, axis)
    return Math.max(0, reach - size(inputSizes, axis) - (padBegins[axis] ?? 0))
  })
  const padded = [...padBegins, ...padEnds].every((pad) => pad === 0)
    ? input
    : graph.pad(input, [0, 0, ...padBegins, 0, 0, ...padEnds])
  const points = elementCount(outputSizes)
  const inputs = inputChannels / groups
  const outputs = outputChannels / groups
  const rows = graph.reshape(gradient, [batch, groups, outputs, points])
  const columns = graph.transpose(rows, [0, 1, 3, 2])
  const taps = combinations(kernel.map((length) => range(length)))
  const products = taps.map((tap) => {
    const starts = tap.map((at, axis) => at * size(dilations, axis))
    const ends = starts.map((start, axis) => start + size(spans, axis))
    const axes = range(rank).map((axis) => axis + 2)
    const seen = graph.reshape(graph.slice(padded, starts, ends, axes, strides), [batch, groups, inputs, points])
    return graph.unsqueeze(graph.reduceSum(graph.matmul(seen, columns), [0], false), [3])
  })
  const [only] = products
  const stacked = products.length === 1 && only !== undefined ? only : graph.concat(products, 3)
  return graph.reshape(graph.transpose(stacked, [0, 2, 1, 3]), [outputChannels, inputs, ...kernel])
}
