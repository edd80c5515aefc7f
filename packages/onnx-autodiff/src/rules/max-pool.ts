import type { Graph } from '../graph.ts'
import { elementCount } from '../model/initializer.ts'
import type { Value } from '../model/node.ts'
import { upgradeOpset } from '../opset.ts'
import { range, size } from './broadcasting.ts'
import { combinations, interleave } from './convolution-adjoint.ts'
import type { ConvolutionGeometry } from './convolution-geometry.ts'
import { windowGeometry } from './pooling-window.ts'
import type { Rule, RuleContext } from './rule.ts'
import { zerosOf } from './structure.ts'

// ScatterElements can add since this opset.
const scatterAddOpset = 16

// Below every float32 of a network, and finite: padding can't win.
const lowest = -3.4e38

const overlaps = ({ kernel, strides, dilations }: ConvolutionGeometry): boolean =>
  kernel.some((length, axis) => (length - 1) * size(dilations, axis) + 1 > size(strides, axis))

/** The pool itself says which elements it took: they get the gradient. */
const byIndices: Rule = (context) => {
  const { graph, node, x, y, dy, shape } = context
  const known = node.outputs[1] ?? ''
  const indices = known === '' ? graph.uniqueName(`${y}_indices`) : known
  node.outputs[1] = indices
  const outputs = [elementCount(shape(y))]
  const flat = [graph.reshape(indices, outputs), graph.reshape(dy, outputs)]
  const adds = overlaps(windowGeometry(context))
  if (adds) upgradeOpset(graph, scatterAddOpset)
  const scattered = graph.node('ScatterElements', [zerosOf(context, [elementCount(shape(x))]), ...flat], {
    axis: 0,
    reduction: adds ? 'add' : undefined
  })
  return [graph.reshape(scattered, shape(x))]
}

/** The gradient of each kernel tap: what is left of dy where that tap has the maximum, the first such tap taking it. */
const tapGradients = (context: RuleContext, geometry: ConvolutionGeometry, taps: readonly number[][]): Value[] => {
  const { graph, x, y, dy, type, shape, scalar } = context
  const { inputSizes, outputSizes, strides, dilations, kernel, padBegins, batch } = geometry
  const axes = range(kernel.length).map((axis) => axis + 2)
  const spans = outputSizes.map((length, axis) => (length - 1) * size(strides, axis) + 1)
  const padEnds = kernel.map((length, axis) => {
    const reach = size(spans, axis) + (length - 1) * size(dilations, axis)
    return Math.max(0, reach - size(inputSizes, axis) - (padBegins[axis] ?? 0))
  })
  const values = graph.reshape(x, [batch, 1, ...inputSizes])
  const padded = [...padBegins, ...padEnds].every((pad) => pad === 0)
    ? values
    : graph.pad(values, [0, 0, ...padBegins, 0, 0, ...padEnds], graph.scalar(lowest, type))
  const maximum = graph.reshape(y, [batch, 1, ...shape(y).slice(2)])
  let remaining = graph.reshape(dy, [batch, 1, ...shape(y).slice(2)])
  return taps.map((tap, index) => {
    const starts = tap.map((at, axis) => at * size(dilations, axis))
    const ends = starts.map((start, axis) => start + size(spans, axis))
    const attained = graph.equal(graph.slice(padded, starts, ends, axes, strides), maximum)
    const part = graph.where(attained, remaining, scalar(0))
    if (index < taps.length - 1) remaining = graph.where(attained, scalar(0), remaining)
    return part
  })
}

/** Moves a tensor by `shift` along each spatial axis into `positions` elements, zeros coming in. */
const shifted = (
  graph: Graph,
  value: Value,
  shifts: readonly number[],
  sizes: readonly number[],
  positions: readonly number[]
): Value => {
  const ends = positions.map((count, axis) => count - size(sizes, axis) - (shifts[axis] ?? 0))
  return [...shifts, ...ends].every((pad) => pad === 0) ? value : graph.pad(value, [0, 0, ...shifts, 0, 0, ...ends])
}

/** Without Indices and scattering: each tap's gradient goes to the phase of the stride that it touches. */
const byComparison: Rule = (context) => {
  const { graph, x, shape, type } = context
  const geometry = windowGeometry(context)
  const { kernel, strides, dilations, padBegins, inputSizes, outputSizes, batch } = geometry
  const taps = combinations(kernel.map((length) => range(length)))
  const gradients = tapGradients(context, geometry, taps)
  const positions = inputSizes.map((length, axis) => Math.ceil(length / size(strides, axis)))
  const phases = combinations(strides.map((stride) => range(stride)))
  const parts = phases.map((phase) => {
    const touching = taps.flatMap((tap, index) => {
      const shifts = tap.map((at, axis) => {
        const from = at * size(dilations, axis) - (padBegins[axis] ?? 0) - (phase[axis] ?? 0)
        return from / size(strides, axis)
      })
      const gradient = gradients[index]
      return gradient !== undefined && shifts.every(Number.isInteger) ? [{ gradient, shifts }] : []
    })
    const moved = touching.map(({ gradient, shifts }) => shifted(graph, gradient, shifts, outputSizes, positions))
    const [first, ...rest] = moved
    if (first === undefined) return graph.expand(graph.scalar(0, type), [batch, 1, ...positions])
    return rest.reduce((total, part) => graph.add(total, part), first)
  })
  const joined = parts.length === 1 ? (parts[0] ?? '') : graph.concat(parts, 0)
  return [graph.reshape(interleave(graph, joined, geometry, positions), shape(x))]
}

export const maxPool: Rule = (context) => (context.portable ? byComparison(context) : byIndices(context))
