import type { Graph } from '../graph.ts'
import type { ElementType } from '../model/element-type.ts'
import { floatAttribute, intAttribute, intsAttribute, stringAttribute } from '../model/node.ts'
import type { GraphNode, Value } from '../model/node.ts'
import { positiveAxis, range, size } from './broadcasting.ts'
import { applyAlongAxis } from './index-map.ts'
import { interpolationMatrix, repetition } from './interpolation.ts'
import type { AxisInterpolation } from './interpolation.ts'
import type { Rule, RuleDefinition } from './rule.ts'

/** What Resize does to each axis. `scales` are those written in the graph, one for each of `axes`, if any are. */
export const resizedAxes = (
  node: GraphNode,
  from: readonly number[],
  to: readonly number[],
  scales: readonly number[] | undefined
): AxisInterpolation[] => {
  const axes = intsAttribute(node, 'axes')?.map((axis) => positiveAxis(axis, from.length)) ?? range(from.length)
  return from.map((inputSize, axis) => {
    const outputSize = size(to, axis)
    const written = scales?.[axes.indexOf(axis)]
    return {
      mode: stringAttribute(node, 'mode', 'nearest'),
      coordinates: stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel'),
      nearest: stringAttribute(node, 'nearest_mode', 'round_prefer_floor'),
      cubicCoefficient: floatAttribute(node, 'cubic_coeff_a', -0.75),
      excludeOutside: intAttribute(node, 'exclude_outside', 0) === 1,
      inputSize,
      outputSize,
      scale: written ?? outputSize / inputSize
    }
  })
}

/** Sums the copies that repeating made, all axes at once. */
const sumCopies = (graph: Graph, value: Value, shape: readonly number[], repeats: readonly number[]): Value => {
  const separate = shape.flatMap((length, axis) => [length / (repeats[axis] ?? 1), repeats[axis] ?? 1])
  const axes = range(shape.length).filter((axis) => (repeats[axis] ?? 1) > 1)
  if (axes.length === 0) return value
  const summed = graph.reduceSum(
    graph.reshape(value, separate),
    axes.map((axis) => 2 * axis + 1)
  )
  return graph.reshape(
    summed,
    shape.map((length, axis) => length / (repeats[axis] ?? 1))
  )
}

const transposedMatrix = (matrix: Float64Array, rows: number, columns: number): Float64Array =>
  matrix.map((_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)] ?? 0)

/** Adjoint of resizing: each axis by its transposed interpolation matrix, or by summing copies. */
export const resizeAdjoint = (
  graph: Graph,
  value: Value,
  axes: readonly AxisInterpolation[],
  type: ElementType
): Value => {
  const changed = axes.map(({ inputSize, outputSize, scale }) => inputSize !== outputSize || scale !== 1)
  const repeats = axes.map((axis, at) => (changed[at] === true ? repetition(axis) : 1))
  let shape = axes.map(({ outputSize }) => outputSize)
  let result = sumCopies(
    graph,
    value,
    shape,
    repeats.map((count) => count ?? 1)
  )
  shape = shape.map((length, at) => length / (repeats[at] ?? 1))
  axes.forEach((axis, at) => {
    if (repeats[at] !== undefined) return
    const { inputSize, outputSize } = axis
    const matrix = transposedMatrix(interpolationMatrix(axis), outputSize, inputSize)
    result = applyAlongAxis(graph, result, shape, at, matrix, inputSize, type)
    shape[at] = inputSize
  })
  return result
}

const resize: Rule = ({ graph, node, x, y, dy, type, shape, input, constant }) => {
  const scales = input(2)
  const written = scales === undefined ? [] : constant(scales)
  const axes = resizedAxes(node, shape(x), shape(y), written.length === 0 ? undefined : written)
  const result = resizeAdjoint(graph, dy, axes, type)
  return node.inputs.map((_, index) => (index === 0 ? result : undefined))
}

const linearModes = new Set(['nearest', 'linear', 'cubic'])
const knownCoordinates = new Set(
  'half_pixel half_pixel_symmetric pytorch_half_pixel asymmetric align_corners'.split(' ')
)

/** Why a Resize can't be written as one matrix an axis. */
export const refusesResize = (node: GraphNode): string | undefined => {
  const mode = stringAttribute(node, 'mode', 'nearest')
  const coordinates = stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel')
  if (intAttribute(node, 'antialias', 0) === 1) return 'it is antialiased'
  if (!linearModes.has(mode)) return `its mode is "${mode}"`
  return knownCoordinates.has(coordinates) ? undefined : `its coordinate transformation is "${coordinates}"`
}

export const resizing: Record<string, RuleDefinition> = { Resize: { gradient: resize, refuses: refusesResize } }
